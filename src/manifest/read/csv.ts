// readCsv: CSV text → lines of cells. A line that can't be read becomes a line with a problem, and reading continues after it.
// This file finds where each row begins and ends, and csv-parse splits the row into cells.
import { parse } from 'csv-parse/sync';
import { BrokenFile, type Problem } from '../rows/row.ts';
import { Finder } from './finder.ts';

/** One row of a file. Cells are in the order of the headers; a key that a JSON object lacks is undefined. */
export interface TableRow {
  /** 1-based, where the row starts. */
  readonly line: number;
  readonly cells: readonly unknown[];
  /** The row can't be split into cells. */
  readonly problem?: Problem;
  /** Indexes of cells with text after their closing quote. Their content is doubtful. */
  readonly damaged?: readonly number[];
}

/** Characters of one row. The longest valid row has a few thousand; more is a quote that is not closed, or an attack. */
const maxRow = 262_144;
const breaks = /\r\n|\n|\r/g;

export interface CsvOptions {
  readonly file: string;
  readonly delimiter: string;
  /** 1-based line where reading starts; the lines above are not parsed. Default 1. */
  readonly from?: number;
}

/** Lines in batches, the header among them. Blank lines are left out. Throws BrokenFile for a line without end. */
export async function* readCsv(text: AsyncIterable<Buffer>, options: CsvOptions): AsyncGenerator<TableRow[]> {
  const decoder = new TextDecoder();
  const splitter = new CsvSplitter(options);
  for await (const bytes of text) yield splitter.take(decoder.decode(bytes, { stream: true }), false);
  yield splitter.take(decoder.decode(), true);
}

/** A CSV row without spaces around its quotes, and the position after it. */
interface CsvRecord {
  readonly text: string;
  /** Content of damaged cells by position. In `text` they are empty. */
  readonly damaged: ReadonlyMap<number, string>;
  readonly end: number;
}

type FoundRow = { readonly line: number } & (Omit<CsvRecord, 'end'> | Refused);

type Refused = { readonly problem: Problem };
/** More text is needed. */
const incomplete = Symbol('incomplete');

class CsvSplitter {
  readonly #file: string;
  readonly #delimiter: string;
  readonly #from: number;
  readonly #feeds = new Finder('\n');
  readonly #returns = new Finder('\r');
  readonly #quotes = new Finder('"');
  #text = '';
  #line = 1;

  constructor({ file, delimiter, from = 1 }: CsvOptions) {
    this.#file = file;
    this.#delimiter = delimiter;
    this.#from = from;
  }

  /** The rows that end in the text so far. */
  take(more: string, isLast: boolean): TableRow[] {
    this.#text = isLast ? withoutEndMark(this.#text + more) : this.#text + more;
    for (const finder of [this.#feeds, this.#returns, this.#quotes]) finder.search(this.#text);
    const rows: FoundRow[] = [];
    let at = 0;
    while (at < this.#text.length) {
      const lineEnd = this.#lineEnd(at, isLast);
      if (lineEnd === undefined) break;
      const next = this.#readFrom(at, lineEnd, { rows, isLast });
      if (next === undefined) break;
      at = next;
    }
    if (this.#text.length - at > maxRow && this.#lineEnd(at, isLast) === undefined) throw this.#tooLong();
    this.#text = this.#text.slice(at);
    return splitRows(rows, this.#delimiter);
  }

  /** The end of the line at a position; undefined when more text is needed. */
  #lineEnd(at: number, isLast: boolean): number | undefined {
    const [feed, back] = [this.#feeds.from(at), this.#returns.from(at)];
    // A carriage return at the end of the text may be the first half of a line break.
    if (back < feed && (back + 1 < this.#text.length || isLast)) return back;
    if (feed < this.#text.length) return feed;
    return isLast ? this.#text.length : undefined;
  }

  /** Reads the record at a position and returns the position after it; undefined when more text is needed. */
  #readFrom(at: number, lineEnd: number, { rows, isLast }: { rows: FoundRow[]; isLast: boolean }): number | undefined {
    const line = this.#line;
    const nextLine = this.#behindBreak(lineEnd);
    const isPlain = this.#quotes.from(at) >= lineEnd;
    if (isPlain && lineEnd - at > maxRow) throw this.#tooLong();
    if (isPlain || line < this.#from) {
      this.#line += 1;
      if (line >= this.#from && lineEnd > at)
        rows.push({ line, text: this.#text.slice(at, lineEnd), damaged: noneDamaged });
      return nextLine;
    }
    const record = readRecord(this.#text, at, { delimiter: this.#delimiter, isLast });
    if (record === incomplete) return undefined;
    if ('problem' in record) {
      // Only this line is refused, because the lines after an unclosed quote may be correct.
      rows.push({ line, problem: record.problem });
      this.#line += 1;
      return nextLine;
    }
    const { text, damaged, end } = record;
    // The second half of the line break may follow.
    if (!isLast && this.#text[end] === '\r' && end + 1 === this.#text.length) return undefined;
    rows.push({ line, text, damaged });
    this.#line += 1 + countBreaks(this.#text, at, end);
    return this.#behindBreak(end);
  }

  #behindBreak(end: number): number {
    return this.#text.startsWith('\r\n', end) ? end + 2 : end + 1;
  }

  #tooLong(): BrokenFile {
    const message = `the row that starts here is longer than ${maxRow} characters; is it a CSV file?`;
    return new BrokenFile({ file: this.#file, line: this.#line, message, cause: 'long row' });
  }
}

const noneDamaged: CsvRecord['damaged'] = new Map();

/** The cells of rows. A quote inside a cell without quotes belongs to the cell. */
function splitRows(rows: readonly FoundRow[], delimiter: string): TableRow[] {
  const text = rows.map((row) => `${'problem' in row ? '' : row.text}\n`).join('');
  const options = { delimiter, record_delimiter: '\n', relax_column_count: true, relax_quotes: true };
  const split: string[][] = parse(text, options);
  if (split.length !== rows.length) throw new Error(`csv-parse found ${split.length} rows instead of ${rows.length}`);
  return rows.map((row, index) => {
    const { line } = row;
    if ('problem' in row) return { line, cells: [], problem: row.problem };
    const cells = split[index] ?? [];
    if (row.damaged.size === 0) return { line, cells };
    return { line, cells: cells.map((cell, at) => row.damaged.get(at) ?? cell), damaged: [...row.damaged.keys()] };
  });
}

/** Ctrl-Z, which programs from DOS times write at the end of a file. */
const endMark = '\u001a';

/** The text up to such a mark. */
export function withoutEndMark(text: string): string {
  let end = text.trimEnd().length;
  if (text[end - 1] !== endMark) return text;
  while (text[end - 1] === endMark) end -= 1;
  return text.slice(0, end);
}

function countBreaks(text: string, start: number, end: number): number {
  return text.slice(start, end).match(breaks)?.length ?? 0;
}

interface RecordOptions {
  readonly delimiter: string;
  readonly isLast: boolean;
}

/** A record that may contain quotes. */
function readRecord(text: string, start: number, options: RecordOptions): CsvRecord | Refused | typeof incomplete {
  const cells: string[] = [];
  const damaged = new Map<number, string>();
  for (let at = start; ; ) {
    const cell = readCell(text, at, options);
    if (cell === incomplete) return text.length - start > maxRow ? unclosed() : incomplete;
    if ('problem' in cell) return cell;
    if (cell.isDamaged) damaged.set(cells.length, cell.text);
    cells.push(cell.isDamaged ? '' : cell.text);
    if (cell.end - start > maxRow) return unclosed();
    if (text[cell.end] !== options.delimiter) return { text: cells.join(options.delimiter), damaged, end: cell.end };
    at = cell.end + 1;
  }
}

interface Cell {
  /** As the file has it, with its quotes. */
  readonly text: string;
  readonly end: number;
  readonly isDamaged?: true;
}

function readCell(
  text: string,
  start: number,
  { delimiter, isLast }: RecordOptions,
): Cell | Refused | typeof incomplete {
  let at = start;
  while (text[at] === ' ') at += 1;
  // A quote further inside belongs to the cell, as in Ada "Countess" Lovelace.
  if (text[at] !== '"') return plainCell(text, start, { delimiter, isLast });
  const closing = closingQuote(text, at + 1);
  if (closing === -1) return isLast ? unclosed() : incomplete;
  let end = closing + 1;
  while (text[end] === ' ') end += 1;
  if (end >= text.length && !isLast) return incomplete;
  const quoted = text.slice(at, closing + 1);
  if (end >= text.length || text[end] === delimiter || text[end] === '\n' || text[end] === '\r')
    return { text: quoted, end };
  // Otherwise two rows could become one: this quote may be the opening quote of a cell in a later line.
  if (/[\n\r]/.test(quoted))
    return { problem: { message: `${behind} closes on another line${advice}`, cause: 'quotes' } };
  const rest = plainCell(text, closing + 1, { delimiter, isLast });
  return rest === incomplete ? incomplete : { text: text.slice(at, rest.end), end: rest.end, isDamaged: true };
}

const behind = 'a quote opens here and';
const advice = ', with text after it; put the whole cell in quotes and double every quote in it';

function plainCell(text: string, start: number, { delimiter, isLast }: RecordOptions): Cell | typeof incomplete {
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end += 1;
  if (end >= text.length && !isLast) return incomplete;
  return { text: text.slice(start, end), end };
}

/** The place of the quote that closes a cell, or -1. */
function closingQuote(text: string, from: number): number {
  for (let at = from; ; ) {
    const quote = text.indexOf('"', at);
    if (quote === -1 || text[quote + 1] !== '"') return quote;
    at = quote + 2;
  }
}

function unclosed(): Refused {
  return { problem: { message: `${behind} is never closed; close it or remove it`, cause: 'quotes' } };
}
