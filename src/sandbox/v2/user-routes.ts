// The v2 reads of people: search, the older list, one person, count, stats. person-view.ts shapes people, role-assignments.ts has their roles.
import type { Hono } from 'hono';
import { z } from 'zod';
import { directoryOf, isIn, isOrgAdmin, personIn, type Organization } from '../organization.ts';
import { page } from '../http/pagination.ts';
import { ApiError } from '../http/api-errors.ts';
import { pageQuery, queryOf, listOf, choiceOf } from '../http/query.ts';
import { param, searchOf, type RouteContext, type Env } from '../http/request.ts';
import { bareId, orgAdmin } from '../roles-and-ids.ts';
import type { PersonState } from '../state-file.ts';
import { readDirectory } from './directories.ts';
import { composed, isVisible, personView, platformRolesOf } from './person-view.ts';

const sort = z.object({ field: z.literal('nick_name'), direction: z.enum(['asc', 'desc']).default('asc') });
const filters = {
  accountIds: listOf(10),
  directoryIds: listOf(10),
  resourceIds: listOf(20),
  groupIds: listOf(10),
  claimStatus: z.enum(['managed', 'unmanaged']).exactOptional(),
  status: choiceOf(4, ['active', 'suspended', 'not_invited', 'deactivated', 'for_deletion']),
  accountStatus: choiceOf(3, ['active', 'inactive', 'closed']),
  membershipStatus: choiceOf(3, ['active', 'suspended', 'no_membership']),
  roleIds: listOf(10),
  emailDomains: listOf(10),
  searchTerm: z.string().exactOptional(),
};
const wanted = z.object({
  ...filters,
  emails: listOf(100),
  cursor: z.string().exactOptional(),
  limit: z.int().min(1).max(100).default(50),
  expand: z.array(z.string()).default([]),
  sortBy: z.array(sort).min(1).max(1).default([]),
});
type UserFilters = z.output<typeof wanted>;
type Filter = Partial<Omit<UserFilters, 'cursor' | 'limit' | 'expand' | 'sortBy'>>;

const at = '/v2/orgs/:org/directories/:directory/users';

/** Adds the routes to an app whose paths start at `/v2`. */
export function serveUsers(app: Hono<Env>): void {
  app.post(`${at}/search`, search);
  app.get(at, list);
  app.get(`${at}/count`, (c) => c.json({ count: counted(c).length }));
  app.get(`${at}/stats`, (c) => c.json(statsOf(c.env.seen, insiders(c))));
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

/** The people that match the filters of a query. Without `directoryIds`, accounts that are in no directory count too. */
function counted(c: RouteContext): PersonState[] {
  const filter = queryOf(c, filters);
  const directory = readDirectory(c);
  const { seen } = c.env;
  const test = testOf(seen, filter);
  const isCounted = filter.directoryIds === undefined ? isVisible : isIn;
  return [...seen.people.values()].filter((each) => isCounted(each) && isAt(seen, each, directory) && test(each));
}

function isAt(organization: Organization, person: PersonState, directory: string): boolean {
  return directory === '-' || directoryOf(organization, person) === directory;
}

function statsOf(organization: Organization, people: readonly PersonState[]) {
  const admins = people.filter((person) => isOrgAdmin(organization, person)).length;
  const byStatus = Map.groupBy(people, (person) => composed(person).accountStatus);
  const accountStatus = [...byStatus].map(([status, same]) => ({ status, count: same.length }));
  return { roles: [{ roleId: orgAdmin, count: admins }], accountStatus };
}

function search(c: RouteContext) {
  const { cursor, limit, expand, sortBy, ...filter } = searchOf(c, wanted);
  if (filter.searchTerm !== undefined && filter.emails !== undefined) {
    throw new ApiError('body', 'searchTerm and emails exclude each other');
  }
  return pageOf(c, sorted(found(c, filter), sortBy), { cursor, limit, expand });
}

/** The list that search replaces; the vendor serves it until 2027-06-30. It shows what one person's page shows. */
function list(c: RouteContext) {
  const { cursor, limit, ...filter } = queryOf(c, { ...filters, ...pageQuery });
  return pageOf(c, found(c, filter), { cursor, limit, expand: [] });
}

function found(c: RouteContext, filter: Filter): PersonState[] {
  const directory = readDirectory(c);
  const { seen } = c.env;
  const test = testOf(seen, filter);
  return candidates(seen, filter).filter(
    (person) => isVisible(person) && isAt(seen, person, directory) && test(person),
  );
}

function pageOf(
  c: RouteContext,
  people: readonly PersonState[],
  { cursor, limit, expand }: { cursor: string | undefined; limit: number; expand: readonly string[] },
) {
  const { items, next } = page(people, { cursor, limit, list: 'v2-people' });
  const shown = new Set(expand);
  return c.json({
    data: items.map((person) => personView(c.env.seen, person, shown)),
    links: next === undefined ? {} : { next },
  });
}

/** Uses an index if the filter has one, because a search for a hundred people must not scan everybody. */
function candidates({ people, emails }: Organization, filter: Filter): PersonState[] {
  const ids = filter.accountIds ?? filter.emails?.flatMap((email) => emails.get(email.trim().toLowerCase()) ?? []);
  if (ids === undefined) return [...people.values()];
  return [...new Set(ids)].map((id) => people.get(id)).filter((person) => person !== undefined);
}

function sorted(people: PersonState[], sortBy: UserFilters['sortBy']): PersonState[] {
  const [first] = sortBy;
  if (first === undefined) return people;
  const sign = first.direction === 'asc' ? 1 : -1;
  return people.toSorted((one, other) => sign * one.name.localeCompare(other.name));
}

/** All given filters must match; within one filter, any value. */
function testOf(organization: Organization, filter: Filter): (person: PersonState) => boolean {
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
      has(filter.roleIds, ...platformRolesOf(organization, person), ...person.roles.map((role) => role.role)) &&
      has(
        filter.emailDomains?.map((domain) => domain.toLowerCase()),
        email.slice(email.lastIndexOf('@') + 1),
      ) &&
      (emails?.has(email) ?? true) &&
      (term === undefined || `${person.name} ${email}`.toLowerCase().includes(term))
    );
  };
}
