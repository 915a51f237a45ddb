// Which roles a person or a group has of its own before a change, so that undo takes back what the row changed and nothing that was so
// before. The API shows changes of roles up to a minute late, so nothing is left unsent on this account.
import type { RoleAssociation } from '../record.ts';
import type { Address, Answer, ApiRequest, Undo } from './action.ts';
import { directoryPath } from './paths.ts';
import { cursorOf } from './users.ts';

type Roles = readonly RoleAssociation[];

/** Of the wanted roles those that are held directly, or undefined when that can't be read (v1 has no such call). */
export function* readHeld(
  of: readonly ['groups' | 'users', string],
  wanted: Roles,
  at: Address,
): Generator<ApiRequest, { held: Roles } | undefined, Answer> {
  if (at.generation === 'v1' || wanted.length === 0) return undefined;
  const path = directoryPath(at, ...of, 'role-assignments');
  const found = new Set<string>();
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
    for (const key of body.data.flatMap(keysOf)) found.add(key);
    seen.add(cursor);
    cursor = cursorOf(body.links?.next);
    if (cursor !== undefined && seen.has(cursor)) return undefined;
  }
  return { held: wanted.filter((role) => found.has(keyOf(role))) };
}

function keysOf(entry: unknown): string[] {
  const { resourceId, roleAssignments } = (entry ?? {}) as { resourceId?: unknown; roleAssignments?: unknown };
  if (typeof resourceId !== 'string' || !Array.isArray(roleAssignments)) return [];
  return (roleAssignments as { role?: unknown; roleAssignmentMethods?: unknown }[]).flatMap((each) => {
    const isDirect = Array.isArray(each?.roleAssignmentMethods) && each.roleAssignmentMethods.includes('direct');
    return isDirect && typeof each.role === 'string' ? [keyOf({ role: each.role, resource: resourceId })] : [];
  });
}

function keyOf({ role, resource }: RoleAssociation): string {
  return `${role}@${resource}`;
}

/** What the row changed: all of the roles without those that were so before. Undefined when nobody has read that. */
export function changedRoles(roles: Roles, result: unknown, verb: 'assign' | 'revoke'): Roles | undefined {
  const held = typeof result === 'object' && result !== null ? (result as { held?: unknown }).held : undefined;
  if (!Array.isArray(held)) return undefined;
  const before = new Set((held as Roles).map(keyOf));
  return roles.filter((role) => before.has(keyOf(role)) === (verb === 'revoke'));
}

/** What undo says when it can't tell. */
export function unsure(verb: 'assign' | 'revoke'): Pick<Undo, 'lost'> {
  const had = verb === 'assign' ? 'already had a role before, this takes it away' : 'never had a role, this gives it';
  return { lost: `what was held before the run was not read: where somebody ${had}; look before you run it` };
}
