// Reads that guards need: groups by id, the members of a group, and the people of e-mail domains, on both generations.
import type { Address } from '../actions/action.ts';
import { isOrgAdmin, orgAdmin } from '../actions/requests.ts';
import type { Client } from '../client/client.ts';
import { LeaversError } from '../errors.ts';
import type { Group, Person } from '../model.ts';
import { bareId, pages, searchRequest, withCursor } from './people.ts';

/** Most group ids or e-mail domains per search (published maximum of v2). */
const maxIds = 10;
/** Entries of a page of v2. */
const pageSize = 100;

export interface GuardReads {
  /** Account ids of all active organization admins; undefined when the API does not show them (v1, or an unreadable response). */
  admins(): Promise<ReadonlySet<string> | undefined>;
  /** Ids of the groups that make their members organization admins; none on v1, which does not show them. */
  adminGroups(): Promise<ReadonlySet<string>>;
  /** The groups with these ids; an absent id is not in the directory. */
  groupsById(ids: Iterable<string>): Promise<readonly Group[]>;
  /** Account ids of all members of a group. Throws LeaversError `config` when the answer has another form. */
  members(group: Pick<Group, 'groupId' | 'name'>): Promise<readonly string[]>;
  /** Everybody with an address at one of these domains; the e-mail is absent when its owner hides it. */
  peopleAt(domains: Iterable<string>): Promise<readonly Pick<Person, 'accountId' | 'email'>[]>;
}

type Raw = Readonly<Record<string, unknown>>;

/** Opens the reads of guards. Nothing is cached. */
export function openGuardReads(client: Client, at: Address): GuardReads {
  const read = (collection: 'users' | 'groups', body: object) =>
    Array.fromAsync(pages(client, (cursor) => searchRequest(at, collection, withCursor(body, cursor))));
  const isOld = at.generation === 'v1';
  const limit = isOld ? {} : { limit: pageSize };
  return {
    admins: async () => {
      if (isOld) return undefined;
      const found = await read('users', { roleIds: [orgAdmin], expand: ['platformRoles'], ...limit });
      return new Set(
        found.flatMap(({ accountId, status, platformRoles }) =>
          typeof accountId === 'string' && status === 'active' && mayBeAdmin(platformRoles) ? [accountId] : [],
        ),
      );
    },
    adminGroups: async () => {
      const found = isOld ? [] : await read('groups', { roleIds: [orgAdmin], ...limit });
      return new Set(found.flatMap((raw) => groupOf(raw)?.groupId ?? []));
    },
    groupsById: async (ids) => {
      const raws = await inParts(ids, (groupIds) => read('groups', { groupIds, ...limit }));
      return raws.map(groupOf).filter((group) => group !== undefined);
    },
    members: async (group) =>
      isOld
        ? membersShown(await read('groups', { groupIds: [group.groupId], expand: ['USERS'] }), group)
        : idsOf(await read('users', { groupIds: [group.groupId], ...limit }), group),
    peopleAt: async (domains) => {
      const raws = await inParts(domains, (part) =>
        read('users', isOld ? { emailDomains: { eq: part }, expand: ['EMAIL'] } : { emailDomains: part, ...limit }),
      );
      return raws.flatMap(contactOf);
    },
  };
}

/** An API that ignores the filter returns everybody, so the roles are compared too, if shown. */
function mayBeAdmin(platformRoles: unknown): boolean {
  if (!Array.isArray(platformRoles)) return true;
  return platformRoles.some((role) => typeof role !== 'string' || isOrgAdmin(role));
}

/** A group as a search shows it; undefined when it has no id or name. */
export function groupOf(raw: Raw): Group | undefined {
  const { id, groupId, name, description, directoryId, externalSynced, managementAccess } = raw;
  const { deletable, modifiable } = (managementAccess ?? {}) as Raw;
  const found = typeof id === 'string' ? id : groupId;
  if (typeof found !== 'string' || typeof name !== 'string') return undefined;
  return {
    groupId: bareId(found),
    name,
    ...(typeof description === 'string' ? { description } : {}),
    ...(typeof directoryId === 'string' ? { directoryId } : {}),
    ...(typeof externalSynced === 'boolean' ? { synced: externalSynced } : {}),
    ...(typeof deletable === 'boolean' ? { deletable } : {}),
    ...(typeof modifiable === 'boolean' ? { modifiable } : {}),
  };
}

async function inParts<T>(values: Iterable<string>, read: (part: string[]) => Promise<T[]>): Promise<T[]> {
  const all = [...values];
  const found: T[] = [];
  for (let from = 0; from < all.length; from += maxIds) found.push(...(await read(all.slice(from, from + maxIds))));
  return found;
}

/** v1 has no search for the members of a group; it shows them with the group. */
function membersShown(groups: readonly Raw[], group: Pick<Group, 'groupId' | 'name'>): string[] {
  // An API that ignores a filter returns everything.
  const own = groups.filter((raw) => groupOf(raw)?.groupId.toLowerCase() === group.groupId.toLowerCase());
  const users = own.map((raw) => raw['users']);
  if (users.length === 0 || !users.every(Array.isArray)) throw unread(group);
  return idsOf(users.flat() as unknown[], group);
}

function idsOf(people: readonly unknown[], group: Pick<Group, 'name'>): string[] {
  return people.map((person) => {
    const { accountId } = (person ?? {}) as Raw;
    if (typeof accountId !== 'string' || accountId === '') throw unread(group);
    return accountId;
  });
}

function unread({ name }: Pick<Group, 'name'>): LeaversError {
  const message = `refused: the members of group ${name} are to be protected, but the API does not show all of them; list the people themselves`;
  return new LeaversError('refused', message);
}

function contactOf(raw: Raw): Pick<Person, 'accountId' | 'email'>[] {
  const { accountId, email } = raw;
  if (typeof accountId !== 'string') return [];
  return [{ accountId, ...(typeof email === 'string' && email !== '' ? { email } : {}) }];
}
