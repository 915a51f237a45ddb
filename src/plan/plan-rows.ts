// `planRows`: rows → planned records. Looks people and groups up in batches; verdict.ts decides. Changes nothing.
import type { Address } from '../actions/action.ts';
import { actions } from '../actions/action-table.ts';
import type { Directory, LookupRequest } from '../directory/directory.ts';
import { batchSize } from '../directory/people.ts';
import { type PeopleReader, cached, readAhead } from '../directory/cache.ts';
import type { LookUpChoice } from '../directory/choose-look-up.ts';
import { canonical } from '../manifest/rows/record-key.ts';
import type { Row } from '../manifest/rows/row.ts';
import type { RowsOverview } from '../manifest/checks/check-counts.ts';
import type { GuardSettings } from '../config/settings.ts';
import type { ResumeState } from '../report/read/resume-state.ts';
import type { LastAdmin } from './verdicts/last-admin.ts';
import { type Duplicate, duplicate } from './verdicts/duplicate-verdict.ts';
import { isFinished, type PlannedRecord, planRow } from './verdict.ts';
import { type ActionName, foldName, type JobRecord } from '../model.ts';
import { lookupProblemOf, type FoundAll, namesGroupTwice, namesTwice, readOwners } from './mismatch.ts';
import { type PersonDetails, personOf, readDetails, readUnseen } from './activities.ts';
import { groupIdsOf, groupsOf, rememberGroups } from './row-groups.ts';
import type { PlanEntry } from './plan-entry.ts';

export interface PlanContext {
  /** Undefined when planning makes no call. */
  readonly directory: Directory | undefined;
  readonly overview: RowsOverview;
  readonly guards: GuardSettings;
  /** The outcomes of earlier runs of the same report. */
  readonly past: Pick<ResumeState, 'outcome' | 'isSentWithoutOutcome' | 'changes'> &
    Partial<Pick<ResumeState, 'rows' | 'gone'>>;
  readonly retryUnknown: boolean;
  readonly lastAdmin?: LastAdmin;
  /** Default: by name. */
  readonly lookUps?: LookUpChoice;
  /** Called with the number of rows each time some are planned. */
  readonly onBatch?: (rows: number) => void;
  /** Epoch ms; `notBefore` and inactivity are compared with it. */
  readonly now: number;
}

/** Most rows that wait for one batch of look-ups. */
const window = 1000;

/** A planned or invalid row, or `past` for one that an earlier run has finished. */
export type PreparedRow = PlanEntry | { readonly past: JobRecord };

/** Plans rows in their order. */
export async function* planRows(
  batches: AsyncIterable<readonly Row[]>,
  planContext: PlanContext,
): AsyncGenerator<readonly PreparedRow[]> {
  const planner = { ...planContext, directory: planContext.directory && rememberGroups(planContext.directory) };
  const created = new Set<string>();
  const invited = new Set<string>();
  const mismatched = new Set<string>();
  const { directory, past: earlier } = planner;
  if (directory === undefined) {
    for await (const rows of batches)
      yield await planBatch(rows, { request: emptyRequest([]), planner, created, invited, mismatched });
    return;
  }
  // Nothing changes before all rows are planned, so look-ups stay valid.
  const reader = await readerOf(planner, directory);
  let held: Row[] = [];
  let request = emptyRequest(planner.overview.actions);
  for await (const rows of batches)
    for (const row of rows) {
      // Rows about the same person stay together.
      if (held.length >= window || (isFull(request) && row.kind === 'record' && isNew(row.record, request))) {
        yield await planBatch(held, { request, planner, created, invited, mismatched, reader });
        [held, request] = [[], emptyRequest(planner.overview.actions)];
      }
      held.push(row);
      if (row.kind !== 'invalid') earlier.changes.addNow(row.record);
      if (isLookedUp(row) && !past(row.record, planner)) collect(row.record, request, directory.address);
    }
  yield await planBatch(held, { request, planner, created, invited, mismatched, reader });
}

async function readerOf({ overview, lookUps }: PlanContext, directory: Directory): Promise<PeopleReader> {
  if (!lookUps?.readsAll) return mayComeAgain(overview) ? cached(directory) : directory;
  const { memberships, products } = emptyRequest(overview.actions);
  const parts = { memberships, products: products || overview.hasCondition };
  return readAhead(directory, (name) => overview.people.has(name), parts);
}

/** A repeated row with an id and a name is looked up too, because the earlier row may be the mismatched one. */
function isLookedUp(row: Row): row is Exclude<Row, { kind: 'invalid' }> {
  return row.kind === 'record' || (row.kind === 'duplicate' && namesTwice(row.record));
}

/** Whether one person may occur in several different rows: two actions, two names, two groups or roles. */
function mayComeAgain({ actions: names, mayNameTwice }: RowsOverview): boolean {
  const isAboutMore = (name: ActionName) => actions[name].needs.some((need) => need !== 'user' && need !== 'email');
  return names.length > 1 || mayNameTwice || names.some(isAboutMore);
}

type Collected = {
  -readonly [K in keyof LookupRequest]: LookupRequest[K] extends ReadonlySet<string> ? Set<string> : boolean;
};

/** An empty request for the data that these actions need. */
function emptyRequest(names: readonly ActionName[]): Collected {
  const present = names.map((name) => actions[name]);
  return {
    emails: new Set(),
    accountIds: new Set(),
    groupNames: new Set(),
    memberships: present.some(
      ({ snapshots: keeps, needs }) => keeps === 'person' || (needs.includes('user') && needs.includes('group')),
    ),
    products: present.some(({ freesSeat: frees }) => frees === 'seats'),
  };
}

function collect({ action, fields }: JobRecord, request: Collected, { generation }: Address): void {
  const { needs, risk } = actions[action];
  const person = needs.includes('user') || needs.includes('email');
  // A read by account id needs no look-up, unless an e-mail must be compared with the id.
  if (person && fields.accountId !== undefined && (risk !== 'reads' || fields.email !== undefined))
    request.accountIds.add(fields.accountId);
  // A v2 search takes ten times as many e-mails as ids, so the id is looked up only if the e-mail does not lead to it.
  if (person && fields.email !== undefined && (fields.accountId === undefined || generation === 'v2'))
    request.emails.add(fields.email);
  if (fields.groupName !== undefined && (fields.groupId === undefined || namesGroupTwice({ action, fields })))
    request.groupNames.add(foldName(fields.groupName));
  for (const name of fields.groups ?? []) request.groupNames.add(foldName(name));
  request.products ||= fields.onlyIfInactiveDays !== undefined;
  request.memberships ||= fields.products !== undefined;
}

function isFull({ emails, accountIds }: Collected): boolean {
  return emails.size >= batchSize || accountIds.size >= batchSize;
}

/** Whether the record names a person who is not in the batch yet. */
function isNew({ fields: { accountId, email } }: JobRecord, { emails, accountIds }: Collected): boolean {
  return accountId === undefined ? email !== undefined && !emails.has(email) : !accountIds.has(accountId);
}

function past(record: JobRecord, { past: earlier, retryUnknown }: PlanContext): boolean {
  return isFinished(earlier.outcome(record), retryUnknown);
}

interface Batch {
  readonly request: Collected;
  readonly planner: PlanContext;
  /** Folded names of groups that earlier records create. */
  readonly created: Set<string>;
  /** E-mails that earlier records invite. */
  readonly invited: Set<string>;
  /** Rows that were skipped because they name two people or groups, by their canonical text. */
  readonly mismatched: Set<string>;
  /** Undefined when planning makes no call. */
  readonly reader?: PeopleReader | undefined;
}

async function planBatch(rows: readonly Row[], { request, reader, ...batched }: Batch): Promise<PreparedRow[]> {
  const { planner, mismatched } = batched;
  const found = await lookUp(rows, { request, planner, reader });
  const open = rows.filter((row) => row.kind === 'invalid' || !past(row.record, planner));
  const details = await readDetails(open, found, { reader, planner });
  return rows.map((row) => {
    if (row.kind === 'invalid') return { invalid: row };
    if (past(row.record, planner)) {
      if (mismatched.size > 0) mismatched.delete(canonical(row.record));
      return { past: row.record };
    }
    const read = { found, ...details, ...batched };
    return { planned: row.kind === 'duplicate' ? planRepeated(row, read) : planFirst(row.record, read) };
  });
}

/** The look-up of all people and groups that the rows name; undefined if planning makes no call. */
async function lookUp(
  rows: readonly Row[],
  { request, planner, reader }: Pick<Batch, 'request' | 'planner' | 'reader'>,
): Promise<FoundAll | undefined> {
  const { directory } = planner;
  if (reader === undefined || directory === undefined) return undefined;
  const { generation } = directory.address;
  const found = await reader.lookUp(request);
  const records = rows.flatMap((row) => (isLookedUp(row) && !past(row.record, planner) ? [row.record] : []));
  const all = await readOwners(records, { found, request }, { reader, directory, generation });
  return generation === 'v1' ? all : { ...all, unseen: await readUnseen(records, all, reader) };
}

function planFirst(record: JobRecord, read: Read): PlannedRecord {
  const planned = plan(record, read);
  if (isMismatch(planned)) read.mismatched.add(canonical(record));
  return planned;
}

/** Skips a duplicate, unless the earlier row was a mismatch and this one is not. */
function planRepeated(row: Duplicate, read: Read): PlannedRecord {
  const { record } = row;
  if (read.found === undefined || !namesTwice(record)) return duplicate(row);
  const planned = plan(record, read);
  return isMismatch(planned) || read.mismatched.delete(canonical(record)) ? planned : duplicate(row);
}

function isMismatch({ verdict }: PlannedRecord): boolean {
  return verdict.verdict === 'skip' && verdict.reason === 'mismatch';
}

interface Read extends PersonDetails {
  readonly found: FoundAll | undefined;
  readonly planner: PlanContext;
  readonly created: Set<string>;
  readonly invited: Set<string>;
  readonly mismatched: Set<string>;
}

function plan(
  record: JobRecord,
  { found, planner, created, invited, activities, accounts, seatSources }: Read,
): PlannedRecord {
  const { fields, key } = record;
  const name = fields.groupName === undefined ? undefined : foldName(fields.groupName);
  // A person whom an earlier row invites is not in the directory yet, so their roles are unknown.
  const isInvited = fields.accountId !== undefined && invited.has(fields.email ?? '');
  const shown = personOf(record, found);
  const person = isInvited ? (shown ?? undefined) : shown;
  const outcome = planner.past.outcome(record);
  const planned = planRow(
    record,
    {
      person,
      group:
        found === undefined || name === undefined || fields.groupId !== undefined
          ? undefined
          : (found.groups.get(name) ?? null),
      groupIds: groupIdsOf(fields.groups, found, created),
      seatSources,
      groups: groupsOf(record, found),
      ...(found === undefined ? {} : { several: found.several, ...lookupProblemOf(record, found) }),
      activity: person ? activities.get(person.accountId) : undefined,
      account: accounts.get(fields.accountId ?? person?.accountId ?? ''),
      showsAdmins: planner.directory?.address.generation === 'v2' && !isInvited,
      created: name !== undefined && created.has(name),
      gone: planner.past.gone?.(fields),
      sent: outcome === 'unknown' ? 'retry' : planner.past.isSentWithoutOutcome(key) ? 'lost' : 'no',
      now: planner.now,
    },
    planner.guards,
  );
  if (actions[record.action].createsGroup === 'group' && name !== undefined) created.add(name);
  if (record.action === 'invite-user' && fields.email !== undefined) invited.add(fields.email);
  return planner.lastAdmin?.(planned) ?? planned;
}
