// comparePeople: a list and the accounts of the directory → their differences. Pure: no call, no clock, no file.
import type { GuardSettings } from '../../config/settings.ts';
import type { ApiToken, Person } from '../../model.ts';
import { type Protection, protection } from '../../plan/guards.ts';
import { asciiDomain, comparable, type ListedPerson, type ListKind, type PeopleList } from './people-list.ts';

export interface Rules {
  readonly list: ListKind;
  /** Domains whose accounts must be on a list of staff, in lower case and ASCII. */
  readonly domains: ReadonlySet<string>;
  readonly guards: GuardSettings;
  /** The API shows who is an organization admin (v2). */
  readonly showsAdmins: boolean;
}

/** Why a person who has left is listed but not in the manifest. */
export type KeepReason = Protection | { readonly reason: 'mismatch'; readonly message: string };

/** An account with the line that names it, if one does. */
export interface Account {
  readonly person: Person;
  readonly listed?: ListedPerson;
}

/** Somebody who has left and still has access. */
export interface Leaver extends Account {
  /** Absent for those whom the manifest takes. */
  readonly kept?: KeepReason;
  /** With `--tokens`; `unread` when the organization may not read them, which is never the same as none. */
  readonly tokens?: readonly Pick<ApiToken, 'label' | 'lastAccess'>[] | 'unread';
}

/** The differences between a list and the directory, in the order of the directory and of the list. */
export interface Drift {
  /** People of the directory, apps and customers apart. */
  readonly people: number;
  readonly left: readonly Leaver[];
  /** Accounts with access that are missing from a list of staff, outside the domains that must be on it. */
  readonly outside: readonly Account[];
  readonly withoutAccount: readonly ListedPerson[];
  /** On a list of staff and suspended or deactivated. */
  readonly suspended: readonly Account[];
  /** Protected people with access who are missing from a list of staff, so the list can't be complete. */
  readonly missing: readonly (Account & { readonly kept: KeepReason })[];
  /** People with access per required domain. Counted per domain, so that guests of other domains can't hide a truncated list. */
  readonly byDomain: ReadonlyMap<string, DomainCount>;
}

export interface DomainCount {
  readonly people: number;
  readonly left: number;
}

/** True for people; false for apps, customers, and accounts that are not in the directory. */
export function isMember({ accountType = 'atlassian', status }: Person): boolean {
  return accountType === 'atlassian' && status !== 'not-invited';
}

/** Compares everybody. `accounts` holds each person once. */
export function comparePeople(accounts: readonly Person[], list: PeopleList, rules: Rules): Drift {
  const members = accounts.filter(isMember).map((person) => ({ person, named: list.find(person) }));
  const present = new Set(members.flatMap(({ named }) => named));
  const listed = members.flatMap(({ person, named }) => lineOf(person, named));
  const isStaff = rules.list === 'staff';
  const absent = isStaff ? members.filter(({ person, named }) => named.length === 0 && hasAccess(person)) : [];
  const expected = absent.filter(({ person }) => isExpected(person, rules));
  const leavers = isStaff
    ? expected.map(({ person }) => ({ person }))
    : listed.filter(({ person }) => hasAccess(person));
  const strangers = rules.domains.size === 0 ? absent : expected;
  return {
    people: members.length,
    left: leavers.map((account) => withKept(account, rules)),
    outside: absent.filter(({ person }) => !isExpected(person, rules)).map(({ person }) => ({ person })),
    withoutAccount: list.people.filter((each) => !present.has(each)),
    suspended: isStaff ? listed.filter(({ person }) => !hasAccess(person)) : [],
    missing: isStaff ? strangers.flatMap(({ person }) => missingOf(person, rules)) : [],
    byDomain: isStaff ? countByDomain(members, rules) : new Map(),
  };
}

interface Named {
  readonly person: Person;
  /** The lines that name the person. */
  readonly named: readonly ListedPerson[];
}

function countByDomain(members: readonly Named[], rules: Rules): Drift['byDomain'] {
  const expected = members.filter(({ person }) => hasAccess(person) && isExpected(person, rules));
  const byDomain = Map.groupBy(expected, ({ person: { email = '' } }) => domainOf(email));
  const counts = [...byDomain].map(([domain, all]): [string, DomainCount] => {
    const left = all.filter(({ named }) => named.length === 0).length;
    return [domain, { people: all.length, left }];
  });
  return new Map(counts);
}

/** In case of doubt, a person has access. */
function hasAccess({ status }: Person): boolean {
  return status === 'active' || status === 'unknown';
}

function isExpected({ email }: Person, { domains }: Rules): boolean {
  return email !== undefined && domains.has(domainOf(email));
}

function domainOf(email: string): string {
  return asciiDomain(email.slice(email.lastIndexOf('@') + 1));
}

/** Of several lines about one person, one that fits. */
function lineOf(person: Person, named: readonly ListedPerson[]): Required<Account>[] {
  const listed = named.find((each) => mismatch({ person, listed: each }) === undefined) ?? named[0];
  return listed === undefined ? [] : [{ person, listed }];
}

function withKept(account: Account, rules: Rules): Leaver {
  const kept = keptFor(account.person, rules) ?? mismatch(account);
  return kept === undefined ? account : { ...account, kept };
}

function keptFor(
  { accountId, email, admin }: Person,
  { guards, showsAdmins: tellsAdmins }: Rules,
): KeepReason | undefined {
  return protection({ people: [email, accountId], groups: [], admin, tellsAdmins }, guards);
}

function missingOf(person: Person, rules: Rules): Drift['missing'] {
  const kept = keptFor(person, rules);
  return kept?.reason === 'protected' ? [{ person, kept }] : [];
}

/** A line whose id and e-mail belong to two accounts is reported, never guessed. */
function mismatch({ person: { accountId, email }, listed }: Account): KeepReason | undefined {
  if (listed === undefined) return undefined;
  const { accountId: id = accountId, emails } = listed;
  const isSame =
    id === accountId &&
    (emails.length === 0 || email === undefined || emails.map(comparable).includes(comparable(email)));
  if (isSame) return undefined;
  const words = `${listed.file}:${listed.line} names ${[id, ...emails].join(' and ')}, but the directory shows ${email ?? 'no e-mail'} for ${accountId}`;
  return { reason: 'mismatch', message: words };
}
