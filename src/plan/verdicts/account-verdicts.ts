// Why a row about a managed account is skipped: there is no such account, or the organization may not manage it in this way. Pure.
import type { Action } from '../../actions/action.ts';
import type { AccountFacts } from '../../directory/managed-accounts.ts';
import type { Fields } from '../../model.ts';

interface Skipped {
  readonly verdict: 'skip';
  readonly reason: 'not-found' | 'unmanaged';
  readonly message: string;
}

/** Skips a row whose account does not exist. */
export function noAccount({ email, accountId }: Fields, account: AccountFacts | undefined): Skipped | undefined {
  if (account?.privileges !== null) return undefined;
  return { verdict: 'skip', reason: 'not-found', message: `${email ?? accountId ?? ''} has no Atlassian account` };
}

/** Skips a row whose account the organization may not manage in this way. Without a clear response, the call decides. */
export function unmanaged({ privilege }: Action, account: AccountFacts | undefined): Skipped | undefined {
  const privileges = account?.privileges;
  if (privilege === undefined || privileges === undefined || privileges === null) return undefined;
  if (Object.keys(privileges).length === 0) return skipped('the organization does not manage this account');
  const { allowed, reason } = privileges[privilege] ?? { allowed: true };
  if (allowed) return undefined;
  return skipped(`the organization may not do this with the account${reason === undefined ? '' : ` (${reason})`}`);
}

function skipped(message: string): Skipped {
  return { verdict: 'skip', reason: 'unmanaged', message };
}
