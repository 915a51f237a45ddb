// The table of actions. Columns, plans, requests, undo, help and half the tests are derived from it; the engine names none of them.
import type { ActionName } from '../model.ts';
import type { Action } from './action.ts';
import { deactivateUser, reactivateUser, revokeApiTokens } from './accounts/account-actions.ts';
import { addUserToGroup, createGroup, deleteGroup, removeUserFromGroup } from './groups.ts';
import { inviteUser } from './invite-user.ts';
import { assignGroupRoles, grantUserRole, revokeGroupRoles, revokeUserRole } from './roles.ts';
import { removeUser } from './remove-user.ts';
import { getLastActive, restoreUser, suspendUser } from './users.ts';

export const actions = {
  'get-last-active': getLastActive,
  'suspend-user': suspendUser,
  'restore-user': restoreUser,
  'remove-user': removeUser,
  'invite-user': inviteUser,
  'create-group': createGroup,
  'delete-group': deleteGroup,
  'add-user-to-group': addUserToGroup,
  'remove-user-from-group': removeUserFromGroup,
  'assign-group-roles': assignGroupRoles,
  'revoke-group-roles': revokeGroupRoles,
  'grant-user-role': grantUserRole,
  'revoke-user-role': revokeUserRole,
  'deactivate-user': deactivateUser,
  'reactivate-user': reactivateUser,
  'revoke-api-tokens': revokeApiTokens,
} as const satisfies Readonly<Record<ActionName, Action>>;
