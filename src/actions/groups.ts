// The actions on groups and memberships: create, delete, add, remove.
import { insideProducts } from '../text/audit-words.ts';
import type { Fields, Group } from '../model.ts';
import type { Action } from './action.ts';
import { directoryPath, isMember, sendOnce, says, saysExists, required } from './requests.ts';

/** The group fields of a record: the id identifies, the name is for readers. */
export function sameGroup(fields: Fields): Fields {
  return {
    ...(fields.groupId === undefined ? {} : { groupId: fields.groupId }),
    ...(fields.groupName === undefined ? {} : { groupName: fields.groupName }),
    ...(fields.reference === undefined ? {} : { reference: fields.reference }),
  };
}

function membership(fields: Fields): Fields {
  const { accountId, email } = fields;
  return {
    ...sameGroup(fields),
    ...(accountId === undefined ? {} : { accountId }),
    ...(email === undefined ? {} : { email }),
  };
}

/** Why the members of a group can't be changed. */
export function membersRefusal({ name, synced, modifiable }: Group): string | undefined {
  if (synced === true) return `group ${name} is synced from an identity provider; change its members there`;
  return modifiable === false ? `group ${name} can't be changed; the organization does not permit it` : undefined;
}

function deleteRefusal({ name, synced, deletable }: Group): string | undefined {
  if (synced === true) return `group ${name} is synced from an identity provider; delete it there`;
  return deletable === false ? `group ${name} can't be deleted; it is a default or an admin group` : undefined;
}

function idIn(body: unknown): string | undefined {
  const id = typeof body === 'object' && body !== null ? (body as { groupId?: unknown }).groupId : undefined;
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** Words of events about the access that a group grants, not about its members. */
const grants = ['role', 'access', 'permission', ...insideProducts];

export const createGroup: Action = {
  name: 'create-group',
  summary: 'Create a group; later rows of the same run can use its name.',
  risk: 'reversible',
  retry: 'creation',
  needs: ['groupName'],
  takes: ['description'],
  endpoints: {
    v1: 'POST /v1/orgs/{orgId}/directory/groups',
    v2: 'POST /v2/orgs/{orgId}/directories/{directoryId}/groups',
  },
  *send(target, at) {
    const body = {
      name: required(target, 'groupName'),
      ...(target.description === undefined ? {} : { description: target.description }),
    };
    const answer = yield { method: 'POST', path: directoryPath(at, 'groups'), body, retry: 'creation' };
    // v2 answers 201 without an id, so the caller finds the group by its name.
    const groupId = idIn(answer.body);
    return groupId === undefined ? undefined : { groupId };
  },
  already: saysExists,
  isDone: ({ group }) => (group === undefined ? undefined : group !== null),
  caveat: () => undefined,
  undo: ({ fields, result }) => {
    const groupId = fields.groupId ?? idIn(result);
    return {
      rows: [{ action: 'delete-group', ...sameGroup({ ...fields, ...(groupId === undefined ? {} : { groupId }) }) }],
    };
  },
  experimental: 'v1',
  createsGroup: 'group',
  loggedAs: { all: [['creat', 'add'], ['group']], none: ['user', 'member', ...grants] },
  example: { action: 'create-group', groupName: 'alumni', description: 'People who left' },
};

export const deleteGroup: Action = {
  name: 'delete-group',
  summary: 'Delete a group and the access it gave; refused for synced, default and admin groups.',
  risk: 'irreversible',
  retry: 'removal',
  needs: ['group'],
  takes: ['force'],
  endpoints: {
    v1: 'DELETE /v1/orgs/{orgId}/directory/groups/{groupId}',
    v2: 'DELETE /v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}',
  },
  send: (target, at) =>
    sendOnce({
      method: 'DELETE',
      path: directoryPath(at, 'groups', required(target, 'groupId')),
      retry: 'removal',
      ...(at.generation === 'v1' && target.force ? { query: { forceIfNotEmpty: 'true' } } : {}),
    }),
  already: (answer) => says(answer, 'groupGone'),
  isDone: ({ group }) => (group === undefined ? undefined : group === null),
  caveat: (_, generation) =>
    generation === 'v2'
      ? 'API v2 ignores force: it deletes a group even if it has members, who lose the access that the group gave'
      : undefined,
  experimental: 'v1',
  refusal: deleteRefusal,
  undo: () => 'a deleted group can be created again, but its members, roles and id are lost',
  loggedAs: { all: [['delet', 'remov'], ['group']], none: ['user', 'member', ...grants] },
  example: { action: 'delete-group', groupName: 'project-apollo', force: true },
};

export const addUserToGroup: Action = {
  name: 'add-user-to-group',
  summary: 'Add a person to a group.',
  risk: 'reversible',
  retry: 'state',
  givesBack: ['groups'],
  needs: ['user', 'group'],
  takes: ['notBefore'],
  endpoints: {
    v1: 'POST /v1/orgs/{orgId}/directory/groups/{groupId}/memberships',
    v2: 'POST /v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/memberships',
  },
  send: (target, at) => {
    const accountId = required(target, 'accountId');
    const body = at.generation === 'v1' ? { account_id: accountId } : { accountId };
    return sendOnce({
      method: 'POST',
      path: directoryPath(at, 'groups', required(target, 'groupId'), 'memberships'),
      body,
      retry: 'state',
    });
  },
  already: isMember,
  isDone: ({ member }) => member,
  caveat: () => undefined,
  experimental: 'v1',
  refusal: membersRefusal,
  undo: ({ fields }) => ({ rows: [{ action: 'remove-user-from-group', ...membership(fields) }] }),
  loggedAs: { all: [['add', 'join'], ['group']], none: grants },
  example: { action: 'add-user-to-group', email: 'grace@example.com', groupName: 'alumni' },
};

export const removeUserFromGroup: Action = {
  name: 'remove-user-from-group',
  summary: 'Remove a person from a group.',
  risk: 'reversible',
  retry: 'removal',
  needs: ['user', 'group'],
  takes: ['notBefore', 'onlyIfInactiveDays', 'products'],
  endpoints: {
    v1: 'DELETE /v1/orgs/{orgId}/directory/groups/{groupId}/memberships/{accountId}',
    v2: 'DELETE /v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/memberships/{accountId}',
  },
  send: (target, at) => {
    const path = directoryPath(at, 'groups', required(target, 'groupId'), 'memberships', required(target, 'accountId'));
    return sendOnce({ method: 'DELETE', path, retry: 'removal' });
  },
  // Only the membership may be gone: a group that is not there is a mistake in the row, not a success.
  already: (answer) => says(answer, 'userGone'),
  isDone: ({ member }) => (member === undefined ? undefined : !member),
  caveat: () => undefined,
  experimental: 'v1',
  refusal: membersRefusal,
  undo: ({ fields }) => ({ rows: [{ action: 'add-user-to-group', ...membership(fields) }] }),
  endsMembership: 'membership',
  closes: 'groups',
  loggedAs: { all: [['remov', 'delet', 'left'], ['group']], none: grants },
  freesSeat: 'named',
  example: { action: 'remove-user-from-group', email: 'ada@example.com', groupName: 'contractors' },
};
