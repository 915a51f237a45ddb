// The person of a record, from the look-ups, and when that person was last active.
import { actions } from '../actions/action-table.ts';
import type { DirectoryResult } from '../directory/directory.ts';
import type { PeopleReader } from '../directory/cache.ts';
import type { Row } from '../manifest/rows/row.ts';
import type { LookupResult } from './verdict.ts';
import type { JobRecord, Person } from '../model.ts';

/** The person of a record: null if the directory shows nobody for the e-mail, undefined if nothing was looked up. */
export function personOf({ action, fields }: JobRecord, found: DirectoryResult | undefined): Person | null | undefined {
  const { needs } = actions[action];
  if (found === undefined || !(needs.includes('user') || needs.includes('email'))) return undefined;
  if (fields.accountId === undefined)
    return fields.email === undefined ? undefined : (found.people.get(fields.email) ?? null);
  // An id that the search does not show is used unchanged; the call itself may know it.
  return found.people.get(fields.accountId);
}

/** Reads the last activity of all people whose rows depend on it, by account id. */
export async function readActivities(
  rows: readonly Row[],
  found: DirectoryResult | undefined,
  { reader, now }: { reader: PeopleReader | undefined; now: number },
) {
  const activities = new Map<string, LookupResult['activity']>();
  if (found === undefined) return activities;
  const people = new Set(
    rows.flatMap((row) => {
      const due = row.kind === 'record' && !(Date.parse(row.record.fields.notBefore ?? '') > now);
      const person =
        due && row.record.fields.onlyIfInactiveDays !== undefined ? personOf(row.record, found) : undefined;
      return person ? [person] : [];
    }),
  );
  await Promise.all(
    [...people].map(async (person) => {
      const read = person.products === undefined ? await reader?.activity(person.accountId) : activityOf(person);
      activities.set(person.accountId, read ?? 'unread');
    }),
  );
  return activities;
}

function activityOf({ products = [], addedToOrg }: Person): LookupResult['activity'] {
  return addedToOrg === undefined ? { products } : { products, addedToOrg };
}
