// Which roles a person or a group has of its own before a change, so that undo takes back what the row changed and nothing that was so
// before. The API shows changes of roles up to a minute late, so nothing is left unsent on this account.
import type { RoleAssociation } from '../model.ts';
import type { Address, Answer, ApiRequest, Undo } from './action.ts';
import { readPages } from './read-pages.ts';
import { directoryPath } from './requests.ts';

type Roles = readonly RoleAssociation[];
type Holder = readonly ['groups' | 'users', string];

/** Of the wanted roles those that are held directly, or undefined when that can't be read (v1 has no such call). */
export function* readRoles(
  of: Holder,
  wanted: Roles,
  at: Address,
): Generator<ApiRequest, { held: Roles } | undefined, Answer> {
  if (wanted.length === 0) return undefined;
  const all = yield* readAllRoles(of, at);
  if (all === undefined) return undefined;
  const resources = new Set(wanted.map(({ resource }) => resource));
  // A role in another notation, such as `user` or a product's own ARI, may be one of the wanted roles.
  if (all.held.some(({ role, resource }) => resources.has(resource) && !role.startsWith('atlassian/')))
    return undefined;
  const found = new Set(all.held.map(keyOf));
  return { held: wanted.filter((role) => found.has(keyOf(role))) };
}

/**
 * All roles that are held directly, without those that come through a group. Undefined as above, and when an entry has an unknown form or
 * the list has no end: an empty list would mean that nothing was held.
 */
export function* readAllRoles(of: Holder, at: Address): Generator<ApiRequest, { held: Roles } | undefined, Answer> {
  if (at.generation === 'v1') return undefined;
  const path = directoryPath(at, ...of, 'role-assignments');
  const held: RoleAssociation[] = [];
  const rolesOf = of[0] === 'groups' ? rolesOfGroup : rolesOfUser;
  try {
    yield* readPages(
      (cursor) => ({ method: 'GET', path, ...(cursor === undefined ? {} : { query: { cursor } }), retry: 'read' }),
      ({ status, body }) => {
        const { data } = (body ?? {}) as { data?: unknown };
        if (status !== 200 || !Array.isArray(data)) throw new TypeError('the answer holds no role assignments');
        for (const entry of data as readonly (Entry | null)[]) held.push(...rolesOf(entry ?? {}));
        return data;
      },
    );
    return { held };
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** An entry of either list. Published for users: `roleAssignments`; for groups: `roles`, beside a `defaultRole`. */
interface Entry {
  readonly resourceId?: unknown;
  readonly roleAssignments?: unknown;
  readonly roles?: unknown;
}

function rolesOfUser({ resourceId: resource, roleAssignments }: Entry): RoleAssociation[] {
  if (typeof resource !== 'string' || !Array.isArray(roleAssignments)) throw unknownForm();
  return roleAssignments.flatMap((each: { role?: unknown; roleAssignmentMethods?: unknown } | null) => {
    if (typeof each?.role !== 'string' || !Array.isArray(each.roleAssignmentMethods)) throw unknownForm();
    return each.roleAssignmentMethods.includes('direct') ? [{ role: each.role, resource }] : [];
  });
}

function rolesOfGroup({ resourceId: resource, roles }: Entry): RoleAssociation[] {
  if (typeof resource !== 'string' || !Array.isArray(roles)) throw unknownForm();
  return roles.map((role: unknown) => {
    if (typeof role !== 'string') throw unknownForm();
    return { role, resource };
  });
}

function unknownForm(): TypeError {
  return new TypeError('a role assignment has an unknown form');
}

/** A role on a resource as manifests write it. */
export function keyOf({ role, resource }: RoleAssociation): string {
  return `${role}@${resource}`;
}

/** What the row changed: all of the roles without those that were so before. Undefined when nobody has read that. */
export function changedRoles(roles: Roles, result: unknown, verb: 'assign' | 'revoke'): Roles | undefined {
  const held = heldIn(result);
  if (held === undefined) return undefined;
  const before = new Set(held.map(keyOf));
  return roles.filter((role) => before.has(keyOf(role)) === (verb === 'revoke'));
}

/** The roles that were read before, as a row's `result` keeps them. */
export function heldIn(result: unknown): Roles | undefined {
  const held = typeof result === 'object' && result !== null ? (result as { held?: unknown }).held : undefined;
  return Array.isArray(held) ? (held as Roles) : undefined;
}

/** How many of a row's calls, from the first, had gone through when it broke off; undefined when it did not. */
export function madeIn(result: unknown): number | undefined {
  const made = typeof result === 'object' && result !== null ? (result as { made?: unknown }).made : undefined;
  return typeof made === 'number' ? made : undefined;
}

/** What undo says when it can't tell. */
export function unsure(verb: 'assign' | 'revoke'): Pick<Undo, 'lost'> {
  const had = verb === 'assign' ? 'already had a role before, this takes it away' : 'never had a role, this gives it';
  return { lost: [`what was held before the run was not read: where somebody ${had}; check before you run it`] };
}
