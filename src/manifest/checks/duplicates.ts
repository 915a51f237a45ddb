// SeenRows: counts equal rows in one pass over all manifests. It needs a few bytes per row.
import { placeOf } from '../rows/columns.ts';
import { KeyTable } from '../../storage/key-table.ts';
import { effectsOf } from '../../actions/effects.ts';
import { minuteOf } from '../rows/iso-dates.ts';
import { canonical, recordKey } from '../rows/record-key.ts';
import type { Problem } from '../rows/row.ts';
import type { Valid } from '../rows/validate.ts';
import type { Place, Repeats } from './repeats.ts';

/** A row's key, and whether an equal row came earlier. */
export interface RowIdentity {
  readonly key: string;
  readonly duplicate: boolean;
  /** The place of the first equal row, if an earlier pass recorded it. */
  readonly firstPlace?: Place | undefined;
  /** The same change came earlier with another date, or without one. */
  readonly redated: boolean;
  readonly problem?: Problem;
}

/** The largest count kept beside the flag in a byte. */
const maxCount = 127;
/** The flag: the row was seen without a condition on time. */
const undatedFlag = 128;

export class SeenRows {
  readonly #rows: KeyTable;
  readonly #often = new Map<string, number>();
  /** The minute of the first date of a row. */
  readonly #dates = new KeyTable('wide');
  readonly #contradictions: ReadonlyMap<string, string>;
  /** Epoch ms; a date up to then counts as none. */
  readonly #now: number;
  readonly #repeats: Repeats;

  /**
   * `contradictions` (subject → message) were found by an earlier pass; rows about these subjects are invalid. All passes share `rows`,
   * which is cleared here, and `repeats`.
   */
  constructor(
    contradictions: ReadonlyMap<string, string>,
    { rows, now, repeats }: { rows: KeyTable; now: number; repeats: Repeats },
  ) {
    this.#contradictions = contradictions;
    this.#now = now;
    this.#repeats = repeats;
    this.#rows = rows;
    rows.clear();
  }

  /** Computes the key of a valid row and compares it with all earlier rows. */
  enter(row: Valid, place: Place): RowIdentity {
    const text = canonical(row);
    const first = recordKey(text, 1);
    const due = this.#dueLater(row.fields.notBefore);
    const { before, hasSameDate } = this.#count(first, due);
    const key = before === 0 ? first : recordKey(text, before + 1);
    const problem = hasSameDate || this.#contradictions.size === 0 ? undefined : this.#contradicted(row);
    if (problem !== undefined) return { key, duplicate: false, redated: false, problem };
    const dated = due === undefined ? first : `${first} ${minuteOf(due)}`;
    if (hasSameDate) return { key, duplicate: true, redated: false, firstPlace: this.#repeats.addRepeated(dated) };
    this.#repeats.addFirst(dated, place);
    return { key, duplicate: false, redated: before > 0 };
  }

  /** The key of a malformed row, made from its cells. */
  enterInvalid(values: readonly unknown[]): string {
    // Rows without a message keep the key from before the column existed.
    const kept = values.filter((value, place) => place !== placeOf.message || value !== undefined);
    const text = `invalid\u001f${JSON.stringify(kept)}`;
    const first = recordKey(text, 1);
    const { before } = this.#count(first, undefined);
    return before === 0 ? first : recordKey(text, before + 1);
  }

  /** A date in the future. Two past dates count as equal, because both changes are due. */
  #dueLater(date: string | undefined): string | undefined {
    return date === undefined || Date.parse(date) <= this.#now ? undefined : date;
  }

  /** Number of earlier equal rows, and whether one has the same date. */
  #count(first: string, notBefore: string | undefined): { before: number; hasSameDate: boolean } {
    const stored = this.#rows.get(first);
    const low = stored & maxCount;
    const before = low < maxCount ? low : (this.#often.get(first) ?? maxCount);
    if (before >= maxCount) this.#often.set(first, before + 1);
    const hasSameDate =
      notBefore === undefined ? (stored & undatedFlag) !== 0 : this.#dateSeen(first, minuteOf(notBefore));
    const flag = notBefore === undefined ? undatedFlag : stored & undatedFlag;
    this.#rows.set(first, Math.min(before + 1, maxCount) | flag);
    return { before, hasSameDate };
  }

  #dateSeen(first: string, minute: number): boolean {
    const seen = this.#dates.get(first);
    if (seen === 0) this.#dates.set(first, minute);
    return seen === minute;
  }

  #contradicted(row: Valid): Problem | undefined {
    const found = effectsOf(row).find(({ subject }) => this.#contradictions.has(subject));
    const message = found === undefined ? undefined : this.#contradictions.get(found.subject);
    return message === undefined ? undefined : { message, cause: 'contradiction' };
  }
}
