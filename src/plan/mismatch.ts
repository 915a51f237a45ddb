// Finds mismatched rows: the account id of one person with the e-mail of another, or the id of one group with the name of another.
import { actions } from '../actions/action-table.ts';
import type { Directory, DirectoryResult, LookupRequest } from '../directory/directory.ts';
import type { PeopleReader } from '../directory/cache.ts';
import type { LookupResult } from './verdict.ts';
import { foldName, type Generation, type Group, isUuid, type JobRecord, type Person } from '../model.ts';

/** Results of look-ups, with groups that were read by id (keyed by lower-case id). */
export interface FoundAll extends DirectoryResult {
  readonly groupsById: ReadonlyMap<string, Group>;
  /** People whom no search shows, read one by one (v2); undefined when the API does not show the state. */
  readonly unseen?: ReadonlyMap<string, Person | null | undefined>;
}

interface Readers {
  readonly reader: PeopleReader;
  readonly directory: Pick<Directory, 'groupsById'>;
  readonly generation: Generation;
}

/** Looks up the e-mails and names that the first look-up left open, for rows with an id and a name. Makes no call if none is open. */
export async function readOwners(
  records: readonly JobRecord[],
  { found, request }: { found: DirectoryResult; request: LookupRequest },
  { reader, directory, generation }: Readers,
): Promise<FoundAll> {
  const emails = new Set(
    records.filter((record) => isEmailOpen(record, found)).map(({ fields }) => fields.email ?? ''),
  );
  const ids = new Set(records.flatMap((record) => groupIdsToRead(record, found, generation)));
  const none: ReadonlySet<string> = new Set();
  const owners =
    emails.size === 0 ? undefined : await reader.lookUp({ ...request, emails, accountIds: none, groupNames: none });
  const groups = ids.size === 0 ? [] : await directory.groupsById(ids);
  return {
    ...found,
    // Results of the first look-up take precedence.
    ...(owners === undefined
      ? {}
      : {
          people: new Map([...owners.people, ...found.people]),
          several: new Map([...owners.several, ...found.several]),
          refused: new Map([...owners.refused, ...found.refused]),
        }),
    groupsById: new Map(groups.map((group) => [group.groupId.toLowerCase(), group])),
  };
}

/** The directory shows another e-mail for the account id, or none; the owner of the row's e-mail is not read yet. */
function isEmailOpen(record: JobRecord, found: DirectoryResult): boolean {
  const { accountId, email } = record.fields;
  if (!namesPersonTwice(record) || accountId === undefined || email === undefined) return false;
  const isRead = found.people.has(email) || found.several.has(email) || found.refused.has(email);
  return !isRead && !found.refused.has(accountId) && found.people.get(accountId)?.email !== email;
}

/** Ids of groups whose name is open, and on v2, which shows whether a group can be changed, of groups that the API may refuse. */
function groupIdsToRead(record: JobRecord, found: DirectoryResult, generation: Generation): string[] {
  const { groupId, groups = [] } = record.fields;
  const own = groupId === undefined ? [] : [groupId];
  if (generation === 'v1' || actions[record.action].refusal === undefined) return isGroupOpen(record, found) ? own : [];
  return [...own, ...groups.filter((name) => isUuid(name) && !found.groups.has(foldName(name)))];
}

function isGroupOpen(record: JobRecord, { groups, several, refused }: DirectoryResult): boolean {
  if (!namesGroupTwice(record)) return false;
  const name = foldName(record.fields.groupName ?? '');
  return !groups.has(name) && !several.has(name) && !refused.has(name);
}

type Named = Pick<JobRecord, 'action' | 'fields'>;

function namesPersonTwice({ action, fields }: Named): boolean {
  return actions[action].needs.includes('user') && fields.accountId !== undefined && fields.email !== undefined;
}

/** Whether the row has both an id and a name of its person or group. */
export function namesTwice(record: Named): boolean {
  return namesPersonTwice(record) || namesGroupTwice(record);
}

/** Whether the row has both an id and a name of its group. */
export function namesGroupTwice({ action, fields }: Named): boolean {
  return actions[action].needs.includes('group') && fields.groupId !== undefined && fields.groupName !== undefined;
}

/** Why the row is not run: its id and name belong to two people or groups, or the API refuses to search for one of them. */
export function lookupProblemOf(record: JobRecord, found: FoundAll): LookupProblem {
  const person = namesPersonTwice(record) ? ofPerson(record, found) : {};
  const group = namesGroupTwice(record) ? ofGroup(record, found) : {};
  return { ...refusedOf(record, found), ...group, ...person };
}

type LookupProblem = Pick<LookupResult, 'mismatch' | 'refused'>;

/** The first name of the row that the API refuses to search for. */
function refusedOf({ fields }: JobRecord, { refused }: DirectoryResult): LookupProblem {
  if (refused.size === 0) return {};
  const { accountId, email, groupId, groupName, groups = [] } = fields;
  const named = groupId === undefined && groupName !== undefined ? [groupName, ...groups] : groups;
  const names = [accountId ?? email ?? '', ...named.map(foldName)];
  const first = names.map((name) => refused.get(name)).find((each) => each !== undefined);
  return first === undefined ? {} : { refused: first };
}

/**
 * An e-mail that the directory does not show for the account id must belong to that id. An e-mail without an owner is a mismatch
 * only if the directory shows another one for the id: it may be an old address, or the person may have no account.
 */
function ofPerson({ fields }: JobRecord, found: FoundAll): LookupProblem {
  const { accountId: id = '', email = '' } = fields;
  const own = found.people.get(id)?.email;
  if (own === email || found.refused.has(id)) return {};
  const owners = ownersOf(email, found);
  if (owners.includes(id)) return {};
  const shown = own === undefined ? '' : ` (${own} in the directory)`;
  if (owners.length > 0)
    return {
      mismatch: `account id ${id}${shown} and ${email} (account id ${owners.join(', ')}) are two people; ${next}`,
    };
  if (own !== undefined)
    return {
      mismatch: `account id ${id} is ${own} in the directory, and no account is found for ${email}; correct the e-mail, or leave it out if the id is right`,
    };
  const refused = found.refused.get(email);
  return refused === undefined ? {} : { refused };
}

const next = 'correct the row, or leave out the one that is wrong';

function ownersOf(email: string, { people, several }: DirectoryResult): readonly string[] {
  const owner = people.get(email)?.accountId;
  return owner === undefined ? (several.get(email) ?? []) : [owner];
}

function ofGroup({ fields }: JobRecord, found: FoundAll): LookupProblem {
  const { groupId = '', groupName = '' } = fields;
  const [id, name] = [groupId.toLowerCase(), foldName(groupName)];
  const refused = found.refused.get(name);
  if (refused !== undefined) return { refused };
  const named = found.groups.get(name)?.groupId;
  const owners = (named === undefined ? (found.several.get(name) ?? []) : [named]).map((each) => each.toLowerCase());
  if (owners.includes(id)) return {};
  if (owners.length > 0)
    return { mismatch: `group id ${groupId} and ${groupName} (group id ${owners.join(', ')}) are two groups; ${next}` };
  const own = found.groupsById.get(id)?.name;
  if (own === undefined || foldName(own) === name) return {};
  return {
    mismatch: `group id ${groupId} is ${own} in the directory, and no group is called ${groupName}; correct the name, or leave it out if the id is right`,
  };
}
