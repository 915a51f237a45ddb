// The v2 reads of people: search with filters, one person, count, stats. Shapes are people's views; their roles are assignments.ts.
import type { Hono } from 'hono';
import { z } from 'zod';
import { directoryOf, isIn, personIn, type Organization } from '../organization.ts';
import { page } from '../http/pagination.ts';
import { ApiError } from '../http/api-errors.ts';
import { bodyOf, param, type RouteContext, type Env } from '../http/request.ts';
import { bareId, orgAdmin } from '../roles-and-ids.ts';
import type { PersonState } from '../state-file.ts';
import { readDirectory } from './directories.ts';
import { composed, isVisible, personView, platformRolesOf } from './person-view.ts';

/** A filter of at most `most` values; the maxima are those of the published specification. */
const some = (most: number) => z.array(z.string()).min(1).max(most).exactOptional();
const sort = z.object({ field: z.enum(['nick_name', 'name']), direction: z.enum(['asc', 'desc']).default('asc') });
const filters = {
  accountIds: some(10),
  directoryIds: some(10),
  resourceIds: some(20),
  groupIds: some(10),
  claimStatus: z.enum(['managed', 'unmanaged']).exactOptional(),
  status: some(4),
  accountStatus: some(3),
  membershipStatus: some(3),
  roleIds: some(10),
  emailDomains: some(10),
  emails: some(100),
  searchTerm: z.string().exactOptional(),
};
const wanted = z.object({
  ...filters,
  cursor: z.string().exactOptional(),
  limit: z.int().min(1).max(100).default(50),
  expand: z.array(z.string()).default([]),
  sortBy: z.array(sort).min(1).max(1).default([]),
});
type Wanted = z.output<typeof wanted>;

const at = '/v2/orgs/:org/directories/:directory/users';

/** Adds the routes to an app whose paths start at `/v2`. */
export function serveUsers(app: Hono<Env>): void {
  app.post(`${at}/search`, search);
  app.get(`${at}/count`, (c) => c.json({ count: counted(c).length }));
  app.get(`${at}/stats`, (c) => c.json(statsOf(insiders(c))));
  app.get(`${at}/:account`, (c) => {
    const person = personIn(c.env.seen, param(c, 'account'), readDirectory(c));
    return c.json({ data: personView(c.env.seen, person, new Set(['platformRoles', 'counts'])) });
  });
}

function insiders(c: RouteContext): PersonState[] {
  const directory = readDirectory(c);
  const { seen } = c.env;
  return [...seen.people.values()].filter((person) => isIn(person) && isAt(seen, person, directory));
}

const single: ReadonlySet<string> = new Set(['claimStatus', 'searchTerm']);

/** The people that the filters of a query leave. Without `directoryIds`, accounts that are in no directory count too. */
function counted(c: RouteContext): PersonState[] {
  const given = Object.keys(filters).flatMap((name) => {
    const values = c.req.queries(name);
    return values === undefined ? [] : [[name, single.has(name) ? values[0] : values] as const];
  });
  const parsed = z.object(filters).safeParse(Object.fromEntries(given));
  if (!parsed.success) throw new ApiError('parameter', parsed.error.issues[0]?.message ?? 'unreadable filter');
  const directory = readDirectory(c);
  const { seen } = c.env;
  const test = testOf(seen, parsed.data);
  const isCounted = parsed.data.directoryIds === undefined ? isVisible : isIn;
  return [...seen.people.values()].filter((each) => isCounted(each) && isAt(seen, each, directory) && test(each));
}

function isAt(organization: Organization, person: PersonState, directory: string): boolean {
  return directory === '-' || directoryOf(organization, person) === directory;
}

function statsOf(people: readonly PersonState[]) {
  const admins = people.filter((person) => person.orgAdmin).length;
  const byStatus = Map.groupBy(people, (person) => composed(person).accountStatus);
  const accountStatus = [...byStatus].map(([status, same]) => ({ status, count: same.length }));
  return { roles: [{ roleId: orgAdmin, count: admins }], accountStatus };
}

function search(c: RouteContext) {
  const { cursor, limit, expand, sortBy, ...filter } = bodyOf(c, wanted, 'v2');
  if (filter.searchTerm !== undefined && filter.emails !== undefined) {
    throw new ApiError('body', 'searchTerm and emails exclude each other');
  }
  const directory = readDirectory(c);
  const { seen } = c.env;
  const test = testOf(seen, filter);
  const found = candidates(seen, filter).filter(
    (person) => isVisible(person) && isAt(seen, person, directory) && test(person),
  );
  const { items, next } = page(sorted(found, sortBy), { cursor, limit, list: 'v2-people' });
  const shown = new Set(expand);
  return c.json({
    data: items.map((person) => personView(seen, person, shown)),
    links: next === undefined ? {} : { next },
  });
}

/** Through an index where the filter has one: a search for a hundred people must not walk through everybody. */
function candidates({ people, emails }: Organization, filter: Pick<Wanted, 'accountIds' | 'emails'>): PersonState[] {
  const ids = filter.accountIds ?? filter.emails?.flatMap((email) => emails.get(email.trim().toLowerCase()) ?? []);
  if (ids === undefined) return [...people.values()];
  return [...new Set(ids)].map((id) => people.get(id)).filter((person) => person !== undefined);
}

function sorted(people: PersonState[], sortBy: Wanted['sortBy']): PersonState[] {
  const [first] = sortBy;
  if (first === undefined) return people;
  const sign = first.direction === 'asc' ? 1 : -1;
  return people.toSorted((one, other) => sign * one.name.localeCompare(other.name));
}

/** All filters that are there must hold; within one, any value. */
function testOf(
  organization: Organization,
  filter: Omit<Wanted, 'cursor' | 'limit' | 'expand' | 'sortBy'>,
): (person: PersonState) => boolean {
  const has = (values: readonly string[] | undefined, ...own: readonly string[]) =>
    values === undefined || values.some((value) => own.includes(value));
  const emails = filter.emails && new Set(filter.emails.map((email) => email.trim().toLowerCase()));
  const term = filter.searchTerm?.toLowerCase();
  return (person) => {
    const { accountStatus, membershipStatus, status, claimStatus } = composed(person);
    const email = person.email?.toLowerCase() ?? '';
    return (
      has(filter.directoryIds, directoryOf(organization, person)) &&
      has(
        filter.resourceIds,
        ...person.products.map((product) => product.id),
        ...person.roles.map((role) => role.resource),
      ) &&
      has(filter.groupIds?.map(bareId), ...person.groups) &&
      has(filter.claimStatus && [filter.claimStatus], claimStatus) &&
      has(filter.status, status) &&
      has(filter.accountStatus, accountStatus) &&
      has(filter.membershipStatus, membershipStatus) &&
      has(filter.roleIds, ...platformRolesOf(person), ...person.roles.map((role) => role.role)) &&
      has(
        filter.emailDomains?.map((domain) => domain.toLowerCase()),
        email.slice(email.lastIndexOf('@') + 1),
      ) &&
      (emails?.has(email) ?? true) &&
      (term === undefined || `${person.name} ${email}`.toLowerCase().includes(term))
    );
  };
}
