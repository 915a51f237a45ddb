// `Repeats`: the line of the first of equal rows, known from the second pass over the manifests on.

/** Where a row stands. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** Rows whose first place is kept; the bound keeps memory flat. */
const most = 10_000;

/** The first pass notes which rows come again; later passes note where the first of them stands. Keeps nothing for other rows. */
export class Repeats {
  readonly #first = new Map<string, Place | undefined>();

  /** Notes that a row comes again. Returns the place of the first, if an earlier pass asked for it. */
  again(row: string): Place | undefined {
    if (this.#first.size < most && !this.#first.has(row)) this.#first.set(row, undefined);
    return this.#first.get(row);
  }

  /** Notes the place of a row that comes for the first time. */
  first(row: string, place: Place): void {
    if (this.#first.size > 0 && this.#first.has(row)) this.#first.set(row, place);
  }
}
