// The actions on a managed account: deactivate, reactivate, revoke its API tokens. The same calls on both generations.
import { signIn } from '../../text/audit-words.ts';
import type { ApiToken } from '../../model.ts';
import { type Action, type Answer, type ApiRequest, NotDone, type Target } from '../action.ts';
import { required } from '../requests.ts';
import { identityOf } from '../users.ts';
import { managePath, tokensIn, tokensRequest } from './manage-requests.ts';

/** The same operation on both generations. */
const onBoth = (endpoint: string) => ({ v1: endpoint, v2: endpoint });

/**
 * Sets whether an account is active. A 409 says that the account is not eligible, without saying whether it already has the desired state;
 * the current state decides.
 */
function* setActive(target: Target, verb: 'enable' | 'disable'): Generator<ApiRequest, unknown, Answer> {
  const { message } = target;
  const answer = yield {
    api: 'accounts',
    method: 'POST',
    path: managePath(required(target, 'accountId'), 'lifecycle', verb),
    ...(verb === 'disable' ? { body: message === undefined ? {} : { message } } : {}),
    retry: 'state',
    mayBeRefused: true,
  };
  if (answer.status < 300) return undefined;
  throw new NotDone(answer.text ?? `HTTP ${answer.status}`, answer.status === 409 ? 'unclear' : 'refused');
}

export const deactivateUser: Action = {
  name: 'deactivate-user',
  summary: 'Deactivate a managed account: access to every Atlassian site ends, and the person is notified by e-mail.',
  risk: 'reversible',
  needsPermission: 'ends access to every Atlassian site, and each person is notified by e-mail',
  privilege: 'lifecycle.enablement',
  retry: 'state',
  needs: ['user'],
  takes: ['message', 'notBefore', 'onlyIfInactiveDays', 'products'],
  endpoints: onBoth('POST /users/{accountId}/manage/lifecycle/disable'),
  send: (target) => setActive(target, 'disable'),
  already: () => false,
  isDone: ({ person }) => hasStatus(person, 'deactivated'),
  caveat: () =>
    "deactivate-user ends access to every Atlassian site, those of other organizations too, and the person is notified by e-mail; roles, groups and the organization's billed seat are kept",
  undo: ({ fields }) => ({ rows: [{ action: 'reactivate-user', ...identityOf(fields) }] }),
  closes: 'deactivated',
  loggedAs: { all: [['deactivat', 'disabl']], none: signIn },
  example: { action: 'deactivate-user', email: 'ada@example.com', reference: 'HR-1001' },
};

export const reactivateUser: Action = {
  name: 'reactivate-user',
  summary: 'Reactivate a deactivated managed account.',
  risk: 'reversible',
  privilege: 'lifecycle.enablement',
  retry: 'state',
  givesBack: ['deactivated'],
  needs: ['user'],
  takes: ['notBefore'],
  endpoints: onBoth('POST /users/{accountId}/manage/lifecycle/enable'),
  send: (target) => setActive(target, 'enable'),
  already: () => false,
  isDone: ({ person }) => hasStatus(person, 'active'),
  caveat: () => 'API tokens that were revoked stay revoked',
  undo: ({ fields }) => ({ rows: [{ action: 'deactivate-user', ...identityOf(fields) }] }),
  loggedAs: { all: [['reactivat', 'enabl', 'activated']], none: ['deactivat', ...signIn] },
  example: { action: 'reactivate-user', email: 'ada@example.com' },
};

export const revokeApiTokens: Action = {
  name: 'revoke-api-tokens',
  summary: 'Revoke all API tokens of a person; scripts and integrations that use them stop working.',
  risk: 'irreversible',
  privilege: 'apiToken.delete',
  retry: 'removal',
  needs: ['user'],
  takes: ['notBefore', 'onlyIfInactiveDays', 'products'],
  endpoints: onBoth('DELETE /users/{accountId}/manage/api-tokens/{tokenId}'),
  send: (target) => revokeEach(required(target, 'accountId')),
  already: () => false,
  isDone: ({ tokens }) => (tokens === undefined ? undefined : tokens.length === 0),
  caveat: () => 'scripts and integrations that use a revoked API token stop working at once',
  undo: () => "a revoked API token can't be restored; the person must create a new one",
  closes: 'tokens',
  loggedAs: { all: [['revok', 'delet'], ['token']] },
  example: { action: 'revoke-api-tokens', email: 'ada@example.com', reference: 'HR-1001' },
};

function hasStatus(
  person: { readonly accountStatus?: 'active' | 'deactivated' } | null | undefined,
  wanted: 'active' | 'deactivated',
): boolean | undefined {
  return person?.accountStatus === undefined ? undefined : person.accountStatus === wanted;
}

/** Lists the tokens of one person and revokes each. A token that no longer exists counts as revoked; any other refusal is reported with the number revoked so far. */
function* revokeEach(accountId: string): Generator<ApiRequest, unknown, Answer> {
  const tokens = tokensIn((yield tokensRequest(accountId)).body);
  if (tokens === undefined) throw new TypeError('the list of API tokens does not have the documented form');
  const revoked: ApiToken[] = [];
  for (const token of tokens) {
    const answer = yield {
      api: 'accounts',
      method: 'DELETE',
      path: managePath(accountId, 'api-tokens', token.id),
      retry: 'removal',
      mayBeRefused: true,
      listed: tokens,
    };
    if (answer.status >= 300 && answer.status !== 404) throw stuck(token, answer, { tokens, revoked });
    revoked.push(token);
  }
  return { tokens: revoked.map(shownToken) };
}

function stuck(
  { label }: ApiToken,
  { status, text }: Answer,
  { tokens, revoked }: Readonly<Record<'tokens' | 'revoked', readonly ApiToken[]>>,
): NotDone {
  const message = `the token "${label}" was not revoked: ${text ?? `HTTP ${status}`}; ${revoked.length} of ${tokens.length} tokens were revoked`;
  return new NotDone(message, 'refused', { tokens: revoked.map(shownToken) });
}

/** A token as the report shows it: without its id, which is of no use to a reader. */
export function shownToken({ label, createdAt, lastAccess }: ApiToken): object {
  return { label, createdAt, lastAccess: lastAccess ?? null };
}
