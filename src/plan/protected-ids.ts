// Resolves guard entries to the ids of people and groups, read from the API before rows are planned. Reports entries that match nobody.
import type { Directory, DirectoryResult } from '../directory/directory.ts';
import { LeaversError } from '../errors.ts';
import { fitsPattern } from './guards.ts';
import type { GuardSettings } from '../config/settings.ts';
import { foldName, type Group, isUuid } from '../model.ts';
import { kindOf } from '../config/protect-list-parser.ts';

/** Guards with the ids behind their entries. */
export interface ResolvedGuards {
  readonly guards: GuardSettings;
  /** Entries that match nobody in the directory, folded; undefined when nothing was looked up. */
  readonly unmatched: readonly string[] | undefined;
}

/**
 * Looks up all entries and the operator. Throws LeaversError `config` when the API refuses to search for an entry, `refused` or
 * StopError when the members of a group can't be read: a guard that can't be applied stops the plan.
 */
export async function resolveGuards(guards: GuardSettings, directory: Directory | undefined): Promise<ResolvedGuards> {
  if (directory === undefined) return { guards, unmatched: undefined };
  const operator = guards.isLogin === true ? undefined : guards.operator;
  const entries = [...guards.protect];
  if (entries.length === 0 && operator === undefined) return { guards, unmatched: [] };
  const listed = [...entries, ...(guards.remarks ?? [])];
  const read = await readEntries(listed, operator, directory);
  const ids = new Map(await Promise.all(listed.map((each) => idsOf(each, read, directory))));
  const operatorIds = operator === undefined ? [] : peopleOf(operator, read.found);
  const missing = [
    ...entries.filter((entry) => ids.get(entry)?.length === 0),
    ...(operator === undefined || operatorIds.length > 0 ? [] : [operator]),
  ];
  for (const entry of missing) refuseUnread(entry, read.found);
  const resolved = listed.flatMap((entry) => (ids.get(entry) ?? []).map((id) => [foldName(id), entry] as const));
  return {
    guards: { ...guards, resolved: new Map(resolved), operatorIds: operatorIds.map(foldName) },
    unmatched: [...new Set(missing)],
  };
}

/** Account ids behind an e-mail or account id. */
function peopleOf(name: string, { people, several }: DirectoryResult): readonly string[] {
  const key = name.includes('@') ? foldName(name) : name;
  const person = people.get(key)?.accountId;
  return person === undefined ? (several.get(key) ?? []) : [person];
}

interface Read {
  readonly found: DirectoryResult;
  /** By lower-case id. */
  readonly groupsById: ReadonlyMap<string, Group>;
  readonly contacts: Awaited<ReturnType<Directory['peopleAt']>>;
}

const nameIn = (entry: string) => (kindOf(entry) === 'members' ? entry.slice('group:'.length) : entry);

/** All look-ups except members, in batches. */
async function readEntries(
  entries: readonly string[],
  operator: string | undefined,
  directory: Directory,
): Promise<Read> {
  const of = (...kinds: ReturnType<typeof kindOf>[]) => entries.filter((entry) => kinds.includes(kindOf(entry)));
  const names = of('name', 'members').map(nameIn);
  const own = operator === undefined ? [] : [operator];
  const isEmail = (name: string) => name.includes('@');
  const found = await directory.lookUp({
    emails: new Set([...of('email'), ...own.filter(isEmail).map(foldName)]),
    accountIds: new Set([...of('id'), ...own.filter((name) => !isEmail(name))]),
    groupNames: new Set(names),
    memberships: false,
    products: false,
  });
  const groupIds = new Set([...of('id'), ...names].filter((id) => isUuid(id) && !found.people.has(id)));
  const domains = new Set(of('pattern').map((pattern) => pattern.slice(pattern.lastIndexOf('@') + 1)));
  const groups = groupIds.size === 0 ? [] : await directory.groupsById(groupIds);
  return {
    found,
    groupsById: new Map(groups.map((group) => [group.groupId.toLowerCase(), group])),
    contacts: domains.size === 0 ? [] : await directory.peopleAt(domains),
  };
}

/** The entry, and the ids of all people and groups that it may stand for. */
async function idsOf(entry: string, read: Read, directory: Directory): Promise<[string, readonly string[]]> {
  const { found, groupsById, contacts } = read;
  const kind = kindOf(entry);
  if (kind === 'pattern')
    return [entry, contacts.filter((each) => fits(each.email, entry)).map((each) => each.accountId)];
  const name = nameIn(entry);
  const people = kind === 'members' ? [] : [found.people.get(name)?.accountId];
  const groups = [found.groups.get(name)?.groupId, groupsById.get(name)?.groupId];
  const ids = [...people, ...groups, ...(found.several.get(name) ?? [])].filter((id) => id !== undefined);
  if (kind !== 'members') return [entry, ids];
  const members = await Promise.all(ids.map((groupId) => directory.members({ groupId, name })));
  // The group itself is protected too; a group without members protects nobody.
  return [entry, members.flat().length === 0 ? [] : [...ids, ...members.flat()]];
}

/** A person with a hidden e-mail was found by the domain, so the pattern may match. */
function fits(email: string | undefined, pattern: string): boolean {
  return email === undefined || fitsPattern(foldName(email), pattern);
}

/** Throws if the API refuses to search for an entry, because it may be a person. */
function refuseUnread(entry: string, { refused }: DirectoryResult): void {
  const refusal = refused.get(nameIn(entry)) ?? refused.get(foldName(entry));
  if (refusal === undefined) return;
  const why = refusal.error.detail ?? refusal.error.title ?? 'without a reason';
  const message = `${entry} is to be protected, but the directory refuses to search for it (HTTP ${refusal.status}: ${why}); correct it`;
  throw new LeaversError('config', message);
}
