// `PlanSummaryBuilder`: counts planned records as they stream by - verdicts by action, people by name, calls, seats.
import type { Action, Target } from '../actions/action.ts';
import { actions } from '../actions/action-table.ts';
import { adminsUntold } from '../text/admins-untold.ts';
import { isChange } from './guards.ts';
import { endedPart, type KeptSeat, SeatLedger } from '../report/seat-ledger.ts';
import type { RowsOverview } from '../manifest/checks/check-counts.ts';
import { describeRow } from './describe-row.ts';
import type { PlannedRecord } from './verdict.ts';
import { type ActionName, type Generation, type OutcomeName, subjectOf } from '../model.ts';

/** Most records to name per reversible action, and per reason why records are left out. */
const shown = 5;
const shownLeft = 3;
/** Irreversible records are all shown; the bound keeps memory flat, and `plan --out` has every row. */
const shownIrreversible = 10_000;

/** A record for display: its person or group, parameters, place, and why it is left out. */
export interface Shown {
  readonly line: number;
  readonly file: string;
  readonly who: string;
  /** Roles, products, groups; absent without parameters. */
  readonly does?: string;
  readonly message?: string;
}

/** Counts of one action. `skip` by reason. */
export interface ActionPlan {
  run: number;
  already: number;
  held: number;
  /** Records to run that the API will probably refuse. */
  refused: number;
  /** Records whose people the API refuses to search for. */
  failed: number;
  settled: number;
  unknown: number;
  readonly skip: Record<string, number>;
  readonly first: Shown[];
  /** The first records that are not run, by verdict, or by reason when skipped. Those under `refused` run even so. */
  readonly left: Record<string, Shown[]>;
}

export interface PlanSummary {
  readonly rows: number;
  /** Rows that an earlier run has finished. */
  readonly past: number;
  /** Of these, rows with the outcome `unknown`, which a person must check. */
  readonly pastUnknown: number;
  readonly invalid: number;
  readonly duplicates: number;
  readonly actions: Readonly<Partial<Record<ActionName, ActionPlan>>>;
  /** Records to run, by action; guards check them. */
  readonly toRun: Readonly<Partial<Record<ActionName, number>>>;
  /** Records to run that change something. */
  readonly changes: number;
  /** Calls for the changes, without look-ups. */
  readonly calls: number;
  /** Most calls for the look-ups of people, each time the manifest is planned. */
  readonly lookUps: number;
  /** Seats freed, by product key: people whose access ends and who have the product. */
  readonly seats: Readonly<Record<string, number>>;
  /** People of a release who keep their seat, because they stay in groups that give it. */
  readonly seatsKept: readonly KeptSeat[];
  /** Seats taken, by product key: invitations and roles on a product; those of restored people are unknown. */
  readonly seatsTaken: Readonly<Record<string, number>>;
  /** Sentences about what this API generation does differently. */
  readonly caveats: readonly string[];
}

/** A record for display, with its parameters. */
export function nameRecord(planned: PlannedRecord): Shown {
  const { file, line, fields } = planned.record;
  const named = personName(planned);
  const does = describeRow(fields);
  return {
    file,
    line,
    who: subjectOf({ ...fields, ...(named === undefined ? {} : { email: named }) }),
    ...(does === '' ? {} : { does }),
  };
}

function personName({ record: { fields }, displayName }: PlannedRecord): string | undefined {
  const person = fields.email ?? fields.accountId;
  return displayName === undefined || person === undefined ? person : `${displayName} <${person}>`;
}

function none(): ActionPlan {
  return { run: 0, refused: 0, already: 0, held: 0, failed: 0, settled: 0, unknown: 0, skip: {}, first: [], left: {} };
}

function addLeft(planned: PlannedRecord, { left }: ActionPlan): void {
  const { verdict } = planned;
  const why = verdict.verdict === 'run' ? 'refused' : verdict.verdict === 'skip' ? verdict.reason : verdict.verdict;
  const examples = (left[why] ??= []);
  const { message } = verdict;
  const subject = subjectOf(planned.record.fields);
  // Drops a message that only repeats the subject.
  const isSaid = why !== 'refused' && subject !== '' && message?.includes(subject) === true;
  const more = message === undefined || isSaid ? {} : { message };
  if (examples.length < shownLeft) examples.push({ ...nameRecord(planned), ...more });
}

/** `confluence` of `ari:cloud:confluence::site/…`. */
function productOf(resource: string | undefined): string | undefined {
  return /^ari:cloud:([a-z0-9-]+):[^:]*:site\//.exec(resource ?? '')?.[1];
}

/** The caveat of every plan with onlyIfInactiveDays. */
const lag = 'last-active dates are up to 24 hours late, so a person who was active today may look inactive';

/** The caveat of an experimental endpoint. */
const experimentalOn = (name: ActionName, generation: Generation) =>
  `the endpoint of ${name} on API ${generation} is published as experimental and may change without notice`;

/** v2 takes one role per call, and the current roles are read first. */
function callsOf(action: Action, { roles = [], resource }: Target, generation: Generation): number {
  if (generation === 'v1') return 1;
  const changes = action.needs.includes('roles') ? roles.length : 1;
  const looks =
    action.readBefore !== undefined && (action.snapshots === 'person' || roles.length > 0 || resource !== undefined);
  return changes + (looks ? 1 : 0);
}

/** Counts planned records. */
export class PlanSummaryBuilder {
  #rows = 0;
  #past = 0;
  #pastUnknown = 0;
  #invalid = 0;
  #duplicates = 0;
  #calls = 0;
  readonly #actions: Partial<Record<ActionName, ActionPlan>> = {};
  readonly #taken: Record<string, number> = {};
  readonly #seats: SeatLedger;
  readonly #caveats = new Set<string>();
  readonly #generation: Generation;

  constructor(generation: Generation, { actions: names, mayNameTwice }: RowsOverview) {
    this.#generation = generation;
    const freeing = names.filter((name) => actions[name].freesSeat === 'seats');
    this.#seats = new SeatLedger(freeing.length > 1 || mayNameTwice ? undefined : 'once');
  }

  addPast(outcome: OutcomeName | undefined): void {
    this.#rows += 1;
    this.#past += 1;
    if (outcome === 'unknown') this.#pastUnknown += 1;
  }

  addInvalid(): void {
    this.#rows += 1;
    this.#invalid += 1;
  }

  add(planned: PlannedRecord): void {
    this.#rows += 1;
    const { action } = planned.record;
    const counts = (this.#actions[action] ??= none());
    const { verdict } = planned;
    if (verdict.verdict === 'skip') {
      if (verdict.reason === 'duplicate') this.#duplicates += 1;
      counts.skip[verdict.reason] = (counts.skip[verdict.reason] ?? 0) + 1;
    } else counts[verdict.verdict] += 1;
    if (verdict.verdict === 'run') this.#addRun(planned, counts);
    else addLeft(planned, counts);
  }

  #addRun(planned: PlannedRecord, counts: ActionPlan): void {
    const { record, target } = planned;
    const action = actions[record.action];
    if (planned.verdict.message !== undefined) {
      counts.refused += 1;
      addLeft(planned, counts);
    }
    const maxShown = action.risk === 'irreversible' ? shownIrreversible : shown;
    if (counts.first.length < maxShown) counts.first.push(nameRecord(planned));
    this.#calls += callsOf(action, target, this.#generation);
    if (record.fields.onlyIfInactiveDays !== undefined) this.#caveats.add(lag);
    const isAboutPerson = isChange(record.action) && action.needs.includes('user');
    const untold = isAboutPerson ? adminsUntold(this.#generation) : undefined;
    const experimental =
      action.experimental === this.#generation ? experimentalOn(record.action, this.#generation) : undefined;
    for (const caveat of [untold, experimental, action.caveat(target, this.#generation)])
      if (caveat !== undefined) this.#caveats.add(caveat);
    this.#addSeats(planned);
    const product = action.takesSeat === 'seat' ? productOf(target.resource) : undefined;
    if (product !== undefined) this.#taken[product] = (this.#taken[product] ?? 0) + 1;
  }

  #addSeats(planned: PlannedRecord): void {
    const { seats = [], target } = planned;
    if (seats.length === 0) return;
    const { accountId = '' } = target;
    this.#seats.add({ accountId, who: personName(planned) ?? accountId, part: endedPart(target), seats });
  }

  done(): Omit<PlanSummary, 'lookUps'> {
    const toRun = Object.fromEntries(Object.entries(this.#actions).map(([name, counts]) => [name, counts.run]));
    const changes = Object.entries(toRun).reduce(
      (sum, [name, count]) => sum + (isChange(name as ActionName) ? count : 0),
      0,
    );
    const { freed: seats, kept: seatsKept } = this.#seats.done();
    return {
      rows: this.#rows,
      past: this.#past,
      pastUnknown: this.#pastUnknown,
      invalid: this.#invalid,
      duplicates: this.#duplicates,
      actions: this.#actions,
      toRun,
      changes,
      calls: this.#calls,
      seats,
      seatsKept,
      seatsTaken: this.#taken,
      caveats: [...this.#caveats],
    };
  }
}
