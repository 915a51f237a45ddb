// Rows → planned records: looks people and groups up a batch at a time and lets plan.ts judge. Sends nothing that changes.
import { actions } from '../actions/actions.ts';
import type { Directory, Found, Wanted } from '../directory/directory.ts';
import { batch } from '../directory/people.ts';
import { type Reader, remembering } from '../directory/remember.ts';
import type { Row } from '../manifest/row.ts';
import type { Overview } from '../manifest/tally.ts';
import type { GuardSettings } from '../options.ts';
import { isPast, type Known, type Planned, planRecord } from '../plan.ts';
import { type ActionName, foldName, type JobRecord, type OutcomeName, type Person } from '../record.ts';
import type { Entry } from './spool.ts';

/** How earlier runs of the same report left a row. */
export interface Past {
  outcome(record: JobRecord): OutcomeName | undefined;
  sentOnly(key: string): boolean;
  /** Compares the manifest with that of earlier runs. */
  readonly changes?: { addNow(record: JobRecord): void };
}

/** Of a report that is new, or of none. */
export const noPast: Past = { outcome: () => undefined, sentOnly: () => false };

export interface Planner {
  /** Undefined when planning makes no call. */
  readonly directory: Directory | undefined;
  readonly overview: Overview;
  readonly guards: GuardSettings;
  readonly past: Past;
  readonly retryUnknown: boolean;
  /** Epoch ms that `notBefore` and inactivity are measured against. */
  readonly now: number;
}

/** Rows held for one batch of look-ups at the most, when few of them name new people. */
const window = 1000;

/** A planned or invalid row, or `past` for one that an earlier run has finished. */
export type Prepared = Entry | { readonly past: JobRecord };

/** Plans rows in their order. */
export async function* prepare(
  batches: AsyncIterable<readonly Row[]>,
  planner: Planner,
): AsyncGenerator<readonly Prepared[]> {
  const created = new Set<string>();
  const { directory, past: earlier } = planner;
  if (directory === undefined) {
    for await (const rows of batches) yield await planBatch(rows, { wanted: wantedBy([]), planner, created });
    return;
  }
  // Nothing is changed before all rows are planned, so what was read once holds for all of them.
  const reader = mayComeAgain(planner.overview) ? remembering(directory) : directory;
  let held: Row[] = [];
  let wanted = wantedBy(planner.overview.actions);
  for await (const rows of batches)
    for (const row of rows) {
      // Rows about the same person stay together.
      if (held.length >= window || (isFull(wanted) && row.kind === 'record' && isNew(row.record, wanted))) {
        yield await planBatch(held, { wanted, planner, created, reader });
        [held, wanted] = [[], wantedBy(planner.overview.actions)];
      }
      held.push(row);
      if (row.kind !== 'invalid') earlier.changes?.addNow(row.record);
      if (row.kind === 'record' && !past(row.record, planner)) collect(row.record, wanted);
    }
  yield await planBatch(held, { wanted, planner, created, reader });
}

/** Whether a person may stand in several rows that are not the same: of two actions, under two names, or with two groups or roles. */
function mayComeAgain({ actions: names, mayNameTwice }: Overview): boolean {
  const isAboutMore = (name: ActionName) => actions[name].needs.some((need) => need !== 'user' && need !== 'email');
  return names.length > 1 || mayNameTwice || names.some(isAboutMore);
}

type Collected = { -readonly [K in keyof Wanted]: Wanted[K] extends ReadonlySet<string> ? Set<string> : boolean };

/** Nobody yet, and what rows of these actions have to know of people. */
function wantedBy(names: readonly ActionName[]): Collected {
  const some = names.map((name) => actions[name]);
  return {
    emails: new Set(),
    accountIds: new Set(),
    groupNames: new Set(),
    memberships: some.some(
      ({ keeps, needs }) => keeps === 'person' || (needs.includes('user') && needs.includes('group')),
    ),
    products: some.some(({ frees }) => frees === 'seats'),
  };
}

function collect({ action, fields }: JobRecord, wanted: Collected): void {
  const { needs, risk } = actions[action];
  const person = needs.includes('user') || needs.includes('email');
  // Reading somebody whose id is known needs nothing from the directory.
  if (person && fields.accountId !== undefined && risk !== 'reads') wanted.accountIds.add(fields.accountId);
  if (person && fields.accountId === undefined && fields.email !== undefined) wanted.emails.add(fields.email);
  if (fields.groupName !== undefined && fields.groupId === undefined) wanted.groupNames.add(foldName(fields.groupName));
  for (const name of fields.groups ?? []) wanted.groupNames.add(foldName(name));
  wanted.products ||= fields.onlyIfInactiveDays !== undefined;
}

function isFull({ emails, accountIds }: Collected): boolean {
  return emails.size >= batch || accountIds.size >= batch;
}

/** Names a person who is not among those to be looked up. */
function isNew({ fields: { accountId, email } }: JobRecord, { emails, accountIds }: Collected): boolean {
  return accountId === undefined ? email !== undefined && !emails.has(email) : !accountIds.has(accountId);
}

function past(record: JobRecord, { past: earlier, retryUnknown }: Planner): boolean {
  return isPast(earlier.outcome(record), retryUnknown);
}

interface Batch {
  readonly wanted: Collected;
  readonly planner: Planner;
  /** Folded names of groups that earlier records create. */
  readonly created: Set<string>;
  /** Undefined when planning makes no call. */
  readonly reader?: Reader;
}

async function planBatch(rows: readonly Row[], { wanted, planner, created, reader }: Batch): Promise<Prepared[]> {
  const found = await reader?.lookUp(wanted);
  const activities = await readActivities(rows, found, { reader, now: planner.now });
  return rows.map((row) => {
    if (row.kind === 'invalid') return { invalid: row };
    if (past(row.record, planner)) return { past: row.record };
    if (row.kind === 'duplicate') return { planned: duplicate(row.record) };
    return { planned: plan(row.record, { found, planner, created, activities }) };
  });
}

function duplicate(record: JobRecord): Planned {
  const { groups: _, ...target } = record.fields;
  return { record, target, verdict: { verdict: 'skip', reason: 'duplicate', message: 'the same row stands earlier' } };
}

interface Read {
  readonly found: Found | undefined;
  readonly planner: Planner;
  readonly created: Set<string>;
  readonly activities: ReadonlyMap<string, Known['activity']>;
}

function plan(record: JobRecord, { found, planner, created, activities }: Read): Planned {
  const { fields, key } = record;
  const name = fields.groupName === undefined ? undefined : foldName(fields.groupName);
  const person = personOf(record, found);
  const outcome = planner.past.outcome(record);
  const planned = planRecord(
    record,
    {
      person,
      group:
        found === undefined || name === undefined || fields.groupId !== undefined
          ? undefined
          : (found.groups.get(name) ?? null),
      groupIds:
        fields.groups === undefined
          ? noGroups
          : new Map(fields.groups.map((each) => [each, idOfGroup(each, found, created)])),
      ...(found === undefined ? {} : { several: found.several }),
      ...refusedOf(record, found),
      activity: person ? activities.get(person.accountId) : undefined,
      created: name !== undefined && created.has(name),
      sent: outcome === 'unknown' ? 'retry' : planner.past.sentOnly(key) ? 'lost' : 'no',
      now: planner.now,
    },
    planner.guards,
  );
  if (actions[record.action].creates === 'group' && name !== undefined) created.add(name);
  return planned;
}

const noGroups: Known['groupIds'] = new Map();
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function idOfGroup(
  nameOrId: string,
  found: Found | undefined,
  created: ReadonlySet<string>,
): string | null | undefined {
  if (found === undefined) return nameOrId;
  const name = foldName(nameOrId);
  return found.groups.get(name)?.groupId ?? (created.has(name) ? null : uuid.test(nameOrId) ? nameOrId : undefined);
}

function personOf({ action, fields }: JobRecord, found: Found | undefined): Person | null | undefined {
  const { needs } = actions[action];
  if (found === undefined || !(needs.includes('user') || needs.includes('email'))) return undefined;
  if (fields.accountId === undefined)
    return fields.email === undefined ? undefined : (found.people.get(fields.email) ?? null);
  // Ids go as they are: one that the search does not show may still be known to the call.
  return found.people.get(fields.accountId);
}

/** Why nobody can tell whom or which group the row means, by the first name that the API refuses to look for. */
function refusedOf({ fields }: JobRecord, found: Found | undefined): Pick<Known, 'refused'> {
  if (found === undefined || found.refused.size === 0) return {};
  const { accountId, email, groupId, groupName, groups = [] } = fields;
  const names = [accountId ?? email, ...(groupId === undefined ? [groupName, ...groups] : groups).map(fold)];
  const refused = names.map((name) => found.refused.get(name ?? '')).find((each) => each !== undefined);
  return refused === undefined ? {} : { refused };
}

function fold(name: string | undefined): string | undefined {
  return name === undefined ? undefined : foldName(name);
}

async function readActivities(
  rows: readonly Row[],
  found: Found | undefined,
  { reader, now }: { reader: Reader | undefined; now: number },
) {
  const activities = new Map<string, Known['activity']>();
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

function activityOf({ products = [], addedToOrg }: Person): Known['activity'] {
  return addedToOrg === undefined ? { products } : { products, addedToOrg };
}
