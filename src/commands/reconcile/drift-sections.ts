// driftSections: the classes of a drift with titles and entries, for terminal, page and JSON.
import { many } from '../../text/phrases.ts';
import type { Account, Drift, Leaver } from './compare-people.ts';
import type { ListedPerson, ListKind } from './people-list.ts';

/** An API token by its label, and when it was last used (ISO 8601). */
export interface EntryToken {
  readonly label: string;
  readonly lastAccess: string | null;
}

/** One person of a class. */
export interface Entry {
  readonly accountId: string | null;
  readonly email: string | null;
  readonly name: string | null;
  /** Status of the account; null without an account. */
  readonly status: string | null;
  readonly admin: boolean | null;
  /** API tokens that still live; null when they were not asked for or can't be read. */
  readonly apiTokens: readonly EntryToken[] | null;
  /** Day of the last activity in any product; null when it is not known or never was. */
  readonly lastActive: string | null;
  readonly reference: string | null;
  /** Place on the list, `file:line`. */
  readonly place: string | null;
  /** Whether the manifest takes the person, and if not, why. */
  readonly proposed: boolean;
  readonly message: string | null;
}

export interface Section {
  readonly id: 'left' | 'outside' | 'withoutAccount' | 'suspended';
  /** A sentence without its full stop, with the count. */
  readonly title: string;
  readonly entries: readonly Entry[];
  /** List and directory should agree about these people. */
  readonly isDrift: boolean;
}

/** All classes that can occur with this kind of list, empty ones too. */
export function driftSections(drift: Drift, list: ListKind, domains: ReadonlySet<string>): Section[] {
  const { left, outside, withoutAccount, suspended } = drift;
  const isBlind = list === 'staff' && domains.size === 0;
  const goneWords = isBlind ? noDomains : `${leftWords(left.length)}${among(left)}`;
  const leaverSection = section('left', goneWords, left.map(leaverEntry));
  const unknown = `${many(withoutAccount.length, 'person', 'people')} on the list without an account`;
  const absent = withoutAccount.map(listedEntry);
  // On a list of leavers, a missing account is the expected state.
  if (list === 'leavers') return [leaverSection, { ...section('withoutAccount', unknown, absent), isDrift: false }];
  const where =
    domains.size === 0 ? 'missing from the list' : `outside ${[...domains].join(', ')} missing from the list`;
  return [
    leaverSection,
    section('outside', `${many(outside.length, 'account')} ${where}; only reported`, outside.map(accountEntry)),
    section('withoutAccount', unknown, absent),
    section(
      'suspended',
      `${many(suspended.length, 'person', 'people')} on the list suspended or deactivated`,
      suspended.map(accountEntry),
    ),
  ];
}

/** A count of 0 without this reason would look like a clean result. */
const noDomains = '0 people count as having left, because --domains is not given';

function section(id: Section['id'], title: string, entries: readonly Entry[]): Section {
  return { id, title, entries, isDrift: true };
}

function leftWords(count: number): string {
  return count === 1 ? '1 person has left but still has access' : `${count} people have left but still have access`;
}

function among(left: readonly Leaver[]): string {
  const admins = left.filter(({ person }) => person.admin === true).length;
  const withTokens = left.filter(({ tokens = [] }) => tokens !== 'unread' && tokens.length > 0).length;
  const kept = left.filter((each) => each.kept !== undefined).length;
  return [
    ...(admins > 0 ? [`, ${many(admins, 'organization admin')} among them`] : []),
    ...(withTokens > 0 ? [`, ${withTokens} with API tokens`] : []),
    ...(kept > 0 ? [`; ${kept} not proposed`] : []),
  ].join('');
}

function leaverEntry(leaver: Leaver): Entry {
  const { kept, tokens } = leaver;
  const unread = tokens === 'unread' ? ["the API tokens can't be read"] : [];
  const messages = [...(kept === undefined ? [] : [kept.message]), ...unread];
  return {
    ...accountEntry(leaver),
    apiTokens:
      tokens === undefined || tokens === 'unread'
        ? null
        : tokens.map(({ label, lastAccess = null }) => ({ label, lastAccess })),
    proposed: kept === undefined,
    message: messages.length === 0 ? null : messages.join('; '),
  };
}

function accountEntry({ person, listed }: Account): Entry {
  const { accountId, email, name, status, admin, products = [] } = person;
  const dates = products.flatMap(({ lastActive }) => lastActive ?? []).toSorted();
  return {
    accountId,
    email: email ?? null,
    name: name ?? null,
    status,
    admin: admin ?? null,
    apiTokens: null,
    lastActive: dates.at(-1)?.slice(0, 10) ?? null,
    reference: listed?.reference ?? null,
    place: placeOf(listed),
    proposed: false,
    message: email === undefined ? 'no e-mail address in the directory' : null,
  };
}

function listedEntry(listed: ListedPerson): Entry {
  return {
    accountId: listed.accountId ?? null,
    email: listed.emails.join(', ') || null,
    name: null,
    status: null,
    admin: null,
    apiTokens: null,
    lastActive: null,
    reference: listed.reference ?? null,
    place: placeOf(listed),
    proposed: false,
    message: null,
  };
}

/** `2 API tokens (build, laptop), last used 2026-10-01`. */
export function tokenWords(tokens: readonly EntryToken[]): string {
  if (tokens.length === 0) return 'no API token';
  const used = tokens
    .flatMap(({ lastAccess }) => lastAccess ?? [])
    .toSorted()
    .at(-1)
    ?.slice(0, 10);
  const labels = tokens.map(({ label }) => label).join(', ');
  return `${many(tokens.length, 'API token')} (${labels}), ${used === undefined ? 'never used' : `last used ${used}`}`;
}

function placeOf(listed: ListedPerson | undefined): string | null {
  return listed === undefined ? null : `${listed.file}:${listed.line}`;
}
