// The v2 reads of groups: search by names, ids or a term, the older list, one group, counts.
import type { Hono } from 'hono';
import { z } from 'zod';
import { directoryOf, groupIn, membersOf, type Organization } from '../organization.ts';
import { page } from '../http/pagination.ts';
import { ApiError } from '../http/api-errors.ts';
import { pageQuery, queryOf, listOf } from '../http/query.ts';
import { param, searchOf, type RouteContext, type Env } from '../http/request.ts';
import { bareId, fold } from '../roles-and-ids.ts';
import type { GroupState } from '../state-file.ts';
import { readDirectory } from './directories.ts';

const filters = {
  accountIds: listOf(10),
  directoryIds: listOf(10),
  roleIds: listOf(10),
  resourceIds: listOf(20),
  resourceOwners: listOf(10),
  searchTerm: z.string().exactOptional(),
  groupIds: listOf(10),
};
const wanted = z.object({
  ...filters,
  groupNames: listOf(100),
  cursor: z.string().exactOptional(),
  limit: z.int().min(1).max(100).default(20),
  expand: z.array(z.string()).default([]),
  sortBy: z
    .array(z.object({ field: z.literal('name'), direction: z.enum(['asc', 'desc']).default('asc') }))
    .min(1)
    .max(1)
    .default([]),
});
type GroupFilters = z.output<typeof wanted>;
type Filter = Partial<Omit<GroupFilters, 'cursor' | 'limit' | 'expand' | 'sortBy'>>;

const at = '/v2/orgs/:org/directories/:directory/groups';

/** Adds the routes to an app whose paths start at `/v2`. */
export function serveGroups(app: Hono<Env>): void {
  app.post(`${at}/search`, search);
  app.get(at, list);
  app.get(`${at}/count`, (c) => c.json({ count: found(c, queryOf(c, filters)).length }));
  app.get(`${at}/stats`, (c) => c.json(statsOf(found(c, {}))));
  app.get(`${at}/:group`, (c) => {
    const group = groupIn(c.env.seen, bareId(param(c, 'group')), readDirectory(c));
    return c.json({ data: groupView(c.env.seen, group, new Set(['counts.users', 'counts.resources'])) });
  });
}

function isAt(organization: Organization, group: GroupState, directory: string): boolean {
  return directory === '-' || directoryOf(organization, group) === directory;
}

function search(c: RouteContext) {
  const { cursor, limit, expand, sortBy, ...filter } = searchOf(c, wanted);
  if (filter.groupNames !== undefined && (filter.searchTerm !== undefined || filter.groupIds !== undefined)) {
    throw new ApiError('body', 'groupNames excludes searchTerm and groupIds');
  }
  return pageOf(c, sorted(found(c, filter), sortBy), { cursor, limit, expand });
}

/** The list that search replaces; the vendor serves it until 2027-06-30. */
function list(c: RouteContext) {
  const { cursor, limit, ...filter } = queryOf(c, { ...filters, ...pageQuery });
  return pageOf(c, found(c, filter), { cursor, limit, expand: [] });
}

function found(c: RouteContext, filter: Filter): GroupState[] {
  const directory = readDirectory(c);
  const { seen } = c.env;
  const test = testOf(seen, filter);
  return [...seen.groups.values()].filter((group) => isAt(seen, group, directory) && test(group));
}

function pageOf(
  c: RouteContext,
  groups: readonly GroupState[],
  { cursor, limit, expand }: { cursor: string | undefined; limit: number; expand: readonly string[] },
) {
  const { items, next } = page(groups, { cursor, limit, list: 'v2-groups' });
  const shown = new Set(expand);
  return c.json({
    data: items.map((group) => groupView(c.env.seen, group, shown)),
    links: next === undefined ? {} : { next },
  });
}

function statsOf(groups: readonly GroupState[]) {
  const synced = groups.filter(({ kind }) => kind === 'scim').length;
  const types = [{ type: 'GROUP', count: groups.length }];
  return { totals: { all: groups.length, managed: synced, synced }, types };
}

function sorted(groups: GroupState[], [first]: GroupFilters['sortBy']): GroupState[] {
  if (first === undefined) return groups;
  const sign = first.direction === 'asc' ? 1 : -1;
  return groups.toSorted((one, other) => sign * one.name.localeCompare(other.name));
}

function testOf(organization: Organization, filter: Filter): (group: GroupState) => boolean {
  const names = filter.groupNames && new Set(filter.groupNames.map(fold));
  const ids = filter.groupIds && new Set(filter.groupIds.map(bareId));
  const people = filter.accountIds?.flatMap((id) => organization.people.get(id)?.groups ?? []);
  const term = filter.searchTerm?.toLowerCase();
  return ({ id, name, roles, directory = directoryOf(organization, {}) }) =>
    (names?.has(fold(name)) ?? true) &&
    (ids?.has(id) ?? true) &&
    (people?.includes(id) ?? true) &&
    (filter.directoryIds?.includes(directory) ?? true) &&
    (filter.roleIds === undefined || roles.some(({ role }) => filter.roleIds?.includes(role))) &&
    (filter.resourceOwners === undefined ||
      roles.some(({ resource }) => filter.resourceOwners?.includes(resource.split(':')[2] ?? ''))) &&
    (filter.resourceIds === undefined || roles.some(({ resource }) => filter.resourceIds?.includes(resource))) &&
    (term === undefined || name.toLowerCase().includes(term));
}

function groupView(organization: Organization, group: GroupState, expand: ReadonlySet<string>) {
  const { id, name, description = '', kind, roles } = group;
  const isSynced = kind === 'scim';
  const counts = {
    ...(expand.has('counts.users') ? { users: membersOf(organization, id).length } : {}),
    ...(expand.has('counts.resources') ? { resources: new Set(roles.map(({ resource }) => resource)).size } : {}),
  };
  return {
    id,
    name,
    description,
    directoryId: directoryOf(organization, group),
    externalSynced: isSynced,
    managedBy: isSynced ? 'external' : 'admins',
    managementAccess: { deletable: kind === 'normal', modifiable: !isSynced, readable: true },
    ...(Object.keys(counts).length === 0 ? {} : { counts }),
    links: {},
  };
}
