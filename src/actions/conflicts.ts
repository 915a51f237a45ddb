// What a record says about the world afterwards, and which earlier sayings it contradicts: the rules, as data. Memory is judge.ts.
import { actions } from './table.ts';
import { type ActionName, type Fields, foldName } from '../model.ts';
import type { Valid } from '../manifest/rows/validate.ts';

/** A statement about one subject: `says` is remembered, and any of `denies` said earlier is a contradiction. */
export interface Claim {
  /** Names the subject: a person, a group, a membership, a role. */
  readonly subject: string;
  readonly says?: Saying;
  readonly denies: readonly Saying[];
}

/** Sayings by number, and the words for the row that said it. */
export const sayings = {
  suspended: 'suspends the same person',
  restored: 'restores the same person',
  removed: 'removes the same person, after which nothing can be changed about them',
  member: 'adds the same person to the same group',
  outsider: 'takes the same person out of the same group',
  granted: 'gives the same role',
  revoked: 'takes the same role away',
  deleted: 'deletes the same group, after which nothing can be changed about it',
} as const;
export type Saying = keyof typeof sayings;

interface Stance {
  readonly about: 'person' | 'group' | 'membership' | 'role';
  readonly says: Saying;
  readonly denies: readonly Saying[];
}

/** What each action says, beside that its person is not removed and its group not deleted. */
const stances: Readonly<Partial<Record<ActionName, Stance>>> = {
  'suspend-user': { about: 'person', says: 'suspended', denies: ['restored', 'removed'] },
  'restore-user': { about: 'person', says: 'restored', denies: ['suspended', 'removed'] },
  'remove-user': { about: 'person', says: 'removed', denies: [] },
  'delete-group': { about: 'group', says: 'deleted', denies: [] },
  'add-user-to-group': { about: 'membership', says: 'member', denies: ['outsider'] },
  'remove-user-from-group': { about: 'membership', says: 'outsider', denies: ['member'] },
  'assign-group-roles': { about: 'role', says: 'granted', denies: ['revoked'] },
  'revoke-group-roles': { about: 'role', says: 'revoked', denies: ['granted'] },
  'grant-user-role': { about: 'role', says: 'granted', denies: ['revoked'] },
  'revoke-user-role': { about: 'role', says: 'revoked', denies: ['granted'] },
};

/** Sayings of these actions that others of them deny: only rows about these are worth remembering. */
export function contested(present: readonly ActionName[]): ReadonlySet<Saying> {
  const denied = new Set(present.flatMap(denialsOf));
  const said = present.flatMap((action) => stances[action]?.says ?? []);
  return new Set(said.filter((saying) => denied.has(saying)));
}

function denialsOf(action: ActionName): readonly Saying[] {
  if (actions[action].risk === 'reads') return [];
  const stance = stances[action];
  const { needs, takes } = actions[action];
  const person = needs.includes('user') || needs.includes('email') ? noneRemoved : [];
  const group = needs.includes('group') || needs.includes('groupName') || takes.includes('groups') ? noneDeleted : [];
  return [
    ...(stance?.denies ?? []),
    ...(stance?.about === 'person' ? [] : person),
    ...(stance?.about === 'group' ? [] : group),
  ];
}

const noneRemoved: readonly Saying[] = ['removed'];
const noneDeleted: readonly Saying[] = ['deleted'];

/** All claims of a row. A subject known by id and by name is claimed under both. Reading claims nothing. */
export function claimsOf({ action, fields }: Pick<Valid, 'action' | 'fields'>): Claim[] {
  if (actions[action].risk === 'reads') return [];
  const people = peopleOf({ fields });
  const groups = both('group', fields.groupId?.toLowerCase(), named(fields.groupName));
  const stance = stances[action];
  const claims: Claim[] = [];
  for (const subject of people)
    claims.push(stance?.about === 'person' ? { subject, ...stance } : { subject, denies: noneRemoved });
  for (const subject of groups)
    claims.push(stance?.about === 'group' ? { subject, ...stance } : { subject, denies: noneDeleted });
  for (const name of fields.groups ?? []) claims.push({ subject: `group ${foldName(name)}`, denies: noneDeleted });
  if (stance?.about === 'membership')
    for (const person of people) for (const group of groups) claims.push({ subject: `${person} ${group}`, ...stance });
  if (stance?.about === 'role')
    for (const holder of people.length > 0 ? people : groups)
      for (const role of rolesOf(fields)) claims.push({ subject: `${holder} ${role}`, ...stance });
  return claims;
}

/** The person whom a row is about, by every name that it has. */
export function peopleOf({ fields }: Pick<Valid, 'fields'>): string[] {
  return both('person', fields.accountId, fields.email);
}

function both(kind: string, id: string | undefined, name: string | undefined): string[] {
  return [...(id === undefined ? [] : [`${kind} ${id}`]), ...(name === undefined ? [] : [`${kind} ${name}`])];
}

function named(groupName: string | undefined): string | undefined {
  return groupName === undefined ? undefined : foldName(groupName);
}

function rolesOf({ role, resource, roles }: Fields): string[] {
  if (roles !== undefined) return roles.map((each) => `${each.role}@${each.resource}`);
  return role === undefined ? [] : [`${role}@${resource ?? ''}`];
}
