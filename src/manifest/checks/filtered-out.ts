// FilteredOut: counts the lines of a file that produce no rows, by reason, so that none is dropped silently.
import { quote } from '../../text/quote.ts';

/** Different cell values that are counted separately; further ones are counted together. */
const maxCells = 20;
/** Most examples per sentence. */
const shown = 3;

export class FilteredOut {
  #lines = 0;
  #missed = 0;
  readonly #cells = new Map<string, Map<string, number>>();
  #footers = 0;
  #footerLines: number[] = [];
  #earlier = 0;
  #pairs: string[] = [];

  /** Resets the counts before a pass. */
  clear(): void {
    this.#lines = 0;
    this.#missed = 0;
    this.#cells.clear();
    this.#footers = 0;
    this.#footerLines = [];
    this.#earlier = 0;
    this.#pairs = [];
  }

  /** Counts a line that was tested against the conditions. */
  see(): void {
    this.#lines += 1;
  }

  /** Counts a line that is not selected because of this cell. */
  add(column: string, cell: string): void {
    this.#missed += 1;
    const cells = this.#cells.get(column) ?? new Map<string, number>();
    this.#cells.set(column, cells);
    const word = cells.has(cell) || cells.size < maxCells ? cell : '…';
    cells.set(word, (cells.get(word) ?? 0) + 1);
  }

  /** Number of lines that were tested against conditions; 0 without conditions. */
  get lines(): number {
    return this.#lines;
  }

  /** Counts a line without a person: a total, a footer. */
  addFooter(line: number): void {
    this.#footers += 1;
    if (this.#footerLines.length < shown) this.#footerLines.push(line);
  }

  /** Counts a line about an earlier employment; `latest` is the place of the line that counts. */
  addEarlier(line: number, latest: string): void {
    this.#earlier += 1;
    if (this.#pairs.length < shown) this.#pairs.push(`line ${line} (${latest} is the latest)`);
  }

  /** A sentence for each reason, like `3 of 7 rows left out by the job's where: "Status" is "Active" (2), "" (1)`. */
  get sentences(): string[] {
    const sentences: string[] = [];
    if (this.#missed > 0) {
      const reasons = [...this.#cells].map(([column, cells]) => `${quote(column)} is ${named(cells)}`);
      const rows = this.#lines === 1 ? 'row' : 'rows';
      sentences.push(`${this.#missed} of ${this.#lines} ${rows} left out by the job's where: ${reasons.join('; ')}`);
    }
    if (this.#footers > 0)
      sentences.push(`${counted(this.#footers)} without a person left out: ${list(this.#footerLines, this.#footers)}`);
    if (this.#earlier > 0)
      sentences.push(
        `${counted(this.#earlier)} about earlier employments left out: ${list(this.#pairs, this.#earlier)}`,
      );
    return sentences;
  }
}

function counted(lines: number): string {
  return lines === 1 ? '1 line' : `${lines} lines`;
}

function list(first: readonly (number | string)[], all: number): string {
  const words = first.map((each) => (typeof each === 'number' ? `line ${each}` : each)).join(', ');
  return all > first.length ? `${words} and ${all - first.length} more` : words;
}

function named(cells: ReadonlyMap<string, number>): string {
  const sorted = [...cells].toSorted(([, a], [, b]) => b - a);
  const rest = sorted.slice(shown).reduce((sum, [, count]) => sum + count, 0);
  const first = sorted.slice(0, shown).map(([cell, count]) => `${quote(cell)} (${count})`);
  return [...first, ...(rest === 0 ? [] : [`others (${rest})`])].join(', ');
}
