// The v2 reads of groups: search by names, ids or a term, and one group.
import type { Hono } from 'hono';
import { z } from 'zod';
import { directoryOf, groupIn, membersOf, type Organization } from '../organization.ts';
import { page } from '../http/pagination.ts';
import { ApiError } from '../http/api-errors.ts';
import { bodyOf, param, type RouteContext, type Env } from '../http/request.ts';
import { bareId, fold } from '../roles-and-ids.ts';
import type { GroupState } from '../state-file.ts';
import { readDirectory } from './directories.ts';

/** A filter of at most `most` values; the maxima are those of the published specification. */
const some = (most: number) => z.array(z.string()).min(1).max(most).exactOptional();
const wanted = z.object({
  accountIds: some(10),
  directoryIds: some(10),
  roleIds: some(10),
  resourceIds: some(20),
  searchTerm: z.string().exactOptional(),
  groupIds: some(10),
  groupNames: some(100),
  cursor: z.string().exactOptional(),
  limit: z.int().min(1).max(100).default(20),
  expand: z.array(z.string()).default([]),
  sortBy: z
    .array(z.object({ field: z.literal('name'), direction: z.enum(['asc', 'desc']).default('asc') }))
    .min(1)
    .max(1)
    .default([]),
});
type Wanted = z.output<typeof wanted>;

const at = '/v2/orgs/:org/directories/:directory/groups';

/** Adds the routes to an app whose paths start at `/v2`. */
export function serveGroups(app: Hono<Env>): void {
  app.post(`${at}/search`, search);
  app.get(`${at}/count`, (c) => {
    const directory = readDirectory(c);
    return c.json({
      count: [...c.env.seen.groups.values()].filter((group) => isAt(c.env.seen, group, directory)).length,
    });
  });
  app.get(`${at}/:group`, (c) => {
    const group = groupIn(c.env.seen, bareId(param(c, 'group')), readDirectory(c));
    return c.json({ data: groupView(c.env.seen, group, new Set(['counts.users', 'counts.resources'])) });
  });
}

function isAt(organization: Organization, group: GroupState, directory: string): boolean {
  return directory === '-' || directoryOf(organization, group) === directory;
}

function search(c: RouteContext) {
  const { cursor, limit, expand, sortBy, ...filter } = bodyOf(c, wanted, 'v2');
  if (filter.groupNames !== undefined && (filter.searchTerm !== undefined || filter.groupIds !== undefined)) {
    throw new ApiError('body', 'groupNames excludes searchTerm and groupIds');
  }
  const directory = readDirectory(c);
  const { seen } = c.env;
  const test = testOf(seen, filter);
  const found = [...seen.groups.values()].filter((group) => isAt(seen, group, directory) && test(group));
  const { items, next } = page(sorted(found, sortBy), { cursor, limit, list: 'v2-groups' });
  const shown = new Set(expand);
  return c.json({
    data: items.map((group) => groupView(seen, group, shown)),
    links: next === undefined ? {} : { next },
  });
}

function sorted(groups: GroupState[], [first]: Wanted['sortBy']): GroupState[] {
  if (first === undefined) return groups;
  const sign = first.direction === 'asc' ? 1 : -1;
  return groups.toSorted((one, other) => sign * one.name.localeCompare(other.name));
}

function testOf(
  organization: Organization,
  filter: Omit<Wanted, 'cursor' | 'limit' | 'expand' | 'sortBy'>,
): (group: GroupState) => boolean {
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
