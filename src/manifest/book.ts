// What one pass over all manifests remembers: which rows were seen, and what they said. A few bytes a row.
import { KeyTable } from '../keys.ts';
import { type Claim, claimsOf, type Saying, sayings } from './claims.ts';
import { canonical, keyOf } from './key.ts';
import { Places } from './places.ts';
import { type Problem } from './problem.ts';
import type { Valid } from './validate.ts';

/** A row's key, and whether an equal row stands earlier. */
export interface Entered {
  readonly key: string;
  readonly duplicate: boolean;
  readonly problem?: Problem;
}

/** Where a row stands: its file by number, and its line. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** A pair of rows that can't both be meant, by the subject they are about. */
export type Disputes = Map<string, string>;

const sayingNames = Object.keys(sayings) as Saying[];
const kindOf = Object.fromEntries(sayingNames.map((name, at) => [name, at + 1])) as Readonly<Record<Saying, number>>;
/** The largest count kept beside the flag in a byte. */
const most = 127;
/** The flag: the row was seen without a condition on time. */
const plain = 128;
/** Sets rows with their conditions apart from sayings. */
const conditions = 0;

export class Book {
  readonly #rows = new KeyTable();
  readonly #often = new Map<string, number>();
  readonly #said = new Places();
  readonly #files: { readonly file: string; readonly base: number }[] = [];
  readonly #known: ReadonlyMap<string, string>;
  #lines = 0;
  /** Contradictions found in this pass. */
  readonly disputes: Disputes = new Map();

  /** `known` are contradictions of an earlier pass: no row about their subjects is valid. */
  constructor(known: ReadonlyMap<string, string>) {
    this.#known = known;
  }

  /** The rows that follow are of this file. */
  open(file: string): void {
    this.#files.push({ file, base: this.#lines });
  }

  /** Keys a valid row and compares it with all before. */
  enter(row: Valid, line: number): Entered {
    const text = canonical(row);
    const first = keyOf(text, 1);
    const { before, again } = this.#count(first, row.fields.notBefore);
    const key = before === 0 ? first : keyOf(text, before + 1);
    if (again) return { key, duplicate: true };
    const problem = this.#compare(row, line);
    return problem === undefined ? { key, duplicate: false } : { key, duplicate: false, problem };
  }

  /** Keys a row that is malformed, by what stands in it. */
  enterInvalid(values: readonly unknown[]): string {
    const text = `invalid\u001f${JSON.stringify(values)}`;
    const first = keyOf(text, 1);
    const { before } = this.#count(first, undefined);
    return before === 0 ? first : keyOf(text, before + 1);
  }

  /** How often the row came before this time, and whether with this very condition. */
  #count(first: string, notBefore: string | undefined): { before: number; again: boolean } {
    const stored = this.#rows.get(first);
    const low = stored & most;
    const before = low < most ? low : (this.#often.get(first) ?? most);
    if (before >= most) this.#often.set(first, before + 1);
    const again = notBefore === undefined ? (stored & plain) !== 0 : this.#conditionSeen(`${first}${notBefore}`);
    const flag = notBefore === undefined ? plain : stored & plain;
    this.#rows.set(first, Math.min(before + 1, most) | flag);
    return { before, again };
  }

  #conditionSeen(text: string): boolean {
    const seen = this.#said.find(text, conditions) !== 0;
    this.#said.add(text, conditions, 1);
    return seen;
  }

  #compare(row: Valid, line: number): Problem | undefined {
    const place = (this.#files.at(-1)?.base ?? 0) + line;
    this.#lines = Math.max(this.#lines, place);
    const claims = claimsOf(row);
    const found = claims.flatMap((claim) => this.#contradicted(claim, place) ?? [])[0];
    for (const { subject, says } of claims) if (says !== undefined) this.#said.add(subject, kindOf[says], place);
    return found;
  }

  #contradicted({ subject, denies }: Claim, place: number): Problem | undefined {
    const known = this.#known.get(subject);
    if (known !== undefined) return { message: known, cause: 'contradiction' };
    for (const saying of denies) {
      const earlier = this.#said.find(subject, kindOf[saying]);
      if (earlier === 0) continue;
      const there = this.#at(earlier);
      const here = this.#at(place);
      this.disputes.set(
        subject,
        `is about ${subject}, on whom ${there} and ${here} contradict each other; keep one of the two`,
      );
      return { message: `contradicts ${there}, which ${sayings[saying]}; keep one of the two`, cause: 'contradiction' };
    }
    return undefined;
  }

  /** `file:line` of a place. */
  #at(place: number): string {
    const at = this.#files.findLast(({ base }) => base < place);
    return at === undefined ? `line ${place}` : `${at.file}:${place - at.base}`;
  }
}
