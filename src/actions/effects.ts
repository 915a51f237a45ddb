// The states that a record sets, and the earlier states that it contradicts: the rules, as data. ConflictDetector remembers the states.
import { actions } from './action-table.ts';
import { type ActionName, type Fields, foldName, type JobRecord } from '../model.ts';

/** What a record does to one subject: the state that it `sets`, and the states of earlier records that contradict it (`excludes`). */
export interface Effect {
  /** Names the subject: a person, a group, a membership, a role. */
  readonly subject: string;
  readonly sets?: State;
  readonly excludes: readonly State[];
}

/** The states by name, and the words for the row that sets one. */
export const states = {
  suspended: 'suspends the same person',
  restored: 'restores the same person',
  removed: "removes the same person, who can't be changed after that",
  deactivated: 'deactivates the same account',
  reactivated: 'reactivates the same account',
  member: 'adds the same person to the same group',
  outsider: 'removes the same person from the same group',
  granted: 'grants the same role',
  revoked: 'revokes the same role',
  deleted: "deletes the same group, which can't be changed after that",
} as const;
export type State = keyof typeof states;

interface ActionEffect {
  readonly about: 'person' | 'group' | 'membership' | 'role';
  readonly sets: State;
  readonly excludes: readonly State[];
}

/** The state that each action sets. In addition, each needs a person who is not removed and a group that is not deleted. */
const effects: Readonly<Partial<Record<ActionName, ActionEffect>>> = {
  'suspend-user': { about: 'person', sets: 'suspended', excludes: ['restored', 'removed'] },
  'restore-user': { about: 'person', sets: 'restored', excludes: ['suspended', 'removed'] },
  'deactivate-user': { about: 'person', sets: 'deactivated', excludes: ['reactivated', 'removed'] },
  'reactivate-user': { about: 'person', sets: 'reactivated', excludes: ['deactivated', 'removed'] },
  'remove-user': { about: 'person', sets: 'removed', excludes: [] },
  'delete-group': { about: 'group', sets: 'deleted', excludes: [] },
  'add-user-to-group': { about: 'membership', sets: 'member', excludes: ['outsider'] },
  'remove-user-from-group': { about: 'membership', sets: 'outsider', excludes: ['member'] },
  'assign-group-roles': { about: 'role', sets: 'granted', excludes: ['revoked'] },
  'revoke-group-roles': { about: 'role', sets: 'revoked', excludes: ['granted'] },
  'grant-user-role': { about: 'role', sets: 'granted', excludes: ['revoked'] },
  'revoke-user-role': { about: 'role', sets: 'revoked', excludes: ['granted'] },
};

/** States that one of these actions sets and another excludes; no other states need to be remembered. */
export function conflictingStates(present: readonly ActionName[]): ReadonlySet<State> {
  const denied = new Set(present.flatMap(denialsOf));
  const setStates = present.flatMap((action) => effects[action]?.sets ?? []);
  return new Set(setStates.filter((saying) => denied.has(saying)));
}

function denialsOf(action: ActionName): readonly State[] {
  if (actions[action].risk === 'reads') return [];
  const stance = effects[action];
  const { needs, takes } = actions[action];
  const person = needs.includes('user') || needs.includes('email') ? noneRemoved : [];
  const group = needs.includes('group') || needs.includes('groupName') || takes.includes('groups') ? noneDeleted : [];
  return [
    ...(stance?.excludes ?? []),
    ...(stance?.about === 'person' ? [] : person),
    ...(stance?.about === 'group' ? [] : group),
  ];
}

const noneRemoved: readonly State[] = ['removed'];
const noneDeleted: readonly State[] = ['deleted'];

/** All effects of a row. A subject known by id and by name has one under each. Actions that only read have none. */
export function effectsOf({ action, fields }: Pick<JobRecord, 'action' | 'fields'>): Effect[] {
  if (actions[action].risk === 'reads') return [];
  const people = peopleOf({ fields });
  const groups = both('group', fields.groupId?.toLowerCase(), named(fields.groupName));
  const stance = effects[action];
  const result: Effect[] = [];
  for (const subject of people)
    result.push(stance?.about === 'person' ? { subject, ...stance } : { subject, excludes: noneRemoved });
  for (const subject of groups)
    result.push(stance?.about === 'group' ? { subject, ...stance } : { subject, excludes: noneDeleted });
  for (const name of fields.groups ?? []) result.push({ subject: `group ${foldName(name)}`, excludes: noneDeleted });
  if (stance?.about === 'membership')
    for (const person of people) for (const group of groups) result.push({ subject: `${person} ${group}`, ...stance });
  if (stance?.about === 'role')
    for (const holder of people.length > 0 ? people : groups)
      for (const role of rolesOf(fields)) result.push({ subject: `${holder} ${role}`, ...stance });
  return result;
}

/** The person whom a row is about, by every name that it has. */
export function peopleOf({ fields }: Pick<JobRecord, 'fields'>): string[] {
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
