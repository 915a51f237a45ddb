// Finds the person of a record in the look-ups, and reads last-active dates and other details.
import { actions } from '../actions/action-table.ts';
import { isChange } from './guards.ts';
import type { FoundAll } from './mismatch.ts';
import type { Directory, DirectoryResult } from '../directory/directory.ts';
import type { PeopleReader } from '../directory/cache.ts';
import type { AccountFacts } from '../directory/managed-accounts.ts';
import { readAccounts } from './accounts/read-accounts.ts';
import type { Row } from '../manifest/rows/row.ts';
import { readSeatSources, type SeatSources } from './seats/released-seats.ts';
import type { LookupResult } from './verdict.ts';
import type { JobRecord, Person } from '../model.ts';

/** The person of a record: null when the directory shows nobody for its e-mail, undefined when not looked up. */
export function personOf(
  { action, fields }: JobRecord,
  found: (DirectoryResult & Pick<FoundAll, 'unseen'>) | undefined,
): Person | null | undefined {
  const { needs } = actions[action];
  if (found === undefined || !(needs.includes('user') || needs.includes('email'))) return undefined;
  if (fields.accountId === undefined)
    return fields.email === undefined ? undefined : (found.people.get(fields.email) ?? null);
  // Ids are used unchanged: the call may know an account that the search does not show.
  return found.people.get(fields.accountId) ?? found.unseen?.get(fields.accountId);
}

/** Reads the people whose account ids the search does not show (v2). */
export async function readUnseen(
  records: readonly JobRecord[],
  { people, refused }: DirectoryResult,
  reader: PeopleReader,
): Promise<ReadonlyMap<string, Person | null | undefined>> {
  const ids = records.flatMap(({ action, fields: { accountId } }) =>
    isChange(action) && actions[action].needs.includes('user') && accountId !== undefined ? [accountId] : [],
  );
  const unseen = [...new Set(ids)].filter((id) => !people.has(id) && !refused.has(id));
  return new Map(await Promise.all(unseen.map(async (id) => [id, await reader.person(id)] as const)));
}

/** Details of people that some rows need beside the look-up. */
export interface PersonDetails {
  /** By account id. */
  readonly activities: ReadonlyMap<string, LookupResult['activity']>;
  /** By account id. */
  readonly accounts: ReadonlyMap<string, AccountFacts>;
  readonly seatSources: SeatSources;
}

/** Reads last-active dates, privileges for managed accounts, and the groups and roles that give access to products. */
export async function readDetails(
  rows: readonly Row[],
  found: FoundAll | undefined,
  {
    reader,
    planner,
  }: { reader: PeopleReader | undefined; planner: { readonly directory: Directory | undefined; readonly now: number } },
): Promise<PersonDetails> {
  const records = rows.flatMap((row) => (row.kind === 'invalid' ? [] : [row.record]));
  return {
    activities: await readActivities(rows, found, { reader, now: planner.now }),
    accounts: await readAccounts(rows, { reader, personOf: (record) => personOf(record, found), now: planner.now }),
    seatSources: await readSeatSources(records, (record) => personOf(record, found), planner.directory),
  };
}

/** Reads the last activity of all people whose rows depend on it, by account id. */
async function readActivities(
  rows: readonly Row[],
  found: FoundAll | undefined,
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
