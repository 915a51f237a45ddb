// Directory: batched look-ups of people and groups, last-active dates, size. Reads nothing twice within a batch.
import type { Address } from '../actions/action.ts';
import { readActivity } from '../actions/users.ts';
import type { Client } from '../client/client.ts';
import { type Activity, foldName, type Group, type Person, type Refused } from '../model.ts';
import { type Choice, chooseGroup, choosePerson, mergePeople } from './resolve-ambiguous.ts';
import { groupOf, type GuardReads, openGuardReads } from './guard-reads.ts';
import { openRoleReads, type RoleReads } from './role-groups.ts';
import { bisectSearch } from './bisect-search.ts';
import { type AccountReads, openAccountReads } from './managed-accounts.ts';
import {
  batchSize,
  listPeople,
  pages,
  readPerson,
  type Search,
  searchPeople,
  searchSizes,
  searchRequest,
  withCursor,
} from './people.ts';

/** The people and groups to look up for a batch of records. E-mails are lower case, names folded by `foldName`. */
export interface LookupRequest {
  readonly emails: ReadonlySet<string>;
  readonly accountIds: ReadonlySet<string>;
  readonly groupNames: ReadonlySet<string>;
  /** Read the groups of each person. */
  readonly memberships: boolean;
  /** Read the product access of each person, where one call can (v2). */
  readonly products: boolean;
}

/** People by e-mail and by account id, groups by folded name. A requested name that is absent does not exist. */
export interface DirectoryResult {
  readonly people: ReadonlyMap<string, Person>;
  readonly groups: ReadonlyMap<string, Group>;
  /** E-mails and folded names that several accounts or groups have, with their ids. These are not in `people` and `groups`. */
  readonly several: ReadonlyMap<string, readonly string[]>;
  /** E-mails, account ids and folded group names that the API refuses to search for. */
  readonly refused: ReadonlyMap<string, Refused>;
}

export interface Directory extends GuardReads, RoleReads, AccountReads {
  readonly address: Address;
  lookUp(request: LookupRequest): Promise<DirectoryResult>;
  /** Drops a group from the cache after a row created or deleted it. */
  forget(groupName: string): void;
  /** Reads a person by account id whom `lookUp` does not show. Null: does not exist. Undefined: unclear. */
  person(accountId: string): Promise<Person | null | undefined>;
  /** Last-active dates; undefined when they can't be read, which does not mean never active. */
  activity(accountId: string): Promise<Activity | undefined>;
  /** Everybody whom the key sees, with product access unless other parts are requested; v1 lists managed accounts only. */
  list(parts?: Pick<LookupRequest, 'memberships' | 'products'>): AsyncIterable<Person>;
  /** Number of people in the directory; undefined on v1, which does not show it. */
  size(): Promise<number | undefined>;
}

/** Opens the directory at an address. */
export function openDirectory(client: Client, address: Address): Directory {
  const groups = new Map<string, Choice<Group> | Refused | null>();
  return {
    address,
    lookUp: async (request) => {
      const several = new Map<string, readonly string[]>();
      const { people, refused } = await lookUpPeople(client, address, { request, several });
      const named = await lookUpGroups(client, address, { request, several, known: groups });
      return { people, groups: named.groups, several, refused: new Map([...refused, ...named.refused]) };
    },
    forget: (name) => void groups.delete(foldName(name)),
    person: (accountId) => readPerson(client, address, accountId),
    activity: (accountId) => lastActive(client, address, accountId),
    list: ({ memberships, products } = { memberships: false, products: true }) =>
      listPeople(client, address, { groups: memberships, products }),
    size: () => count(client, address),
    ...openGuardReads(client, address),
    ...openRoleReads(client, address),
    ...openAccountReads(client),
  };
}

interface LookUp {
  readonly request: LookupRequest;
  readonly several: Map<string, readonly string[]>;
}

/** An e-mail belongs only to the person that a search for it returns, never to a person found by id. */
async function lookUpPeople(client: Client, at: Address, { request, several }: LookUp) {
  const want = { groups: request.memberships, products: request.products };
  const emails = await searchPeople(client, at, { by: 'email', values: [...request.emails], ...want });
  const byEmail = mergePeople(emails.found);
  const people = new Map(byEmail.map((person) => [person.accountId, person]));
  const named = Map.groupBy(byEmail, ({ email = '' }) => email);
  const hidden = new Set(named.get('')?.map(({ accountId }) => accountId));
  for (const email of request.emails) {
    if (emails.refused.has(email)) continue;
    const choice = choosePerson(named.get(email) ?? (await unmask(client, at, { email, hidden, want })));
    if ('one' in choice) people.set(email, choice.one);
    else if (choice.ids.length > 0) several.set(email, choice.ids);
  }
  const rest = [...request.accountIds].filter((id) => !people.has(id));
  const ids = await searchPeople(client, at, { by: 'accountId', values: rest, ...want });
  for (const person of mergePeople(ids.found)) people.set(person.accountId, person);
  return { people, refused: new Map([...emails.refused, ...ids.refused]) };
}

interface Masked {
  readonly email: string;
  /** Account ids in the results whose owners hide their e-mail. */
  readonly hidden: Set<string>;
  readonly want: Pick<Search, 'groups' | 'products'>;
}

/** Searches for one e-mail alone: a single result with a hidden e-mail is the person. */
async function unmask(client: Client, at: Address, { email, hidden, want }: Masked): Promise<Person[]> {
  if (hidden.size === 0) return [];
  const { found } = await searchPeople(client, at, { by: 'email', values: [email], ...want });
  const [only, ...others] = mergePeople(found);
  if (only === undefined || others.length > 0 || !hidden.delete(only.accountId)) return [];
  return [only];
}

type GroupsLookUp = LookUp & { readonly known: Map<string, Choice<Group> | Refused | null> };

async function lookUpGroups(client: Client, at: Address, { request, several, known }: GroupsLookUp) {
  const unknown = [...request.groupNames].filter((name) => !known.has(name));
  const size = searchSizes[at.generation].groupName;
  const searched = await bisectSearch(unknown, size, (names) => searchGroups(client, at, names));
  const named = Map.groupBy(searched.found, ({ name }) => foldName(name));
  for (const name of unknown)
    known.set(name, searched.refused.get(name) ?? (named.has(name) ? chooseGroup(named.get(name) ?? []) : null));
  const groups = new Map<string, Group>();
  const refused = new Map<string, Refused>();
  for (const name of request.groupNames) {
    const choice = known.get(name) ?? null;
    if (choice === null) continue;
    if ('one' in choice) groups.set(name, choice.one);
    else if ('ids' in choice) several.set(name, choice.ids);
    else refused.set(name, choice);
  }
  return { groups, refused };
}

async function searchGroups(client: Client, at: Address, names: readonly string[]): Promise<Group[]> {
  const found: Group[] = [];
  for await (const raw of pages(client, (cursor) => groupSearch(at, names, cursor)))
    found.push(...[groupOf(raw)].filter((group) => group !== undefined));
  return found;
}

function groupSearch(at: Address, names: readonly string[], cursor: string | undefined) {
  const body = at.generation === 'v1' ? { groupNames: { eq: names } } : { groupNames: names, limit: batchSize };
  return searchRequest(at, 'groups', withCursor(body, cursor));
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
    // A TypeError means an answer without the expected data. Any other error is thrown again.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

async function count(client: Client, at: Address): Promise<number | undefined> {
  if (at.generation === 'v1') return undefined;
  const path = ['v2', 'orgs', at.org, 'directories', at.directory, 'users', 'count'];
  // Without the filter, accounts that are in no directory count too.
  const query = at.directory === '-' ? {} : { query: { directoryIds: at.directory } };
  const reply = await client.send({ method: 'GET', path, ...query, retry: 'read', needsBody: true });
  if (reply.kind !== 'answer' || reply.answer.status >= 300) return undefined;
  const body = reply.answer.body as { count?: unknown; data?: { count?: unknown } } | undefined;
  const value = body?.count ?? body?.data?.count;
  return typeof value === 'number' ? value : undefined;
}
