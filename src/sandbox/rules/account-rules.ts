// Rules for managed accounts: deactivate, reactivate, revoke one API token. Each rule returns the change without applying it.
import type { Change } from '../organization.ts';
import type { PersonState } from '../state-file.ts';

/** Whether the account is deactivated, which ends its access to every organization. */
export const isDeactivated = ({ status }: PersonState): boolean => status === 'deactivated';

/** Ends access everywhere; the status in the organization is remembered. */
export function deactivate({ accountId }: PersonState): Change {
  return {
    changes: true,
    audit: { action: 'user_deactivated', person: accountId },
    carryOut: ({ people }) => {
      const found = people.get(accountId);
      if (found === undefined || found.status === 'deactivated') return;
      Object.assign(found, { statusBefore: found.status, status: 'deactivated' });
    },
  };
}

/** Restores the account, with the status that it had in the organization. */
export function reactivate({ accountId }: PersonState): Change {
  return {
    changes: true,
    audit: { action: 'user_reactivated', person: accountId },
    carryOut: ({ people }) => {
      const found = people.get(accountId);
      if (found === undefined) return;
      found.status = found.statusBefore ?? 'active';
      delete found.statusBefore;
    },
  };
}

/** Revokes a token immediately. */
export function revokeToken({ accountId }: PersonState, tokenId: string): Change {
  return {
    changes: true,
    audit: { action: 'user_api_token_revoked', person: accountId },
    carryOut: ({ people }) => {
      const found = people.get(accountId);
      if (found) found.apiTokens = found.apiTokens.filter(({ id }) => id !== tokenId);
    },
  };
}
