// Names of the simulated organization's audit events, and the audit data of a change.
/** Events with their display name and group, as `event-actions` returns them. Invented, because the vendor publishes none. */
export const auditActions = {
  user_access_suspended: ['Suspended user access', 'User access'],
  user_access_restored: ['Restored user access', 'User access'],
  user_removed: ['Removed user from organization', 'User access'],
  user_invited: ['Invited user', 'User access'],
  user_deactivated: ['Deactivated account', 'Atlassian accounts'],
  user_reactivated: ['Reactivated account', 'Atlassian accounts'],
  user_api_token_revoked: ['Revoked API token of user', 'Atlassian accounts'],
  user_role_granted: ['Granted role to user', 'Roles'],
  user_role_revoked: ['Revoked role from user', 'Roles'],
  group_created: ['Created group', 'Groups'],
  group_deleted: ['Deleted group', 'Groups'],
  group_member_added: ['Added user to group', 'Groups'],
  group_member_removed: ['Removed user from group', 'Groups'],
  group_role_granted: ['Granted group access to product', 'Roles'],
  group_role_revoked: ['Revoked group access to product', 'Roles'],
} as const satisfies Readonly<Record<string, readonly [displayName: string, group: string]>>;

/** The event of a change, and its subjects: account id, group id, ARI. */
export interface AuditNote {
  readonly action: keyof typeof auditActions;
  readonly person?: string;
  readonly group?: string;
  readonly resources?: readonly string[];
  /** Names of subjects that do not exist before the change. */
  readonly email?: string;
  readonly name?: string;
}
