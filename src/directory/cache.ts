// Caches people between look-ups of a plan, because rows about one person may be far apart. Bounded in memory.
import type { Activity, Group, Person, Refused } from '../model.ts';
import type { Directory, DirectoryResult, LookupRequest } from './directory.ts';
import { choosePerson, mergePeople } from './resolve-ambiguous.ts';

/** Size of the cache in characters, about 40,000 people. Keeps the first ones, because later passes have the same order. */
const maxSize = 24 << 20;
/** Most activities in the cache. Each takes a call, and this many calls take two hours. */
const maxActivities = 20_000;
/** Overhead of an entry beside its text. */
const overhead = 100;

/** The owners of an e-mail: one account id, several, or nobody. */
type EmailOwners = string | readonly string[] | Refused | null;
/** A person as JSON, which takes a tenth of the memory of an object. */
type CachedPerson = string | Refused | null;

/** The part of a directory that reads people. */
export type PeopleReader = Pick<Directory, 'lookUp' | 'activity' | 'person' | 'privileges' | 'apiTokens'>;

/**
 * A reader that remembers people. Use it only before the first change, because it does not notice changes. A look-up requests all
 * parts that an earlier one requested, so that every cached person has them.
 */
export function cached(directory: PeopleReader): PeopleReader {
  return cachingReader(directory, new Memory(), { memberships: false, products: false });
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
  return cachingReader(directory, memory, parts);
}

function cachingReader(directory: PeopleReader, filled: Memory, parts: Parts): PeopleReader {
  let [memory, cachedParts] = [filled, parts];
  const lookUp = async (request: LookupRequest) => {
    const now = {
      memberships: cachedParts.memberships || request.memberships,
      products: cachedParts.products || request.products,
    };
    if (now.memberships !== cachedParts.memberships || now.products !== cachedParts.products) memory = new Memory();
    cachedParts = now;
    const { found, unknown } = memory.recall(request);
    if (unknown.emails.size + unknown.accountIds.size + request.groupNames.size === 0)
      return { ...found, groups: new Map<string, Group>() };
    const fresh = await directory.lookUp({ ...unknown, groupNames: request.groupNames, ...cachedParts });
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
    if (read !== undefined && activities.size < maxActivities) activities.set(accountId, read);
    return read;
  };
  return {
    lookUp,
    activity,
    person: cachedRead((accountId) => directory.person(accountId)),
    privileges: cachedRead((accountId) => directory.privileges(accountId)),
    apiTokens: cachedRead((accountId) => directory.apiTokens(accountId)),
  };
}

/** Caches a read by account id, up to the size limit. */
function cachedRead<T>(read: (accountId: string) => Promise<T>): (accountId: string) => Promise<T> {
  const results = new Map<string, T>();
  return async (accountId) => {
    if (results.has(accountId)) return results.get(accountId) as T;
    const value = await read(accountId);
    if (results.size < maxActivities) results.set(accountId, value);
    return value;
  };
}

function merged<T>(older: ReadonlyMap<string, T>, fresh: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return older.size === 0 ? fresh : new Map([...older, ...fresh]);
}

type Names = Pick<LookupRequest, 'emails' | 'accountIds'>;

class Memory {
  readonly #emails = new Map<string, EmailOwners>();
  readonly #people = new Map<string, CachedPerson>();
  #remaining = maxSize;
  /** The whole directory was read. */
  isWhole = false;

  /** The cached results for these names, and the names that are not cached. */
  recall({ emails, accountIds }: Names): { found: Omit<DirectoryResult, 'groups'>; unknown: Names } {
    const people = new Map<string, Person>();
    const several = new Map<string, readonly string[]>();
    const refused = new Map<string, Refused>();
    const unknown = { emails: new Set<string>(), accountIds: new Set<string>() };
    for (const email of emails) {
      const owners = this.#emails.get(email);
      if (owners === undefined) unknown.emails.add(email);
      else if (typeof owners === 'string') people.set(email, JSON.parse(this.#people.get(owners) as string) as Person);
      else if (owners !== null && 'error' in owners) refused.set(email, owners);
      else if (owners !== null) several.set(email, owners);
    }
    for (const id of accountIds) {
      const entry = this.#people.get(id);
      if (entry === undefined) {
        if (!this.#isComplete) unknown.accountIds.add(id);
      } else if (typeof entry === 'string') people.set(id, JSON.parse(entry) as Person);
      else if (entry !== null) refused.set(id, entry);
    }
    return { found: { people, several, refused }, unknown };
  }

  /** Adds the results of a look-up to the cache, up to its size. */
  keep({ emails, accountIds }: Names, { people, several, refused }: DirectoryResult): void {
    for (const email of emails) {
      if (this.#remaining <= 0) return;
      const person = people.get(email);
      if (person !== undefined) this.#keepPerson(person.accountId, person);
      this.#emails.set(email, person?.accountId ?? several.get(email) ?? refused.get(email) ?? null);
      this.#remaining -= email.length + overhead;
    }
    for (const id of accountIds) {
      if (this.#remaining <= 0) return;
      this.#keepPerson(id, people.get(id) ?? refused.get(id) ?? null);
    }
  }

  /** Adds an entry of the list; several entries may be about one person. */
  add(person: Person): void {
    if (this.#remaining <= 0) return;
    const before = this.#people.get(person.accountId);
    const entries = typeof before === 'string' ? [JSON.parse(before) as Person] : [];
    const [whole = person] = mergePeople([...entries, person]);
    this.#people.delete(person.accountId);
    this.#keepPerson(person.accountId, whole);
  }

  /** Adds the owners of an e-mail among the added people. */
  addEmail(email: string, ids: readonly string[]): void {
    const entries = [...new Set(ids)].map((id) => this.#people.get(id)).filter((each) => typeof each === 'string');
    if (this.#remaining <= 0 || entries.length === 0) return;
    const choice = choosePerson(entries.map((each) => JSON.parse(each) as Person));
    this.#emails.set(email, 'one' in choice ? choice.one.accountId : choice.ids);
    this.#remaining -= email.length + overhead;
  }

  /** True when everybody in the directory is cached, so a missing person does not exist. */
  get #isComplete(): boolean {
    return this.isWhole && this.#remaining > 0;
  }

  #keepPerson(id: string, person: Person | Refused | null): void {
    const entry = person !== null && 'accountId' in person ? JSON.stringify(person) : person;
    // The first look-up of a person stays in the cache.
    if (typeof this.#people.get(id) === 'string') return;
    this.#people.set(id, entry);
    this.#remaining -= (typeof entry === 'string' ? entry.length : 0) + overhead;
  }
}
