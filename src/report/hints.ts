// What to do about a row that did not succeed, by the API's code or our reason. Words only.
import type { RowEnd } from './events.ts';

const byCode: readonly (readonly [RegExp, string])[] = [
  [/ADMIN-(UAM-)?401/, 'check the key: it may have expired'],
  [
    /ADMIN-403-5|ADMIN-403-6|ADMIN-403-7/,
    'this group is synced, a default or an admin group; change it where it is kept',
  ],
  [/ADMIN-(UAM-)?403/, 'the key may not do this; use an organization key without scopes'],
  [/ADMIN-404-8|ADMIN-UAM-404-1/, 'the person is not in this organization; check the account id'],
  [/ADMIN-404-10|ADMIN-UAM-404-3/, 'the group is not there; check its id or name'],
  [
    /ADMIN-400-32|ADMIN-409-3|ADMIN-UAM-409-3|402/,
    'no licence is free; free a seat or buy one, then run the row again',
  ],
  [/ADMIN-409-5/, 'the group has members; empty it first, or use force on API v1'],
  [/ADMIN-UAM-400-3|400-4|400-5/, 'the role does not fit the resource; check both'],
];

const byReason: Readonly<Record<string, string>> = {
  duplicate: 'the same row stands earlier in the manifest',
  protected: 'on the list of protected people and groups',
  admin: 'an organization admin; revoke org-admin first, or use --include-admins',
  active: 'active within the limit, or not certainly inactive',
  'not-found': 'not in the directory; check the spelling, or use the account id',
  blocked: 'the row that it depends on did not succeed',
  mismatch: 'the id and the e-mail or name belong to two people or groups; correct one of them, or leave it out',
};

/** The run ended before the row's first call: whoever it is about is as before. */
export function isUnsent({
  outcome,
  attempts,
  ambiguous,
}: Pick<RowEnd, 'outcome' | 'attempts' | 'ambiguous'>): boolean {
  return outcome === 'failed' && attempts === 0 && !ambiguous;
}

/** A hint for a person, never empty. */
export function hintOf(line: RowEnd): string {
  const { outcome, reason, status, error } = line;
  if (reason !== null) return byReason[reason] ?? 'see the report';
  if (outcome === 'invalid') return 'correct the row and run again with --resume';
  if (outcome === 'unknown') return 'look whether it arrived; --retry-unknown sends it again';
  if (isUnsent(line)) return 'nothing was sent, so nothing has changed; run again with --resume';
  const hint = byCode.find(([pattern]) => pattern.test(error?.code ?? ''))?.[1];
  if (hint !== undefined) return hint;
  if (status === 429 || (status !== null && status >= 500) || status === null)
    return 'a passing fault; run again with --resume';
  return "read the API's words in the report";
}
