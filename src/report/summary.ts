// SummaryBuilder: the totals of reports, counted line by line in constant memory. Of several lines about one row, the last counts.
import { KeyTable } from '../storage/key-table.ts';
import { type OutcomeName, outcomes, subjectOf } from '../model.ts';
import type { Prices, ReportLine, RowEnd, RunEnd, RunStart } from './events.ts';
import { hintOf } from './hints.ts';
import { type ReadActivity, readActivity } from './last-active.ts';
import { endedAccess, givenBack, SeatLedger, type Seats } from './seat-ledger.ts';
import { type Cost, monthlyCost, pricesOf } from './seat-words.ts';
import { acceptedReasons, leftOutReason } from './left-out.ts';
import { flagged, outcomeOf, withOutcome } from './read/row-state.ts';

export interface Cause {
  readonly cause: string;
  readonly hint: string;
  count: number;
  /** Rows of this cause leave a person with access that should have ended, and their run did not accept that. */
  readonly leftOut: boolean;
  readonly rows: { readonly row: number; readonly file: string; readonly line: number; readonly subject: string }[];
}

export interface RunSpan {
  readonly runId: string;
  readonly start: RunStart & { readonly time: string };
  end: (RunEnd & { readonly time: string; readonly h: string }) | undefined;
}

/** A row with slow calls. In reports of versions before `apiMs`, waits for the limit are included. */
export interface SlowRow {
  readonly row: number;
  readonly file: string;
  readonly line: number;
  readonly ms: number;
  readonly subject: string;
}

export interface RunSummary {
  readonly runs: readonly RunSpan[];
  readonly rows: number;
  /** Outcomes by action. */
  readonly counts: Readonly<Record<string, Readonly<Partial<Record<OutcomeName, number>>>>>;
  readonly total: Readonly<Record<OutcomeName, number>>;
  readonly ambiguous: number;
  /** Rows that leave a person with access that should have ended, without accepted reasons. */
  readonly leftOut: number;
  /** Seats that the changes free, and who keeps one; empty for reports of earlier versions. */
  readonly seats: Seats;
  /** Prices of the jobs that were run; undefined without any, and when those of several organizations differ. */
  readonly prices: Prices | undefined;
  /** Monthly cost of the freed seats, by these prices. */
  readonly seatsCost: Cost | undefined;
  readonly causes: readonly Cause[];
  readonly requests: number;
  readonly throttled: number;
  readonly throttledMs: number;
  readonly seconds: number;
  readonly slowest: readonly SlowRow[];
  /** The first get-last-active rows. */
  readonly activity: readonly ReadActivity[];
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Every run wrote its end, and the last one was not cut short. */
  readonly complete: boolean;
  /** `h` of the last line. */
  readonly head: string | undefined;
}

const examples = 3;
const slow = 5;
/** Most get-last-active rows in the summary; the report has all. */
const maxActivities = 10;
/** Most causes; further ones are counted as one. */
const maxCauses = 200;
/** Replaces a cause's index when a later run had another outcome, because the table can't delete a key. */
const clearedCause = 255;

/** Whether a run was made on the simulated organization; reports of earlier versions have it in their settings. */
export function isRehearsal({ rehearsal, settings }: Pick<RunStart, 'rehearsal' | 'settings'>): boolean {
  return rehearsal ?? settings['sandbox'] === true;
}

/** The first line of every view of a plan for a rehearsal. */
export const planNotice = 'REHEARSAL: a plan for the simulated organization';

/** The first line of every view of a rehearsal. */
export const rehearsalNotice = 'REHEARSAL on the simulated organization: no real account was changed';

/** Counts report lines of one or several reports, in the order they were written. */
export class SummaryBuilder {
  readonly #last: KeyTable | undefined;
  /** Index (from 1) of the cause of each row that did not succeed. */
  readonly #causeOf = new KeyTable();
  readonly #actions: string[] = [];
  readonly #counts: Record<string, Partial<Record<OutcomeName, number>>> = {};
  readonly #causes = new Map<string, Cause>();
  readonly #runs: RunSpan[] = [];
  readonly #seats = new SeatLedger();
  #rows = 0;
  #slowest: SlowRow[] = [];
  readonly #activity = new Map<string, ReadActivity>();
  #ambiguous = 0;
  #accepted: readonly unknown[] = [];
  #from: string | undefined;
  #to: string | undefined;
  #head: string | undefined;

  /** `states` may be shared with code that keeps its own marks in it. `once`: no row occurs twice, as in a single run. */
  constructor(states: KeyTable | 'once' = new KeyTable()) {
    this.#last = states === 'once' ? undefined : states;
  }

  /** Rows that have an outcome. */
  get rows(): number {
    return this.#rows;
  }

  add(line: ReportLine): void {
    this.#head = line.h;
    if (line.event === 'verification') return;
    this.#from ??= line.time;
    this.#to = line.time;
    if (line.event === 'run-start') {
      this.#runs.push({ runId: line.runId, start: line, end: undefined });
      this.#accepted = acceptedReasons(line.settings);
    }
    const run = this.#runs.at(-1);
    if (line.event === 'run-end' && run !== undefined) run.end = line;
    if (line.event === 'row') this.#addRow(line);
  }

  #addRow(line: RowEnd): void {
    const action = line.action ?? 'invalid';
    // The outcome of the row in an earlier run no longer counts.
    const before = this.#last?.get(line.key) ?? 0;
    const outcome = outcomeOf(before);
    if (outcome === undefined) this.#rows += 1;
    else this.#count(action, outcome, -1);
    if ((before & flagged) !== 0) this.#ambiguous -= 1;
    if (line.ambiguous) this.#ambiguous += 1;
    this.#last?.set(line.key, withOutcome(before & ~flagged, line.outcome) | (line.ambiguous ? flagged : 0));
    this.#count(action, line.outcome, 1);
    this.#clearCause(line);
    if (line.outcome === 'done') this.#seats.add(endedAccess(line));
    const back = givenBack(line);
    if (back !== undefined) this.#seats.giveBack(back);
    if (line.attempts > 0) this.#time(line);
    const activity = readActivity(line);
    if (activity !== undefined && (this.#activity.size < maxActivities || this.#activity.has(line.key)))
      this.#activity.set(line.key, activity);
    if (['failed', 'unknown', 'invalid', 'skipped'].includes(line.outcome)) this.#cause(line);
  }

  #count(action: string, outcome: OutcomeName, by: 1 | -1): void {
    const counts = (this.#counts[action] ??= {});
    if (!this.#actions.includes(action)) this.#actions.push(action);
    counts[outcome] = (counts[outcome] ?? 0) + by;
  }

  #time(line: RowEnd): void {
    const ms = line.apiMs ?? line.ms;
    if (this.#slowest.length === slow && ms <= (this.#slowest.at(-1)?.ms ?? 0)) return;
    const { row, file, line: place } = line;
    this.#slowest = [...this.#slowest, { row, file, line: place, ms, subject: subjectOf(line) }]
      .toSorted((a, b) => b.ms - a.ms)
      .slice(0, slow);
  }

  /** Removes a row from the cause of an earlier run. */
  #clearCause({ key, row, file, line }: RowEnd): void {
    const causeIndex = this.#causeOf.get(key);
    if (causeIndex === 0 || causeIndex === clearedCause) return;
    this.#causeOf.set(key, clearedCause);
    const cause = [...this.#causes.values()][causeIndex - 1];
    if (cause === undefined) return;
    cause.count -= 1;
    const at = cause.rows.findIndex((each) => each.row === row || (each.file === file && each.line === line));
    if (at >= 0) cause.rows.splice(at, 1);
  }

  #cause(line: RowEnd): void {
    const { cause: named, hint, leftOut } = identifyCause(line, this.#accepted);
    // One API code can have several causes with different advice, and a reason may be accepted in one run but not in the next.
    const own = `${leftOut} ${named}\n${hint}`;
    const isFull = !leftOut && !this.#causes.has(own) && this.#causes.size >= maxCauses;
    const [id, cause] = isFull ? ['other causes', 'other causes'] : [own, named];
    const found = this.#causes.get(id) ?? { cause, hint, count: 0, leftOut, rows: [] };
    this.#causes.set(id, found);
    this.#causeOf.set(line.key, [...this.#causes.keys()].indexOf(id) + 1);
    found.count += 1;
    if (found.rows.length < examples)
      found.rows.push({ row: line.row, file: line.file, line: line.line, subject: subjectOf(line) });
  }

  done(): RunSummary {
    const total = Object.fromEntries(outcomes.map((name) => [name, this.#sum(name)])) as Record<OutcomeName, number>;
    const ends = this.#runs.flatMap(({ end }) => end ?? []);
    const [seats, prices] = [this.#seats.done(), pricesOf(this.#runs.map(({ start }) => start))];
    return {
      runs: this.#runs,
      rows: this.#rows,
      counts: this.#counts,
      total,
      ambiguous: this.#ambiguous,
      leftOut: [...this.#causes.values()].reduce((sum, { leftOut, count }) => sum + (leftOut ? count : 0), 0),
      seats,
      prices,
      seatsCost: monthlyCost(seats.freed, prices),
      causes: [...this.#causes.values()].filter(({ count }) => count > 0).toSorted((a, b) => b.count - a.count),
      requests: ends.reduce((sum, end) => sum + end.requests, 0),
      throttled: ends.reduce((sum, end) => sum + end.throttled, 0),
      throttledMs: ends.reduce((sum, end) => sum + (end.throttledMs ?? 0), 0),
      seconds: ends.reduce((sum, end) => sum + end.seconds, 0),
      slowest: this.#slowest,
      activity: [...this.#activity.values()],
      from: this.#from,
      to: this.#to,
      complete: this.#runs.length > 0 && this.#runs.at(-1)?.end?.outcome === 'complete',
      head: this.#head,
    };
  }

  #sum(name: OutcomeName): number {
    return Object.values(this.#counts).reduce((sum, counts) => sum + (counts[name] ?? 0), 0);
  }
}

/** The cause of a row; `accepted` are the reasons that its run accepts. */
export function identifyCause(line: RowEnd, accepted: readonly unknown[]): Pick<Cause, 'cause' | 'hint' | 'leftOut'> {
  const reason = leftOutReason(line);
  const leftOut = reason !== undefined && !accepted.includes(reason);
  return { cause: causeOf(line), hint: hintOf(line), leftOut };
}

/** The text of a cause: the API's code, else the reason, else status and message. */
function causeOf({ outcome, reason, status, error, message }: RowEnd): string {
  if (reason !== null) return `${outcome}: ${reason}`;
  const words = error?.title ?? message ?? 'no answer';
  // The title of a response without text is its status.
  const answered = status === null || words.startsWith(`HTTP ${status} `) ? '' : `HTTP ${status}`;
  const parts = new Set([answered, error?.code ?? '', words]);
  return `${outcome}: ${[...parts].filter((part) => part !== '').join(' ')}`.slice(0, 160);
}
