// Which roles a person or a group has of its own before a change, so that undo takes back what the row changed and nothing that was so
// before. The API shows changes of roles up to a minute late, so nothing is left unsent on this account.
import type { RoleAssociation } from '../record.ts';
import type { Address, Answer, ApiRequest, Undo } from './action.ts';
import { directoryPath } from './paths.ts';
import { cursorOf } from './users.ts';

type Roles = readonly RoleAssociation[];
type Holder = readonly ['groups' | 'users', string];

/** Of the wanted roles those that are held directly, or undefined when that can't be read (v1 has no such call). */
export function* readHeld(
  of: Holder,
  wanted: Roles,
  at: Address,
): Generator<ApiRequest, { held: Roles } | undefined, Answer> {
  if (wanted.length === 0) return undefined;
  const all = yield* readAllHeld(of, at);
  if (all === undefined) return undefined;
  const found = new Set(all.held.map(keyOf));
  return { held: wanted.filter((role) => found.has(keyOf(role))) };
}

/** All roles that are held directly; what comes through a group is not among them. Undefined as above. */
export function* readAllHeld(of: Holder, at: Address): Generator<ApiRequest, { held: Roles } | undefined, Answer> {
  if (at.generation === 'v1') return undefined;
  const path = directoryPath(at, ...of, 'role-assignments');
  const held: RoleAssociation[] = [];
  const seen = new Set<string>();
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const answer: Answer = yield {
      method: 'GET',
      path,
      ...(cursor === '' ? {} : { query: { cursor } }),
      repeat: 'read',
    };
    const body = answer.body as { data?: unknown; links?: { next?: unknown } } | undefined;
    if (answer.status !== 200 || !Array.isArray(body?.data)) return undefined;
    held.push(...body.data.flatMap(directOf));
    seen.add(cursor);
    cursor = cursorOf(body.links?.next);
    if (cursor !== undefined && seen.has(cursor)) return undefined;
  }
  return { held };
}

function directOf(entry: unknown): RoleAssociation[] {
  const { resourceId: resource, roleAssignments } = (entry ?? {}) as {
    resourceId?: unknown;
    roleAssignments?: unknown;
  };
  if (typeof resource !== 'string' || !Array.isArray(roleAssignments)) return [];
  return (roleAssignments as { role?: unknown; roleAssignmentMethods?: unknown }[]).flatMap((each) => {
    const isDirect = Array.isArray(each?.roleAssignmentMethods) && each.roleAssignmentMethods.includes('direct');
    return isDirect && typeof each.role === 'string' ? [{ role: each.role, resource }] : [];
  });
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
  return { lost: [`what was held before the run was not read: where somebody ${had}; look before you run it`] };
}
