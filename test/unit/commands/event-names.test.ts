// Names of events in the vendor's audit log that are public: which of them confirm which action, and which confirm none.
import { describe, expect, it } from 'vitest';
import { actions } from '../../../src/actions/action-table.ts';
import type { Action } from '../../../src/actions/action.ts';
import { isCalled, wordsOfEvent } from '../../../src/commands/verify/event-words.ts';
import type { ActionName } from '../../../src/model.ts';

/** Each name with the actions that it may confirm; an event must be about the row's person and group too. */
type Names = Readonly<Record<string, readonly ActionName[]>>;

// panther-labs/panther-analysis: data_models/atlassian_data_model.py and rules/atlassian_rules/user_logged_in_as_user.yml.
const panther: Names = {
  added_org_admin: ['grant-user-role'],
  group_granted_admin_access: ['assign-group-roles'],
  user_granted_role: ['assign-group-roles', 'grant-user-role'],
  user_revoked_role: ['revoke-group-roles', 'revoke-user-role'],
  group_created: ['create-group'],
  group_deleted: ['delete-group', 'remove-user-from-group'],
  user_created: [],
  user_login: [],
  user_logout: [],
  user_logged_in_as_user: [],
  twosv_disabled_for_user: [],
};

// SumoLogic/sumologic-documentation: docs/integrations/saas-cloud/atlassian.md, the sample event and what its monitors look for.
const sumoLogic: Names = {
  jira_issue_viewed: [],
  'User addition to group': ['add-user-to-group'],
  'User Granted Product Access': ['assign-group-roles', 'grant-user-role'],
  'API Token Created': [],
};

// support.atlassian.com/security-and-access-policies/docs/audit-log-activities-database: names as they are shown.
const vendor: Names = {
  'Deactivated account': ['deactivate-user'],
  'Reactivated account': ['reactivate-user'],
  'Canceled deletion of account': [],
  'Scheduled deletion of account': [],
  'Deleted account permanently': [],
  'Delete account permanently': [],
  'Changed email address': [],
  'Logged in to account': [],
  'Logged out of account': [],
  'Requested password recovery link': [],
  'Reset password with recovery link': [],
  'Removed project member': [],
  'Updated project member': [],
  'Removed project group permission': [],
  'Updated project group permission': [],
  'Added repository member': [],
  'Removed repository member': [],
  'Added repository group permission': [],
  'Removed repository group permission': [],
};

/** Not found in public, but of the same kind as a public one. */
const alike: Names = {
  twosv_enabled_for_user: [],
  'Disabled two-step verification for user': [],
  'Enabled single sign-on (SSO) for policy': [],
};

const confirmed = (name: string) =>
  Object.values(actions as Readonly<Record<string, Action>>)
    .filter(({ loggedAs }) => isCalled(wordsOfEvent(name, undefined), loggedAs))
    .map((action) => action.name);

describe.each(Object.entries({ panther, sumoLogic, vendor, alike }))('a name that is public (%s)', (_, names) => {
  it.each(Object.entries(names))('%s confirms %j', (name, wanted) => {
    expect(confirmed(name).toSorted()).toEqual(wanted.toSorted());
  });
});
