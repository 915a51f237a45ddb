// What a job's conditions leave out of one file, so that nobody is left out without a word. Counted anew in each pass.
import { quote } from '../../text/quote.ts';

/** Different cells that are told apart; the others are counted together. */
const most = 20;
/** Cells that are named. */
const shown = 3;

export class FilteredOut {
  #lines = 0;
  #left = 0;
  readonly #cells = new Map<string, Map<string, number>>();

  /** Before a pass. */
  clear(): void {
    this.#lines = 0;
    this.#left = 0;
    this.#cells.clear();
  }

  /** A line, taken or not. */
  see(): void {
    this.#lines += 1;
  }

  /** A line that is not taken, for the sake of this cell. */
  add(column: string, cell: string): void {
    this.#left += 1;
    const cells = this.#cells.get(column) ?? new Map<string, number>();
    this.#cells.set(column, cells);
    const word = cells.has(cell) || cells.size < most ? cell : '…';
    cells.set(word, (cells.get(word) ?? 0) + 1);
  }

  /** Lines that conditions were asked about; 0 without conditions. */
  get lines(): number {
    return this.#lines;
  }

  /** `3 of 7 rows left out by the job's where: "Status" is "Active" (2), "" (1)`, or undefined when all are taken. */
  get sentence(): string | undefined {
    if (this.#left === 0) return undefined;
    const reasons = [...this.#cells].map(([column, cells]) => `${quote(column)} is ${named(cells)}`);
    const rows = this.#lines === 1 ? 'row' : 'rows';
    return `${this.#left} of ${this.#lines} ${rows} left out by the job's where: ${reasons.join('; ')}`;
  }
}

function named(cells: ReadonlyMap<string, number>): string {
  const sorted = [...cells].toSorted(([, a], [, b]) => b - a);
  const rest = sorted.slice(shown).reduce((sum, [, count]) => sum + count, 0);
  const first = sorted.slice(0, shown).map(([cell, count]) => `${quote(cell)} (${count})`);
  return [...first, ...(rest === 0 ? [] : [`others (${rest})`])].join(', ');
}
