// Who is who: batched look-up of people and groups, last-active dates, the size of the organization. Asks nothing twice within a batch.
import type { Address } from '../actions/action.ts';
import { readActivity } from '../actions/users.ts';
import type { Client } from '../client/reply.ts';
import type { Activity, Group, Person } from '../record.ts';
import { bareId, batch, listPeople, pages, searchPeople } from './people.ts';

/** Whom a batch of records is about. E-mails are lower case, names folded by `foldName`. */
export interface Wanted {
  readonly emails: ReadonlySet<string>;
  readonly accountIds: ReadonlySet<string>;
  readonly groupNames: ReadonlySet<string>;
  /** Read the groups of each person. */
  readonly memberships: boolean;
  /** Read the product access of each person, where one call can (v2). */
  readonly products: boolean;
}

/** People by e-mail and by account id, groups by folded name; what is absent was asked for and is not there. */
export interface Found {
  readonly people: ReadonlyMap<string, Person>;
  readonly groups: ReadonlyMap<string, Group>;
}

export interface Directory {
  readonly address: Address;
  lookUp(wanted: Wanted): Promise<Found>;
  /** Forgets a group, because a row has just made or deleted it. */
  forget(groupName: string): void;
  /** When somebody was last active; undefined when that can't be read, which is never the same as never. */
  activity(accountId: string): Promise<Activity | undefined>;
  /** Everybody whom the key sees; v1 lists managed accounts only. */
  list(): AsyncIterable<Person>;
  /** How many people the organization has; undefined when the API can't tell (v1). */
  size(): Promise<number | undefined>;
}

/** Group names are the same when they differ in case or spaces around only. */
export function foldName(name: string): string {
  return name.normalize('NFC').trim().toLowerCase();
}

/** A directory at a settled address. */
export function openDirectory(client: Client, address: Address): Directory {
  const groups = new Map<string, Group | null>();
  return {
    address,
    lookUp: async (wanted) => ({
      people: await lookUpPeople(client, address, wanted),
      groups: await lookUpGroups(client, address, { names: wanted.groupNames, known: groups }),
    }),
    forget: (name) => void groups.delete(foldName(name)),
    activity: (accountId) => lastActive(client, address, accountId),
    list: () => listPeople(client, address),
    size: () => count(client, address),
  };
}

async function lookUpPeople(client: Client, at: Address, wanted: Wanted): Promise<Map<string, Person>> {
  const people = new Map<string, Person>();
  const want = { groups: wanted.memberships, products: wanted.products };
  const byEmail = await searchPeople(client, at, { by: 'email', values: [...wanted.emails], ...want });
  const seen = new Set(byEmail.map((person) => person.accountId));
  const rest = [...wanted.accountIds].filter((id) => !seen.has(id));
  const byId = await searchPeople(client, at, { by: 'accountId', values: rest, ...want });
  for (const person of [...byEmail, ...byId]) {
    people.set(person.accountId, person);
    if (person.email !== undefined) people.set(person.email, person);
  }
  return people;
}

interface GroupsWanted {
  readonly names: ReadonlySet<string>;
  readonly known: Map<string, Group | null>;
}

async function lookUpGroups(client: Client, at: Address, { names, known }: GroupsWanted): Promise<Map<string, Group>> {
  const unknown = [...names].filter((name) => !known.has(name));
  for (let from = 0; from < unknown.length; from += batch) {
    const some = unknown.slice(from, from + batch);
    for (const name of some) known.set(name, null);
    for await (const raw of pages(client, (cursor) => groupSearch(at, some, cursor))) {
      const group = groupOf(raw);
      if (group !== undefined) known.set(foldName(group.name), group);
    }
  }
  return new Map([...names].flatMap((name) => (known.get(name) ? [[name, known.get(name) as Group]] : [])));
}

function groupSearch(at: Address, names: readonly string[], cursor: string | undefined) {
  const body = at.generation === 'v1' ? { groupNames: { eq: names } } : { groupNames: names, limit: batch };
  const path =
    at.generation === 'v1'
      ? ['v1', 'orgs', at.org, 'groups', 'search']
      : ['v2', 'orgs', at.org, 'directories', at.directory, 'groups', 'search'];
  return {
    method: 'POST',
    path,
    body: cursor === undefined ? body : { ...body, cursor },
    repeat: 'read',
    needsBody: true,
  } as const;
}

function groupOf(raw: Readonly<Record<string, unknown>>): Group | undefined {
  const { id, groupId, name, description, directoryId, externalSynced } = raw;
  const found = typeof id === 'string' ? id : groupId;
  if (typeof found !== 'string' || typeof name !== 'string') return undefined;
  return {
    groupId: bareId(found),
    name,
    ...(typeof description === 'string' ? { description } : {}),
    ...(typeof directoryId === 'string' ? { directoryId } : {}),
    ...(typeof externalSynced === 'boolean' ? { synced: externalSynced } : {}),
  };
}

async function lastActive(client: Client, at: Address, accountId: string): Promise<Activity | undefined> {
  const reading = readActivity(at, accountId);
  try {
    let step = reading.next();
    while (!step.done) {
      const reply = await client.send(step.value);
      if (reply.kind !== 'answer' || reply.answer.status >= 300) return undefined;
      step = reading.next(reply.answer);
    }
    return step.value;
  } catch (error) {
    // An answer without the data it is asked for; what stops the run goes on up.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

async function count(client: Client, at: Address): Promise<number | undefined> {
  if (at.generation === 'v1') return undefined;
  const path = ['v2', 'orgs', at.org, 'directories', at.directory, 'users', 'count'];
  const reply = await client.send({ method: 'GET', path, repeat: 'read', needsBody: true });
  if (reply.kind !== 'answer' || reply.answer.status >= 300) return undefined;
  const body = reply.answer.body as { count?: unknown; data?: { count?: unknown } } | undefined;
  const value = body?.count ?? body?.data?.count;
  return typeof value === 'number' ? value : undefined;
}
