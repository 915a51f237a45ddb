// actionWords: phrases for each action: future, past, its object, and the state in which nothing needs to change.
import type { ActionName } from '../model.ts';
import { capital, manyGrouped } from './phrases.ts';

/** `will` and `did` go before a number and a noun: `suspend 3 people`, `suspended 1 person`. */
export interface ActionWords {
  readonly will: string;
  readonly did: string;
  readonly one: string;
  readonly more: string;
  readonly already: string;
}

const people = { one: 'person', more: 'people' };
const accounts = { one: 'account', more: 'accounts' };
const groups = { one: 'group', more: 'groups' };

/** In the order of the action table. */
export const actionWords: Readonly<Record<ActionName, ActionWords>> = {
  'get-last-active': {
    will: 'read when',
    did: 'read when',
    one: 'person was last active',
    more: 'people were last active',
    already: 'already read',
  },
  'suspend-user': { will: 'suspend', did: 'suspended', ...people, already: 'already suspended' },
  'restore-user': { will: 'restore', did: 'restored', ...people, already: 'already active' },
  'remove-user': { will: 'remove', did: 'removed', ...people, already: 'already removed' },
  'invite-user': { will: 'invite', did: 'invited', ...people, already: 'already a member' },
  'create-group': { will: 'create', did: 'created', ...groups, already: 'already exists' },
  'delete-group': { will: 'delete', did: 'deleted', ...groups, already: 'already deleted' },
  'add-user-to-group': {
    will: 'add',
    did: 'added',
    one: 'person to a group',
    more: 'people to groups',
    already: 'already in the group',
  },
  'remove-user-from-group': {
    will: 'remove',
    did: 'removed',
    one: 'person from a group',
    more: 'people from groups',
    already: 'already not in the group',
  },
  'assign-group-roles': {
    will: 'assign roles to',
    did: 'assigned roles to',
    ...groups,
    already: 'already assigned',
  },
  'revoke-group-roles': {
    will: 'revoke roles from',
    did: 'revoked roles from',
    ...groups,
    already: 'already revoked',
  },
  'grant-user-role': {
    will: 'grant',
    did: 'granted',
    one: 'role to a person',
    more: 'roles to people',
    already: 'already granted',
  },
  'revoke-user-role': {
    will: 'revoke',
    did: 'revoked',
    one: 'role of a person',
    more: 'roles of people',
    already: 'already revoked',
  },
  'deactivate-user': { will: 'deactivate', did: 'deactivated', ...accounts, already: 'already deactivated' },
  'reactivate-user': { will: 'reactivate', did: 'reactivated', ...accounts, already: 'already active' },
  'revoke-api-tokens': {
    will: 'revoke the API tokens of',
    did: 'revoked the API tokens of',
    ...people,
    already: 'no API tokens',
  },
};

/** `Suspended 3 people, removed 1 person.`, or undefined when nothing is counted. */
export function sentenceOf(
  tense: 'will' | 'did',
  counts: Readonly<Partial<Record<ActionName, number>>>,
): string | undefined {
  const parts = Object.entries(actionWords).flatMap(([name, words]) => {
    const count = counts[name as ActionName] ?? 0;
    return count === 0 ? [] : [`${words[tense]} ${manyGrouped(count, words.one, words.more)}`];
  });
  const text = parts.join(', ');
  return text === '' ? undefined : `${capital(text)}.`;
}
