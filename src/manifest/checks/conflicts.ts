// ConflictDetector: finds rows that contradict each other. Skipped if no two actions of the run can contradict. Rules: actions/effects.ts.
import type { ActionName, JobRecord } from '../../model.ts';
import { type Effect, effectsOf, conflictingStates, type State, states, peopleOf } from '../../actions/effects.ts';
import { atMinute, minuteOf } from '../rows/iso-dates.ts';
import { canonical } from '../rows/record-key.ts';
import { LinePlaces } from './line-places.ts';
import { KeyTable } from '../../storage/key-table.ts';
import type { Problem, Row } from '../rows/row.ts';

export interface ConflictOptions {
  /** Detect changes with two dates. */
  readonly dates: boolean;
  /** Epoch ms; all dates up to then count as due. */
  readonly now: number;
}

export class ConflictDetector {
  /** Contradictions: subject → message. */
  readonly conflicts = new Map<string, string>();
  readonly #conflicting: ReadonlySet<State>;
  readonly #placesOfChange = new KeyTable('wide');
  /** The minute of the first date of a change. `#placesOfChange` has the place of its row. */
  readonly #dates: KeyTable | undefined;
  readonly #places = new LinePlaces();
  readonly #now: number;

  /** A detector for these actions, or undefined when none can contradict another. `dates` also detects changes with two dates. */
  static for(actions: readonly ActionName[], { dates, now }: ConflictOptions): ConflictDetector | undefined {
    const found = conflictingStates(actions);
    return found.size === 0 && !dates ? undefined : new ConflictDetector(found, { dates, now });
  }

  private constructor(found: ReadonlySet<State>, { dates, now }: ConflictOptions) {
    this.#conflicting = found;
    this.#now = now;
    this.#dates = dates ? new KeyTable('wide') : undefined;
  }

  /** The row, or an invalid row when it contradicts an earlier one. */
  check(row: Row): Row {
    if (row.kind !== 'record') return row;
    const { record } = row;
    const problem = this.#compare(record);
    if (problem === undefined) return row;
    const { row: number, file, line, key } = record;
    return { kind: 'invalid', row: number, file, line, key, issues: [{ file, line, ...problem }] };
  }

  #compare(record: JobRecord): Problem | undefined {
    const place = this.#places.placeOf(record.file, record.line);
    const effects = effectsOf(record);
    const found = effects.map((effect) => this.#contradicted(effect, place)).find((problem) => problem !== undefined);
    for (const { subject, sets: says } of effects)
      if (says !== undefined && this.#conflicting.has(says)) this.#placesOfChange.setOnce(`${says} ${subject}`, place);
    return found ?? this.#redated(record, place);
  }

  #contradicted({ subject, excludes }: Effect, place: number): Problem | undefined {
    for (const saying of excludes) {
      const earlier = this.#conflicting.has(saying) ? this.#placesOfChange.get(`${saying} ${subject}`) : 0;
      if (earlier === 0) continue;
      const [earlierPlace, thisPlace] = [this.#places.describe(earlier), this.#places.describe(place)];
      this.conflicts.set(
        subject,
        `is about ${subject}, on whom ${earlierPlace} and ${thisPlace} contradict each other; keep one of the two`,
      );
      return {
        message: `contradicts ${earlierPlace}, which ${states[saying]}; keep one of the two`,
        cause: 'contradiction',
      };
    }
    return undefined;
  }

  /** Two dates for one change are a contradiction, because one of them is a mistake. */
  #redated(record: JobRecord, place: number): Problem | undefined {
    if (this.#dates === undefined) return undefined;
    const change = canonical(record);
    const { notBefore } = record.fields;
    const minute = notBefore === undefined || Date.parse(notBefore) <= this.#now ? 0 : minuteOf(notBefore);
    const [earlier, before] = [this.#placesOfChange.get(change), this.#dates.get(change)];
    if (earlier === 0) {
      this.#placesOfChange.setOnce(change, place);
      if (minute > 0) this.#dates.setOnce(change, minute);
      return undefined;
    }
    if (before === minute) return undefined;
    const [earlierPlace, thisPlace] = [
      `${this.#places.describe(earlier)} (${dueAt(before)})`,
      `${this.#places.describe(place)} (${dueAt(minute)})`,
    ];
    for (const subject of peopleOf(record))
      this.conflicts.set(
        subject,
        `is about ${subject}, and ${earlierPlace} and ${thisPlace} are the same ${record.action} with two dates; keep the right one`,
      );
    const due = minute === 0 ? 'is empty (due at once), which' : atMinute(minute);
    const message = `${due} contradicts ${this.#places.describe(earlier)}, the same ${record.action} ${dueAt(before)}; keep the right one`;
    return { column: 'notBefore', message, cause: 'two dates' };
  }
}

function dueAt(minute: number): string {
  return minute === 0 ? 'due at once' : `due at ${atMinute(minute)}`;
}
