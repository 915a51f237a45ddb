// hintOf: advice about a row that did not succeed, by the API's code or the reason.
import type { RowEnd } from './events.ts';

type About = 'person' | 'group' | 'role';

/** Advice by code. If one code has several causes, the action or the API's text decides; the first match counts. */
const advice: readonly {
  readonly code: RegExp;
  readonly about?: About;
  readonly words?: RegExp;
  readonly hint: string;
}[] = [
  { code: /ADMIN-(UAM-)?401/, hint: 'check the key: it may have expired' },
  {
    code: /ADMIN-400-4$/,
    words: /user management/i,
    hint: 'the organization has the original user management, which API v1 does not change; use --api v2 with --directory',
  },
  {
    code: /ADMIN-(400-4|UAM-400-1)$/,
    about: 'person',
    words: /admin/i,
    hint: 'an organization admin; revoke the role org-admin first, then run the row again',
  },
  {
    code: /ADMIN-(400-4|UAM-400-2)$/,
    words: /deactivated|inactive/i,
    hint: 'the account itself is deactivated; reactivate it first, or leave the row out',
  },
  {
    code: /ADMIN-400-4$/,
    about: 'person',
    hint: 'the API does not change this person; an organization admin must lose the role org-admin first',
  },
  {
    code: /ADMIN-403-5|ADMIN-UAM-403-1/,
    about: 'group',
    words: /sync|identity provider|external/i,
    hint: 'this group is synced from an identity provider; change it there',
  },
  { code: /ADMIN-403-6/, hint: 'a default group of a product; choose another default group first' },
  { code: /ADMIN-403-7/, hint: 'the group gives admin access; take that role from it first' },
  {
    code: /ADMIN-403-5|ADMIN-UAM-403-1/,
    about: 'group',
    hint: 'this group is synced, a default or an admin group; change it where it is kept',
  },
  { code: /^forbidden/, hint: 'the organization does not manage this account, or the key may not do this with it' },
  { code: /^accountNotFound$/, hint: 'there is no such Atlassian account; check the account id' },
  {
    code: /^conflict\.lifecycleErrors$/,
    hint: 'the account is not eligible for this; look at it under Managed accounts in admin.atlassian.com',
  },
  { code: /ADMIN-(UAM-)?403/, hint: 'the key may not do this; use an organization key without scopes' },
  { code: /ADMIN-404-8|ADMIN-UAM-404-1/, hint: 'the person is not in this organization; check the account id' },
  { code: /ADMIN-404-10|ADMIN-UAM-404-3/, hint: 'the group does not exist; check its id or name' },
  {
    code: /ADMIN-400-32|ADMIN-409-3|ADMIN-UAM-409-3|402/,
    hint: 'no licence is free; free a seat or buy one, then run the row again',
  },
  { code: /ADMIN-409-5/, hint: 'the group has members; empty it first, or use force on API v1' },
  {
    code: /ADMIN-400-4$/,
    about: 'group',
    words: /name/i,
    hint: 'a group with this name exists; choose another name, or use the existing group',
  },
  { code: /ADMIN-UAM-400-3|400-4|400-5/, hint: 'the role does not fit the resource; check both' },
];

/** What an action changes, to distinguish causes of one code. */
function aboutOf({ action }: RowEnd): About | undefined {
  if (action === null) return undefined;
  if (action.includes('role')) return 'role';
  return action.includes('group') ? 'group' : 'person';
}

function adviceFor(line: RowEnd): string | undefined {
  const { code, title, detail } = line.error ?? {};
  if (!code) return undefined;
  const [about, text] = [aboutOf(line), `${title ?? ''} ${detail ?? ''}`];
  const fits = (each: (typeof advice)[number]) =>
    each.code.test(code) && (each.about ?? about) === about && (each.words?.test(text) ?? true);
  return advice.find(fits)?.hint;
}

const byReason: Readonly<Record<string, string>> = {
  duplicate: 'the manifest has the same row more than once; the first one counts',
  protected: 'on the list of protected people and groups',
  admin: 'an organization admin; revoke org-admin first, or use --include-admins',
  active: 'active within the limit, or not certainly inactive',
  'not-found': 'not in the directory; check the spelling, or use the account id',
  blocked: 'the row that it depends on did not succeed',
  unmanaged: 'the organization does not manage this account; ask the organization that does',
  mismatch: 'the id and the e-mail or name belong to two people or groups; correct one of them, or leave it out',
};

/** Messages of plan/verdicts/last-admin.ts: `--include-admins` does not lift that guard. */
const keptAdmin = /^(?:the last active organization admin|it is unclear whether another organization admin)/;

/** The run ended before the row's first call, so nothing changed. */
export function isUnsent({
  outcome,
  attempts,
  ambiguous,
}: Pick<RowEnd, 'outcome' | 'attempts' | 'ambiguous'>): boolean {
  return outcome === 'failed' && attempts === 0 && !ambiguous;
}

/** What to check before an unknown row is sent again. */
function checkFirst({ action }: RowEnd): string {
  if (action === 'invite-user') return 'check whether the invitation was received';
  return action === 'create-group' ? 'check whether the group was created' : 'check whether the change was made';
}

const refusedKey = 'the key was refused before the row was finished; use a valid key and run again with --resume';

/** Advice for a stop of the whole run, by the text of its error. None of these goes away by itself. */
const stops: readonly (readonly [RegExp, string])[] = [
  [/HTTP 40[13]\b/, refusedKey],
  [/no longer serves/, 'the route is retired; run again with --resume --api v2'],
  [/no trusted connection|the proxy refuses/, 'fix the connection first, then run again with --resume'],
];

/** Network error codes that our messages contain. */
const networkCode =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ECONNRESET|EPIPE|ETIMEDOUT|UND_ERR_[A-Z_]{3,30})\b/;
const tellingWords = [
  /HTTP \d{3}\b/,
  networkCode,
  ...advice.flatMap(({ words }) => words ?? []),
  ...stops.map(([words]) => words),
];

/** Only the parts of a text that decide its hint; undefined without one. */
export function hintWords(text: string): string | undefined {
  const found = tellingWords.flatMap((words) => words.exec(text)?.[0] ?? []);
  return found.length === 0 ? undefined : [...new Set(found)].join(', ');
}

/** A hint for a person, never empty. */
export function hintOf(line: RowEnd): string {
  const { outcome, reason, status, message } = line;
  // The message lists the ids of all that have the address or the name. Earlier versions wrote "is not one but".
  if (reason === 'not-found' && / (?:is not one but \d+|matches \d+ entries of the directory): /.test(message ?? ''))
    return message ?? '';
  if (reason === 'admin' && keptAdmin.test(message ?? '')) return message ?? '';
  if (reason !== null) return byReason[reason] ?? 'see the report';
  if (outcome === 'invalid') return 'correct the row and run again with --resume';
  if (outcome === 'unknown') return `${checkFirst(line)}; --retry-unknown sends it again`;
  if (isUnsent(line)) return 'nothing was sent, so nothing has changed; run again with --resume';
  const hint = adviceFor(line);
  if (hint !== undefined) return hint;
  const stop = status === null || status === 401 ? stops.find(([words]) => words.test(message ?? '')) : undefined;
  if (stop !== undefined) return stop[1];
  if (status === 401) return refusedKey;
  if (status === 403) return 'refused without an error code of the API; check the key, and any proxy in between';
  if (status === 429 || (status !== null && status >= 500) || status === null)
    return 'a temporary failure; run again with --resume';
  return line.error?.detail ?? line.error?.title ?? message ?? 'see the report';
}
