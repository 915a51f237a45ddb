// The actions on roles: of groups (assign, revoke) and of one person (grant, revoke).
import { insideProducts } from '../text/audit-words.ts';
import type { Fields, RoleAssociation } from '../model.ts';
import type { Action, Address, Answer, ApiRequest, Changed, StateFacts, Target, Undo } from './action.ts';
import { changedRoles, madeIn, readRoles, unsure } from './current-roles.ts';
import { directoryPath, sendOnce, orgAdmin, orgPath, saysExists, required } from './requests.ts';
import { sameGroup } from './groups.ts';
import { identityOf } from './users.ts';

/** Roles that a person can be granted (organization API, user roles). */
export const userRoles = [
  'user',
  'user-access-admin',
  'admin',
  'guest',
  'contributor',
  'customer',
  'basic',
  'stakeholder',
  'site-admin',
  'org-admin',
].map((role) => `atlassian/${role}`);
/** Roles that a group can carry. */
export const groupRoles = [
  'user',
  'admin',
  'guest',
  'customer',
  'contributor',
  'basic',
  'stakeholder',
  'user-access-admin',
  'viewer',
].map((role) => `atlassian/${role}`);

/** v1 takes all roles in one call; v2 one pair a call, so several roles are several calls and one outcome. */
function* sendRoles(target: Target, at: Address, verb: 'assign' | 'revoke'): Generator<ApiRequest, unknown, Answer> {
  const roles: readonly RoleAssociation[] = target.roles ?? [];
  const groupId = required(target, 'groupId');
  if (at.generation === 'v1') {
    const body = { roleAssociations: roles.map(({ resource, role }) => ({ resource, role })) };
    yield { method: 'POST', path: directoryPath(at, 'groups', groupId, 'roles', verb), body, retry: 'state' };
    return undefined;
  }
  for (const { resource, role } of roles) {
    const body = { resourceId: resource, roleId: role };
    yield {
      method: 'POST',
      path: directoryPath(at, 'groups', groupId, 'role-assignments', verb),
      body,
      retry: 'state',
    };
  }
  return undefined;
}

function lookAtGroup(target: Target, at: Address) {
  return readRoles(['groups', required(target, 'groupId')], target.roles ?? [], at);
}

/** Searches by role need a resource, so for an organization role the person is read. */
function lookAtPerson(target: Target, at: Address) {
  const { resource } = target;
  const wanted = resource === undefined ? [] : [{ role: required(target, 'role'), resource }];
  return readRoles(['users', required(target, 'accountId')], wanted, at);
}

function sendRole(target: Target, at: Address, verb: 'assign' | 'revoke'): Generator<ApiRequest, unknown, Answer> {
  const body = {
    role: required(target, 'role'),
    ...(target.resource === undefined ? {} : { resource: target.resource }),
  };
  return sendOnce({
    method: 'POST',
    path: orgPath(at, 'users', required(target, 'accountId'), 'roles', verb),
    body,
    retry: 'state',
  });
}

function undoRoles({ fields, result }: Changed, verb: 'assign' | 'revoke'): Undo {
  const action = verb === 'assign' ? 'revoke-group-roles' : 'assign-group-roles';
  const sent = (fields.roles ?? []).slice(0, madeIn(result));
  const roles = changedRoles(sent, result, verb);
  if (roles === undefined) return { rows: [{ action, ...withRoles({ ...fields, roles: sent }) }], ...unsure(verb) };
  return { rows: roles.length === 0 ? [] : [{ action, ...withRoles({ ...fields, roles }) }] };
}

function undoRole({ fields, result }: Changed, verb: 'assign' | 'revoke'): Undo {
  const { role = '', resource = '' } = fields;
  const changed = changedRoles([{ role, resource }], result, verb);
  if (changed?.length === 0) return { rows: [] };
  const row = { action: verb === 'assign' ? 'revoke-user-role' : 'grant-user-role', ...withRole(fields) } as const;
  return { rows: [row], ...(changed === undefined ? unsure(verb) : {}) };
}

function withRoles(fields: Fields): Fields {
  return { ...sameGroup(fields), ...(fields.roles === undefined ? {} : { roles: fields.roles }) };
}

function withRole(fields: Fields): Fields {
  const { role, resource } = fields;
  return {
    ...identityOf(fields),
    ...(role === undefined ? {} : { role }),
    ...(resource === undefined ? {} : { resource }),
  };
}

/** Whether the person holds the role of an organization admin; undefined for other roles, and when the API does not tell (v1). */
function isAdmin(person: StateFacts['person'], { role, resource }: Target) {
  return role === orgAdmin && resource === undefined ? (person ?? undefined)?.admin : undefined;
}

const jira = 'ari:cloud:jira-software::site/7c9e6679-7425-40de-944b-e07fc1f90ae7';

export const assignGroupRoles: Action = {
  name: 'assign-group-roles',
  summary: 'Assign roles on products to a group and so to all its members (takes up to 30 s).',
  risk: 'reversible',
  retry: 'state',
  needs: ['group', 'roles'],
  takes: [],
  endpoints: {
    v1: 'POST /v1/orgs/{orgId}/directory/groups/{groupId}/roles/assign',
    v2: 'POST /v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/role-assignments/assign',
  },
  send: (target, at) => sendRoles(target, at, 'assign'),
  readBefore: lookAtGroup,
  already: saysExists,
  isDone: () => undefined,
  caveat: () => undefined,
  undo: (changed) => undoRoles(changed, 'assign'),
  loggedAs: {
    all: [
      ['grant', 'assign', 'add', 'chang', 'updat'],
      ['role', 'access', 'permission'],
    ],
    none: insideProducts,
  },
  example: { action: 'assign-group-roles', groupName: 'alumni', roles: [{ role: 'atlassian/guest', resource: jira }] },
};

export const revokeGroupRoles: Action = {
  name: 'revoke-group-roles',
  summary: 'Revoke roles on products from a group; members may keep access through another group.',
  risk: 'reversible',
  retry: 'state',
  needs: ['group', 'roles'],
  takes: [],
  endpoints: {
    v1: 'POST /v1/orgs/{orgId}/directory/groups/{groupId}/roles/revoke',
    v2: 'POST /v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/role-assignments/revoke',
  },
  send: (target, at) => sendRoles(target, at, 'revoke'),
  readBefore: lookAtGroup,
  already: () => false,
  isDone: () => undefined,
  caveat: () => undefined,
  undo: (changed) => undoRoles(changed, 'revoke'),
  loggedAs: {
    all: [
      ['revok', 'remov', 'chang', 'updat'],
      ['role', 'access', 'permission'],
    ],
    none: insideProducts,
  },
  example: {
    action: 'revoke-group-roles',
    groupName: 'contractors',
    roles: [{ role: 'atlassian/user', resource: jira }],
  },
};

export const grantUserRole: Action = {
  name: 'grant-user-role',
  summary: 'Grant a role to a person, on a product or for the whole organization.',
  risk: 'reversible',
  retry: 'state',
  givesBack: ['roles'],
  needs: ['user', 'role'],
  takes: ['resource', 'notBefore'],
  endpoints: {
    v1: 'POST /v1/orgs/{orgId}/users/{userId}/roles/assign',
    v2: 'POST /v1/orgs/{orgId}/users/{userId}/roles/assign',
  },
  send: (target, at) => sendRole(target, at, 'assign'),
  readBefore: lookAtPerson,
  already: saysExists,
  isDone: ({ person }, target) => isAdmin(person, target),
  caveat: () => undefined,
  undo: (changed) => undoRole(changed, 'assign'),
  takesSeat: 'seat',
  loggedAs: {
    all: [
      ['grant', 'assign', 'add', 'chang', 'updat'],
      ['role', 'access', 'permission', 'admin'],
    ],
    none: ['group', ...insideProducts],
  },
  example: { action: 'grant-user-role', email: 'grace@example.com', role: 'atlassian/user', resource: jira },
};

export const revokeUserRole: Action = {
  name: 'revoke-user-role',
  summary: 'Revoke a role from a person.',
  risk: 'reversible',
  retry: 'state',
  needs: ['user', 'role'],
  takes: ['resource', 'notBefore', 'onlyIfInactiveDays', 'products'],
  endpoints: {
    v1: 'POST /v1/orgs/{orgId}/users/{userId}/roles/revoke',
    v2: 'POST /v1/orgs/{orgId}/users/{userId}/roles/revoke',
  },
  send: (target, at) => sendRole(target, at, 'revoke'),
  readBefore: lookAtPerson,
  already: () => false,
  isDone: ({ person }, target) => {
    const held = isAdmin(person, target);
    return held === undefined ? undefined : !held;
  },
  endsAdmin: ({ role, resource }) => role === orgAdmin && resource === undefined,
  caveat: () => undefined,
  undo: (changed) => undoRole(changed, 'revoke'),
  closes: 'roles',
  loggedAs: {
    all: [
      ['revok', 'remov', 'chang', 'updat'],
      ['role', 'access', 'permission', 'admin'],
    ],
    none: ['group', ...insideProducts],
  },
  freesSeat: 'named',
  example: { action: 'revoke-user-role', email: 'ada@example.com', role: 'atlassian/admin', resource: jira },
};
