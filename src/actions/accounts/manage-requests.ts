// Requests to the API of managed accounts, and parsers for its responses. Both generations of the organization API share it.
import type { ApiRequest, Privilege } from '../action.ts';
import type { ApiToken } from '../../model.ts';

/** Which privileges the key has for an account; `reason` is the API's key of the restriction. The API may leave privileges out. */
export type Privileges = Readonly<Partial<Record<Privilege, { readonly allowed: boolean; readonly reason?: string }>>>;

/** `/users/{accountId}/manage/…` */
export function managePath(accountId: string, ...rest: string[]): string[] {
  return ['users', accountId, 'manage', ...rest];
}

/** Asks what the key may do with an account. */
export function privilegesRequest(accountId: string): ApiRequest {
  return { api: 'accounts', method: 'GET', path: managePath(accountId), retry: 'read', needsBody: true };
}

/** The privileges in a response; undefined when it has an unknown form. */
export function privilegesIn(body: unknown): Privileges | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const names: readonly Privilege[] = ['lifecycle.enablement', 'apiToken.delete'];
  const known = names.flatMap((name) => {
    const { allowed, reason } = ((body as Record<string, unknown>)[name] ?? {}) as Record<string, unknown>;
    const key = (reason as { key?: unknown } | undefined)?.key;
    if (typeof allowed !== 'boolean') return [];
    return [[name, { allowed, ...(typeof key === 'string' ? { reason: key } : {}) }] as const];
  });
  return Object.fromEntries(known);
}

/** Lists the API tokens of an account. */
export function tokensRequest(accountId: string): ApiRequest {
  return {
    api: 'accounts',
    method: 'GET',
    path: managePath(accountId, 'api-tokens'),
    retry: 'read',
    needsBody: true,
  };
}

/** The tokens in an answer; undefined when it is not a list of tokens, so that it never counts as "no tokens". */
export function tokensIn(body: unknown): readonly ApiToken[] | undefined {
  if (!Array.isArray(body)) return undefined;
  const tokens = body.map(tokenOf);
  return tokens.every((token) => token !== undefined) ? tokens : undefined;
}

function tokenOf(value: unknown): ApiToken | undefined {
  const { id, label, createdAt, lastAccess, expiry } = (value ?? {}) as Record<string, unknown>;
  if (typeof id !== 'string' || id === '') return undefined;
  return {
    id,
    label: typeof label === 'string' ? label : '',
    createdAt: typeof createdAt === 'string' ? createdAt : '',
    ...(typeof lastAccess === 'string' ? { lastAccess } : {}),
    ...(typeof expiry === 'string' ? { expiry } : {}),
  };
}
