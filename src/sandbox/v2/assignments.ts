// The v2 reads of role assignments, of a person (own, through groups, on the organization) and of a group.
import type { Hono } from 'hono';
import { directoryOf, groupIn, personIn, type Organization } from '../organization.ts';
import { page } from '../pages.ts';
import { param, type Asked, type Env } from '../visit.ts';
import { bareId } from '../words.ts';
import type { PersonState, Role } from '../state.ts';
import { readDirectory } from './directories.ts';
import { composed, platformRolesOf } from './person.ts';

interface Held extends Role {
  readonly method: 'direct' | 'group_direct';
}

const at = '/v2/orgs/:org/directories/:directory';

/** Adds the routes to an app whose paths start at `/v2`. */
export function serveAssignments(app: Hono<Env>): void {
  app.get(`${at}/users/:account/role-assignments`, (c) => {
    const person = personIn(c.env.seen, param(c, 'account'), readDirectory(c));
    const more = {
      directoryId: directoryOf(c.env.seen, person),
      userDirectoryStatus: composed(person).membershipStatus,
    };
    return list(c, heldBy(c.env.seen, person), more);
  });
  app.get(`${at}/groups/:group/role-assignments`, (c) => {
    const group = groupIn(c.env.seen, bareId(param(c, 'group')), readDirectory(c));
    const held = group.roles.map((role) => ({ ...role, method: 'direct' as const }));
    return list(c, held, { directoryId: directoryOf(c.env.seen, group) });
  });
}

function heldBy({ state, groups }: Organization, person: PersonState): Held[] {
  const organization = `ari:cloud:platform::org/${state.org.id}`;
  return [
    ...platformRolesOf(person).map((role) => ({ role, resource: organization, method: 'direct' as const })),
    ...person.roles.map((role) => ({ ...role, method: 'direct' as const })),
    ...person.groups.flatMap((id) =>
      (groups.get(id)?.roles ?? []).map((role) => ({ ...role, method: 'group_direct' as const })),
    ),
  ];
}

/** One entry a resource. A cursor stands for the whole request: beside it nothing is read. */
function list(c: Asked, held: readonly Held[], more: Readonly<Record<string, string>>) {
  const cursor = c.req.query('cursor');
  const wanted = cursor === undefined ? (c.req.queries('resourceIds') ?? []) : [];
  const entries = [...Map.groupBy(held, ({ resource }) => resource)]
    .filter(([resource]) => wanted.length === 0 || wanted.includes(resource))
    .map(([resource, some]) => entryView(resource, some, more));
  const { items, next } = page(entries, { cursor, limit: 50, list: 'v2-roles' });
  return c.json({ data: items, links: next === undefined ? {} : { next } });
}

function entryView(resourceId: string, held: readonly Held[], more: Readonly<Record<string, string>>) {
  const byRole = Map.groupBy(held, ({ role }) => role);
  const roleAssignments = [...byRole].map(([role, some]) => ({
    role,
    roleAssignmentMethods: [...new Set(some.map(({ method }) => method))],
  }));
  return { resourceId, resourceOwner: resourceId.split(':')[2], ...more, roleAssignments, roles: [...byRole.keys()] };
}
