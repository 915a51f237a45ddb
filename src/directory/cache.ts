// Caches people between look-ups of a plan, because rows about one person may be far apart. Bounded in memory.
import type { Activity, Group, Person, Refused } from '../model.ts';
import type { Directory, DirectoryResult, LookupRequest } from './directory.ts';
import { choosePerson, mergePeople } from './resolve-ambiguous.ts';

/** Size of the cache in characters, about 40,000 people. Keeps the first ones, because later passes have the same order. */
const room = 24 << 20;
/** Most activities in the cache. Each takes a call, and this many calls take two hours. */
const mostActivities = 20_000;
/** Overhead of an entry beside its text. */
const overhead = 100;

/** The owners of an e-mail: one account id, several, or nobody. */
type Meant = string | readonly string[] | Refused | null;
/** A person as JSON, which takes a tenth of the memory of an object. */
type Kept = string | Refused | null;

/** The part of a directory that reads people. */
export type PeopleReader = Pick<Directory, 'lookUp' | 'activity' | 'person' | 'privileges' | 'apiTokens'>;

/**
 * A reader that remembers people. Use it only before the first change, because it does not notice changes. A look-up requests all
 * parts that an earlier one requested, so that every cached person has them.
 */
export function cached(directory: PeopleReader): PeopleReader {
  return remembering(directory, new Memory(), { memberships: false, products: false });
}

type Parts = Pick<LookupRequest, 'memberships' | 'products'>;

/**
 * Reads the whole directory once and keeps the people whom `isWanted` names by account id or e-mail. Those who are not in it are looked
 * up by e-mail only, because some people hide theirs. Throws StopError when the list can't be read to its end.
 */
export async function readAhead(
  directory: PeopleReader & Pick<Directory, 'list'>,
  isWanted: (name: string) => boolean,
  parts: Parts,
): Promise<PeopleReader> {
  const memory = new Memory();
  const named = new Map<string, string[]>();
  for await (const person of directory.list(parts)) {
    const { accountId, email = '' } = person;
    if (!isWanted(accountId) && !isWanted(email)) continue;
    memory.add(person);
    if (isWanted(email)) named.set(email, [...(named.get(email) ?? []), accountId]);
  }
  for (const [email, ids] of named) memory.addEmail(email, ids);
  memory.isWhole = true;
  return remembering(directory, memory, parts);
}

function remembering(directory: PeopleReader, known: Memory, parts: Parts): PeopleReader {
  let [memory, asked] = [known, parts];
  const lookUp = async (wanted: LookupRequest) => {
    const now = { memberships: asked.memberships || wanted.memberships, products: asked.products || wanted.products };
    if (now.memberships !== asked.memberships || now.products !== asked.products) memory = new Memory();
    asked = now;
    const { found, unknown } = memory.recall(wanted);
    if (unknown.emails.size + unknown.accountIds.size + wanted.groupNames.size === 0)
      return { ...found, groups: new Map<string, Group>() };
    const fresh = await directory.lookUp({ ...unknown, groupNames: wanted.groupNames, ...asked });
    memory.keep(unknown, fresh);
    return {
      people: merged(found.people, fresh.people),
      groups: fresh.groups,
      several: merged(found.several, fresh.several),
      refused: merged(found.refused, fresh.refused),
    };
  };
  const activities = new Map<string, Activity>();
  const activity = async (accountId: string) => {
    const read = activities.get(accountId) ?? (await directory.activity(accountId));
    if (read !== undefined && activities.size < mostActivities) activities.set(accountId, read);
    return read;
  };
  return {
    lookUp,
    activity,
    person: remembered((accountId) => directory.person(accountId)),
    privileges: remembered((accountId) => directory.privileges(accountId)),
    apiTokens: remembered((accountId) => directory.apiTokens(accountId)),
  };
}

/** Caches a read by account id, up to the size limit. */
function remembered<T>(read: (accountId: string) => Promise<T>): (accountId: string) => Promise<T> {
  const known = new Map<string, T>();
  return async (accountId) => {
    if (known.has(accountId)) return known.get(accountId) as T;
    const value = await read(accountId);
    if (known.size < mostActivities) known.set(accountId, value);
    return value;
  };
}

function merged<T>(known: ReadonlyMap<string, T>, fresh: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return known.size === 0 ? fresh : new Map([...known, ...fresh]);
}

type Names = Pick<LookupRequest, 'emails' | 'accountIds'>;

class Memory {
  readonly #emails = new Map<string, Meant>();
  readonly #people = new Map<string, Kept>();
  #room = room;
  /** The whole directory was read. */
  isWhole = false;

  /** The cached results for these names, and the names that are not cached. */
  recall({ emails, accountIds }: Names): { found: Omit<DirectoryResult, 'groups'>; unknown: Names } {
    const people = new Map<string, Person>();
    const several = new Map<string, readonly string[]>();
    const refused = new Map<string, Refused>();
    const unknown = { emails: new Set<string>(), accountIds: new Set<string>() };
    for (const email of emails) {
      const meant = this.#emails.get(email);
      if (meant === undefined) unknown.emails.add(email);
      else if (typeof meant === 'string') people.set(email, JSON.parse(this.#people.get(meant) as string) as Person);
      else if (meant !== null && 'error' in meant) refused.set(email, meant);
      else if (meant !== null) several.set(email, meant);
    }
    for (const id of accountIds) {
      const kept = this.#people.get(id);
      if (kept === undefined) {
        if (!this.#isComplete) unknown.accountIds.add(id);
      } else if (typeof kept === 'string') people.set(id, JSON.parse(kept) as Person);
      else if (kept !== null) refused.set(id, kept);
    }
    return { found: { people, several, refused }, unknown };
  }

  /** Adds the results of a look-up to the cache, up to its size. */
  keep({ emails, accountIds }: Names, { people, several, refused }: DirectoryResult): void {
    for (const email of emails) {
      if (this.#room <= 0) return;
      const person = people.get(email);
      if (person !== undefined) this.#keepPerson(person.accountId, person);
      this.#emails.set(email, person?.accountId ?? several.get(email) ?? refused.get(email) ?? null);
      this.#room -= email.length + overhead;
    }
    for (const id of accountIds) {
      if (this.#room <= 0) return;
      this.#keepPerson(id, people.get(id) ?? refused.get(id) ?? null);
    }
  }

  /** Adds an entry of the list; several entries may be about one person. */
  add(person: Person): void {
    if (this.#room <= 0) return;
    const before = this.#people.get(person.accountId);
    const known = typeof before === 'string' ? [JSON.parse(before) as Person] : [];
    const [whole = person] = mergePeople([...known, person]);
    this.#people.delete(person.accountId);
    this.#keepPerson(person.accountId, whole);
  }

  /** Adds the owners of an e-mail among the added people. */
  addEmail(email: string, ids: readonly string[]): void {
    const kept = [...new Set(ids)].map((id) => this.#people.get(id)).filter((each) => typeof each === 'string');
    if (this.#room <= 0 || kept.length === 0) return;
    const choice = choosePerson(kept.map((each) => JSON.parse(each) as Person));
    this.#emails.set(email, 'one' in choice ? choice.one.accountId : choice.ids);
    this.#room -= email.length + overhead;
  }

  /** True when everybody in the directory is cached, so a missing person does not exist. */
  get #isComplete(): boolean {
    return this.isWhole && this.#room > 0;
  }

  #keepPerson(id: string, what: Person | Refused | null): void {
    const kept = what !== null && 'accountId' in what ? JSON.stringify(what) : what;
    // The first look-up of a person stays in the cache.
    if (typeof this.#people.get(id) === 'string') return;
    this.#people.set(id, kept);
    this.#room -= (typeof kept === 'string' ? kept.length : 0) + overhead;
  }
}
