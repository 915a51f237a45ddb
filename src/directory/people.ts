// Looks people up in batches, by e-mail or account id, on both generations. What the API does not show stays undefined.
import type { Address, ApiRequest } from '../actions/action.ts';
import { isOrgAdmin } from '../actions/requests.ts';
import { productAccess } from '../actions/users.ts';
import type { Client } from '../client/client.ts';
import { StopError } from '../errors.ts';
import type { Person, ProductAccess } from '../model.ts';
import { type Searched, bisectSearch, SearchRefused } from './bisect-search.ts';
import { type Answered, listPages } from './list-pages.ts';

/** Entries of a page, and people or rows of a batch. */
export const batchSize = 100;

/** Most values per search, as published. */
export const searchSizes = {
  v1: { email: 100, accountId: 100, groupName: 100 },
  v2: { email: 100, accountId: 10, groupName: 100 },
} as const;

/** People to look up, and the parts to read beside status and admin. E-mails are lower case. */
export interface Search {
  readonly by: 'email' | 'accountId';
  readonly values: readonly string[];
  readonly groups: boolean;
  readonly products: boolean;
}

type Raw = Readonly<Record<string, unknown>>;

/** Looks people up, as many per call as the API accepts. A person who is not in the result is not in the directory, as far as this key can see. */
export async function searchPeople(client: Client, at: Address, search: Search): Promise<Searched<Person>> {
  const read = at.generation === 'v1' ? personOfV1 : personOfV2;
  const ask = async (values: readonly string[]) =>
    (await Array.fromAsync(pages(client, (cursor) => request(at, { ...search, values }, cursor)))).map(read);
  return await bisectSearch(search.values, searchSizes[at.generation][search.by], ask);
}

/**
 * Reads one person of v2 whom no search shows. Null: does not exist. Undefined: the response is unclear,
 * or v1, which has no such read.
 */
export async function readPerson(client: Client, at: Address, accountId: string): Promise<Person | null | undefined> {
  if (at.generation === 'v1') return undefined;
  const path = ['v2', 'orgs', at.org, 'directories', at.directory, 'users', accountId];
  const reply = await client.send({ method: 'GET', path, retry: 'read', needsBody: true });
  if (reply.kind !== 'answer') return undefined;
  const { status, code, body } = reply.answer;
  if (status === 404) return code === undefined ? undefined : null;
  const { data } = (body ?? {}) as { data?: Raw | null };
  return status < 300 && data?.['accountId'] === accountId ? personOfV2(data) : undefined;
}

/** Everybody in the directory, a page at a time, with admin roles and the requested parts if one call shows them (v2). */
export async function* listPeople(
  client: Client,
  at: Address,
  wanted: Pick<Search, 'groups' | 'products'>,
): AsyncGenerator<Person> {
  if (at.generation === 'v1') {
    yield* listManaged(client, at);
    return;
  }
  const body = { limit: batchSize, expand: expandOf(wanted) };
  const pageFrom = (cursor?: string) => searchRequest(at, 'users', withCursor(body, cursor));
  for await (const raw of pages(client, pageFrom)) yield personOfV2(raw);
}

/** v1 lists managed accounts without their membership, so each page is looked up too. */
async function* listManaged(client: Client, at: Address): AsyncGenerator<Person> {
  const path = ['v1', 'orgs', at.org, 'users'];
  const pageFrom = (cursor?: string): ApiRequest => ({
    method: 'GET',
    path,
    retry: 'read',
    needsBody: true,
    ...(cursor ? { query: { cursor } } : {}),
  });
  let batch: Person[] = [];
  for await (const raw of pages(client, pageFrom)) {
    batch.push(managedPerson(raw));
    if (batch.length < batchSize) continue;
    yield* await withMembership(batch, client, at);
    batch = [];
  }
  yield* await withMembership(batch, client, at);
}

async function withMembership(people: readonly Person[], client: Client, at: Address): Promise<Person[]> {
  const values = people.map(({ accountId }) => accountId);
  const { found } = await searchPeople(client, at, { by: 'accountId', values, groups: false, products: true });
  const byId = new Map(found.map((person) => [person.accountId, person]));
  return people.map((person) => ({ ...person, ...byId.get(person.accountId) }));
}

function request(at: Address, search: Search, cursor: string | undefined): ApiRequest {
  const body = at.generation === 'v1' ? bodyV1(search) : bodyV2(search);
  return searchRequest(at, 'users', withCursor(body, cursor));
}

/** A search for people or groups, at the address of the generation. */
export function searchRequest(at: Address, collection: 'users' | 'groups', body: object): ApiRequest {
  const path =
    at.generation === 'v1'
      ? ['v1', 'orgs', at.org, collection, 'search']
      : ['v2', 'orgs', at.org, 'directories', at.directory, collection, 'search'];
  return { method: 'POST', path, body, retry: 'read', needsBody: true };
}

/** The body of one page of a search; the first page has no cursor. */
export function withCursor(body: object, cursor: string | undefined): object {
  return cursor === undefined ? body : { ...body, cursor };
}

function bodyV2({ by, values, ...wanted }: Search) {
  return { [by === 'email' ? 'emails' : 'accountIds']: values, limit: batchSize, expand: expandOf(wanted) };
}

function expandOf({ groups, products }: Pick<Search, 'groups' | 'products'>): string[] {
  return ['platformRoles', ...(groups ? ['groups'] : []), ...(products ? ['productAccess'] : [])];
}

/** v1 searches by parts of an address, so a batch requests all combinations and the caller keeps exact matches. */
function bodyV1({ by, values, groups, products }: Search) {
  const expand = ['NAME', 'EMAIL', ...(groups ? ['GROUPS'] : []), ...(products ? ['PRODUCT_LAST_ACCESS'] : [])];
  if (by === 'accountId') return { accountIds: values, expand };
  const names = new Set(values.map((email) => email.slice(0, email.lastIndexOf('@'))));
  const domains = new Set(values.map((email) => email.slice(email.lastIndexOf('@') + 1)));
  return { emailUsernames: { eq: [...names] }, emailDomains: { eq: [...domains] }, expand };
}

/** Statuses that refuse the searched values, not the search itself. */
const aboutNames: ReadonlySet<number> = new Set([400, 413, 422]);

/** All entries of a paged search. Throws SearchRefused or StopError when it can't be read to its end. */
export async function* pages(client: Client, next: (cursor: string | undefined) => ApiRequest): AsyncGenerator<Raw> {
  for await (const page of listPages(client, { name: 'the directory', request: next, entriesOf })) yield* page;
}

function entriesOf({ answer, error }: Answered): readonly Raw[] {
  const { data } = (answer.body ?? {}) as { data?: unknown };
  if (answer.status < 300 && Array.isArray(data)) return data as Raw[];
  const message = `the directory could not be searched (HTTP ${answer.status}${answer.text ? `: ${answer.text}` : ''}); no row can be planned without it`;
  if (error !== undefined && aboutNames.has(answer.status))
    throw new SearchRefused(message, { status: answer.status, error });
  throw new StopError('stopped', message);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Fields with the same name in both generations. */
function common(raw: Raw) {
  const [email, name, accountType, addedToOrg] = [raw['email'], raw['name'], raw['accountType'], raw['addedToOrg']].map(
    text,
  );
  return {
    accountId: text(raw['accountId']) ?? '',
    ...(email === undefined ? {} : { email: email.normalize('NFC').trim().toLowerCase() }),
    ...(name === undefined ? {} : { name }),
    ...(accountType === undefined ? {} : { accountType }),
    ...(addedToOrg === undefined ? {} : { addedToOrg }),
    ...(Array.isArray(raw['groups']) ? { groups: raw['groups'].flatMap(groupOf) } : {}),
    ...(Array.isArray(raw['productAccess']) ? { products: raw['productAccess'].map(productOf) } : {}),
  };
}

const statuses: Readonly<Record<string, Person['status']>> = {
  active: 'active',
  suspended: 'suspended',
  deactivated: 'deactivated',
  inactive: 'deactivated',
  closed: 'deactivated',
  for_deletion: 'deactivated',
  not_invited: 'not-invited',
  no_membership: 'not-invited',
};

/** Of the account as a whole; absent when the answer does not say it in a known word. */
function accountStatusOf(value: unknown): Pick<Person, 'accountStatus'> {
  const status = statuses[text(value) ?? ''];
  return status === 'active' || status === 'deactivated' ? { accountStatus: status } : {};
}

function personOfV2(raw: Raw): Person {
  const roles: unknown = raw['platformRoles'];
  const named = Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [];
  // A role that is not text may be any role.
  const isKnown = Array.isArray(roles) && named.length === roles.length;
  const admin = isKnown ? named.some(isOrgAdmin) : undefined;
  // `accountStatus` stays active after a suspension; the composite `status` and the membership show it.
  const status = statuses[text(raw['status']) ?? ''] ?? statuses[text(raw['membershipStatus']) ?? ''] ?? 'unknown';
  const accountStatus = accountStatusOf(raw['accountStatus'] ?? (status === 'deactivated' ? 'inactive' : undefined));
  return { ...common(raw), ...accountStatus, status, admin, ...(named.length === 0 ? {} : { platformRoles: named }) };
}

function personOfV1(raw: Raw): Person {
  const account = statuses[text(raw['accountStatus']) ?? ''];
  const suspended = raw['statusInUserbase'] === false;
  const status =
    account === 'deactivated'
      ? account
      : suspended
        ? 'suspended'
        : raw['statusInUserbase'] === true
          ? 'active'
          : 'unknown';
  const shown = raw['productLastAccess'];
  return {
    ...common(raw),
    ...accountStatusOf(raw['accountStatus']),
    status,
    admin: undefined,
    ...(Array.isArray(shown) ? { shownProducts: shown.map(shownProduct) } : {}),
  };
}

function shownProduct(value: unknown): ProductAccess {
  const { cloudSiteId, productKey, lastActiveTimestamp } = (value ?? {}) as Raw;
  return productAccess(cloudSiteId, productKey, lastActiveTimestamp);
}

/** An entry of v1's list of managed accounts: snake case, and only the status of the account. */
function managedPerson(raw: Raw): Person {
  const named = {
    accountId: raw['account_id'],
    accountType: raw['account_type'],
    name: raw['name'],
    email: raw['email'],
  };
  return { ...common(named), status: statuses[text(raw['account_status']) ?? ''] ?? 'unknown', admin: undefined };
}

function groupOf(value: unknown): { id: string; name: string }[] {
  const { id, name } = (value ?? {}) as Raw;
  return typeof id === 'string' ? [{ id: bareId(id), name: text(name) ?? '' }] : [];
}

/** Ids of groups come as `ari:cloud:identity::group/<uuid>` too. */
export function bareId(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

function productOf(value: unknown): ProductAccess {
  const { id, key, lastActiveTimestamp, lastActive } = (value ?? {}) as Raw;
  return productAccess(id, key, lastActiveTimestamp ?? lastActive);
}
