// Resolves several entries for one name: a person listed twice, two accounts with one e-mail, two groups with one name. Never chooses arbitrarily. Pure.
import type { Group, Person } from '../model.ts';

/** The result for a name: exactly one entry, or the ids of several. */
export type Choice<T> = { readonly one: T } | { readonly ids: readonly string[] };

/** Merges the entries of each person; the API may return one per directory. If they disagree, the status is unknown. */
export function mergePeople(entries: readonly Person[]): Person[] {
  return [...Map.groupBy(entries, ({ accountId }) => accountId).values()].map((same) => same.reduce(merge));
}

function merge(first: Person, other: Person): Person {
  const groups = first.groups && other.groups && [...first.groups, ...other.groups];
  const products = first.products && other.products && [...first.products, ...other.products];
  const { groups: _, products: __, ...rest } = { ...first, ...other };
  return {
    ...rest,
    status: first.status === other.status ? first.status : 'unknown',
    admin: first.admin === true || other.admin === true ? true : first.admin === undefined ? undefined : other.admin,
    ...(groups === undefined ? {} : { groups }),
    ...(products === undefined ? {} : { products }),
  };
}

/** The owner of an e-mail: accounts of people go before those of apps and portal customers with the same address. */
export function choosePerson(people: readonly Person[]): Choice<Person> {
  const own = people.filter(({ accountType = 'atlassian' }) => accountType === 'atlassian');
  const [one, ...others] = own.length > 0 ? own : people;
  return one !== undefined && others.length === 0 ? { one } : { ids: people.map(({ accountId }) => accountId) };
}

export function chooseGroup(groups: readonly Group[]): Choice<Group> {
  const byId = new Map(groups.map((group) => [group.groupId.toLowerCase(), group]));
  const [one, ...others] = byId.values();
  return one !== undefined && others.length === 0 ? { one } : { ids: [...byId.keys()] };
}
