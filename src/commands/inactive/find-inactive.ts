// People without activity → manifest rows, under the same rules that `onlyIfInactiveDays` has in a run. Reads only.
import type { ManifestRow } from '../../actions/action.ts';
import { actions } from '../../actions/action-table.ts';
import { notInactive } from '../../plan/inactivity.ts';
import type { Directory } from '../../directory/directory.ts';
import { protection } from '../../plan/guards.ts';
import type { GuardSettings } from '../../config/settings.ts';
import type { ActionName, Person } from '../../model.ts';

export interface InactiveQuery {
  readonly days: number;
  readonly action: ActionName;
  readonly products: readonly string[] | undefined;
  readonly guards: GuardSettings;
  /** Epoch ms. */
  readonly now: number;
}

/** A row for somebody inactive, or why somebody was left out. */
export type InactiveFinding =
  | { readonly row: ManifestRow; readonly person: Person }
  | { readonly leftOut: string; readonly person: Person };

/** How many last-active dates are read at a time when no search tells them. */
const side = 50;

/** Goes through everybody once. v2 tells the activity of 100 people in one call; where it doesn't, each is asked for. */
export async function* findInactive(directory: Directory, query: InactiveQuery): AsyncGenerator<InactiveFinding> {
  let some: Person[] = [];
  for await (const person of directory.list()) {
    if (actions[query.action].isDone({ person }, {}) === true || person.status === 'not-invited') continue;
    some.push(person);
    if (some.length < side) continue;
    yield* judge(some, directory, query);
    some = [];
  }
  yield* judge(some, directory, query);
}

async function* judge(
  people: readonly Person[],
  directory: Directory,
  query: InactiveQuery,
): AsyncGenerator<InactiveFinding> {
  const found = await Promise.all(people.map((person) => judgeOne(person, directory, query)));
  yield* found;
}

async function judgeOne(person: Person, directory: Directory, query: InactiveQuery): Promise<InactiveFinding> {
  const { days, action, products, guards, now } = query;
  if (person.status === 'deactivated') return { leftOut: 'a deactivated account', person };
  const guarded = protection({ people: [person.accountId, person.email], groups: [], admin: person.admin }, guards);
  if (guarded !== undefined) return { leftOut: guarded.message, person };
  if (person.accountType !== undefined && person.accountType !== 'atlassian')
    return { leftOut: `an account of type ${person.accountType}`, person };
  const added = person.addedToOrg === undefined ? {} : { addedToOrg: person.addedToOrg };
  const activity =
    person.products === undefined
      ? await directory.activity(person.accountId)
      : { products: person.products, ...added };
  const leftOut = notInactive({ person, activity: activity ?? 'unread', products, days, now });
  if (leftOut !== undefined) return { leftOut, person };
  const email = person.email === undefined ? {} : { email: person.email };
  const condition = { onlyIfInactiveDays: days, ...(products === undefined ? {} : { products }) };
  return { row: { action, accountId: person.accountId, ...email, ...condition }, person };
}
