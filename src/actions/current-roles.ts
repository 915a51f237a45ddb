// Reads the direct roles of a person or a group before a change, so that undo reverts only what the row changed and no role that existed
// before. The API shows role changes up to a minute late, so a call is never skipped because of what was read here.
import type { RoleAssociation } from '../model.ts';
import type { Address, Answer, ApiRequest, Undo } from './action.ts';
import { readPages } from './read-pages.ts';
import { directoryPath } from './requests.ts';

type Roles = readonly RoleAssociation[];
type Holder = readonly ['groups' | 'users', string];

/** The wanted roles that are already held directly; undefined when they can't be read (v1 has no such call). */
export function* readRoles(
  of: Holder,
  wanted: Roles,
  at: Address,
): Generator<ApiRequest, { held: Roles } | undefined, Answer> {
  if (wanted.length === 0) return undefined;
  const all = yield* readAllRoles(of, at);
  if (all === undefined) return undefined;
  const resources = new Set(wanted.map(({ resource }) => resource));
  // A role in an unknown notation, such as `user` or a product's own ARI, may be one of the wanted roles.
  if (all.held.some(({ role, resource }) => resources.has(resource) && !role.startsWith('atlassian/')))
    return undefined;
  const found = new Set(all.held.map(keyOf));
  return { held: wanted.filter((role) => found.has(keyOf(role))) };
}

/**
 * All roles that are held directly, not through a group. Undefined when they can't be read, when an entry has an unknown form, or when
 * the list is incomplete: an empty list would mean that there were none.
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
        if (status !== 200 || !Array.isArray(data)) throw new TypeError('the response has no role assignments');
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

/** The roles that the row changed: all of its roles except those that already had the state. Undefined when the state before is unknown. */
export function changedRoles(roles: Roles, result: unknown, verb: 'assign' | 'revoke'): Roles | undefined {
  const held = heldIn(result);
  if (held === undefined) return undefined;
  const before = new Set(held.map(keyOf));
  return roles.filter((role) => before.has(keyOf(role)) === (verb === 'revoke'));
}

/** The roles before the change, from a row's `result`. */
export function heldIn(result: unknown): Roles | undefined {
  const held = typeof result === 'object' && result !== null ? (result as { held?: unknown }).held : undefined;
  return Array.isArray(held) ? (held as Roles) : undefined;
}

/** The number of a row's calls that had succeeded when it stopped halfway; undefined for other rows. */
export function madeIn(result: unknown): number | undefined {
  const callsDone = typeof result === 'object' && result !== null ? (result as { made?: unknown }).made : undefined;
  return typeof callsDone === 'number' ? callsDone : undefined;
}

/** The sentence of undo for roles whose earlier state is unknown. */
export function unsure(verb: 'assign' | 'revoke'): Pick<Undo, 'lost'> {
  const had =
    verb === 'assign'
      ? 'already had one of these roles, this row revokes it'
      : 'never had one of these roles, this row grants it';
  return { lost: [`the roles before the run were not read: if somebody ${had}; check before you run it`] };
}
