// `ChartDataBuilder`: counts report lines for the charts of the page, in constant memory above `mostRows` rows.
import { delayOf } from '../evidence.ts';
import { lastActiveAt } from '../../last-active.ts';
import type { ReportLine, RowLine, RunEnd } from '../../events.ts';

/** The page lists at most this many rows; of a longer report, those that need attention. */
export const maxPageRows = 50_000;

/** A span of time and how many rows ended in it. */
export interface Bucket {
  readonly from: number;
  readonly to: number;
  done: number;
  other: number;
}

export interface ChartData {
  /** The run with the most rows, in time. */
  readonly pace: { readonly buckets: readonly Bucket[]; readonly waits: NonNullable<RunEnd['waits']> };
  /** Hours from the effective date to the end of access, one number per person, for the first hundred thousand. */
  readonly delays: readonly number[];
  /** Days since the last activity that was read. */
  readonly inactive: readonly number[];
  /** The days of `onlyIfInactiveDays`, if all rows have the same. */
  readonly inactiveLimit: number | undefined;
}

const maxBuckets = 60;
const maxNumbers = 100_000;
const day = 86_400_000;

/** Rows of one run over time: the buckets double in width whenever there are too many. */
class Timeline {
  #width = 1000;
  #from: number | undefined;
  #counts: { done: number; other: number }[] = [];
  rows = 0;
  waits: NonNullable<RunEnd['waits']> = [];

  add(at: number, good: boolean): void {
    this.rows += 1;
    this.#from ??= at;
    let place = Math.max(0, Math.floor((at - this.#from) / this.#width));
    while (place >= maxBuckets) {
      this.#double();
      place = Math.floor((at - this.#from) / this.#width);
    }
    for (let each = this.#counts.length; each <= place; each += 1) this.#counts.push({ done: 0, other: 0 });
    const count = this.#counts[place];
    if (count !== undefined) count[good ? 'done' : 'other'] += 1;
  }

  #double(): void {
    this.#width *= 2;
    this.#counts = this.#counts.flatMap((each, at, all) => {
      const next = all[at + 1] ?? { done: 0, other: 0 };
      return at % 2 === 1 ? [] : [{ done: each.done + next.done, other: each.other + next.other }];
    });
  }

  buckets(): Bucket[] {
    const from = this.#from ?? 0;
    return this.#counts.map((count, at) => ({
      from: from + at * this.#width,
      to: from + (at + 1) * this.#width,
      ...count,
    }));
  }
}

/** Collects over all lines of one or several reports. */
export class ChartDataBuilder {
  #current = new Timeline();
  #longest = this.#current;
  readonly #delays: number[] = [];
  readonly #inactive: number[] = [];
  readonly #limits = new Set<number>();

  add(line: ReportLine): void {
    if (line.event === 'run-start') this.#current = new Timeline();
    if (line.event === 'run-end') this.#current.waits = line.waits ?? [];
    if (line.event === 'row') this.#addRow(line);
  }

  #addRow(line: RowLine): void {
    this.#current.add(Date.parse(line.time), line.outcome === 'done' || line.outcome === 'already');
    if (this.#current.rows > this.#longest.rows) this.#longest = this.#current;
    const delay = endsAccess(line) ? delayOf(line) : undefined;
    if (delay !== undefined && this.#delays.length < maxNumbers) this.#delays.push(delay);
    const days = inactiveDays(line);
    if (days !== undefined && this.#inactive.length < maxNumbers) this.#inactive.push(days);
    const limit = line.fields['onlyIfInactiveDays'];
    if (typeof limit === 'number') this.#limits.add(limit);
  }

  done(): ChartData {
    const [limit, ...others] = this.#limits;
    return {
      pace: { buckets: this.#longest.buckets(), waits: this.#longest.waits },
      delays: this.#delays,
      inactive: this.#inactive,
      inactiveLimit: others.length === 0 ? limit : undefined,
    };
  }
}

function endsAccess({ action }: RowLine): boolean {
  return action === 'suspend-user' || action === 'remove-user';
}

/** Days between the last activity in a row's result and the row; undefined when none was read, and when the person was never active. */
function inactiveDays({ result, time }: RowLine): number | undefined {
  const last = lastActiveAt(result);
  return last === undefined ? undefined : Math.max(0, Math.floor((Date.parse(time) - last) / day));
}
