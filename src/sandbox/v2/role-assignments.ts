// The v2 reads of role assignments, of a person (own, through groups, on the organization) and of a group.
import type { Hono } from 'hono';
import { directoryOf, groupIn, personIn, type Organization } from '../organization.ts';
import { page } from '../http/pagination.ts';
import { pageQuery, queryOf, listOf } from '../http/query.ts';
import { param, type RouteContext, type Env } from '../http/request.ts';
import { bareId, orgAdmin, siteAdmin } from '../roles-and-ids.ts';
import type { PersonState, Role } from '../state-file.ts';
import { readDirectory } from './directories.ts';
import { composed } from './person-view.ts';

interface Held extends Role {
  readonly method: 'direct' | 'group_direct';
}

const filters = { directoryIds: listOf(10), resourceIds: listOf(20), resourceOwners: listOf(10), roleIds: listOf(10) };

const at = '/v2/orgs/:org/directories/:directory';

/** Adds the routes to an app whose paths start at `/v2`. */
export function serveAssignments(app: Hono<Env>): void {
  app.get(`${at}/users/:account/role-assignments`, (c) => {
    const person = personIn(c.env.seen, param(c, 'account'), readDirectory(c));
    const inDirectory = {
      directoryId: directoryOf(c.env.seen, person),
      userDirectoryStatus: composed(person).membershipStatus,
    };
    // A role on the organization belongs to no directory.
    const more = (resource: string) =>
      resource.includes('::org/') ? { directoryId: null, userDirectoryStatus: null } : inDirectory;
    return list(c, heldBy(c.env.seen, person), (resource, roles) => ({
      ...personEntry(resource, roles),
      ...more(resource),
    }));
  });
  app.get(`${at}/groups/:group/role-assignments`, (c) => {
    const group = groupIn(c.env.seen, bareId(param(c, 'group')), readDirectory(c));
    return list(c, group.roles, groupEntry);
  });
}

function heldBy({ state, groups }: Organization, person: PersonState): Held[] {
  const organization = `ari:cloud:platform::org/${state.org.id}`;
  const own = [...(person.orgAdmin ? [orgAdmin] : []), ...(person.siteAdmin ? [siteAdmin] : [])];
  return [
    ...own.map((role) => ({ role, resource: organization, method: 'direct' as const })),
    ...person.roles.map((role) => ({ ...role, method: 'direct' as const })),
    ...person.groups.flatMap((id) =>
      (groups.get(id)?.roles ?? []).map((role) => ({ ...role, method: 'group_direct' as const })),
    ),
  ];
}

/** One entry per resource. A cursor contains the whole request, so other parameters are ignored. */
function list<T extends Role>(
  c: RouteContext,
  held: readonly T[],
  view: (resource: string, roles: readonly T[]) => object,
) {
  const { cursor, limit, ...filter } = queryOf(c, { ...filters, ...pageQuery });
  const { resourceIds, resourceOwners, roleIds } = cursor === undefined ? filter : {};
  const isWanted = ({ resource, role }: Role) =>
    (resourceIds?.includes(resource) ?? true) &&
    (resourceOwners?.includes(ownerOf(resource) ?? '') ?? true) &&
    (roleIds?.includes(role) ?? true);
  const entries = [...Map.groupBy(held.filter(isWanted), ({ resource }) => resource)].map(([resource, roles]) =>
    view(resource, roles),
  );
  const { items, next } = page(entries, { cursor, limit, list: 'v2-roles' });
  return c.json({ data: items, links: next === undefined ? {} : { next } });
}

const ownerOf = (resourceId: string) => resourceId.split(':')[2];

function personEntry(resourceId: string, held: readonly Held[]) {
  const byRole = Map.groupBy(held, ({ role }) => role);
  const roleAssignments = [...byRole].map(([role, roles]) => ({
    role,
    roleAssignmentMethods: [...new Set(roles.map(({ method }) => method))],
  }));
  return { resourceId, resourceOwner: ownerOf(resourceId), roleAssignments, roles: [...byRole.keys()] };
}

/** A group's entry has no directory and no assignment method, because its roles are direct. */
function groupEntry(resourceId: string, held: readonly Role[]) {
  const roles = held.map(({ role }) => role);
  return { resourceId, resourceOwner: ownerOf(resourceId), defaultRole: null, roles };
}
