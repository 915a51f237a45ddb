// Repeats: finds the place of the first of equal rows, in two passes over the manifests.

/** The place of a row. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** Most rows whose first place is stored, to bound memory. */
const maxPlaces = 10_000;

/** The first pass records which rows repeat; the second records the place of the first of each. Stores nothing for other rows. */
export class Repeats {
  readonly #first = new Map<string, Place | undefined>();

  /** Records a repeated row. Returns the place of the first one, if known. */
  addRepeated(row: string): Place | undefined {
    if (this.#first.size < maxPlaces && !this.#first.has(row)) this.#first.set(row, undefined);
    return this.#first.get(row);
  }

  /** Records the place of a row that occurs for the first time. */
  addFirst(row: string, place: Place): void {
    if (this.#first.size > 0 && this.#first.has(row)) this.#first.set(row, place);
  }
}
