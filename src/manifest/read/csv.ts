// CSV text → lines of cells, by csv-parse. Which cell is which column is left to layout.ts.
import { CsvError, Parser } from 'csv-parse';
import { BrokenFile, type Problem } from '../rows/row.ts';
import { quote } from '../../text/quote.ts';

/** One row of a file as it stands there. Cells are in the order of the headers; what JSON leaves out is undefined. */
export interface TableRow {
  /** 1-based, where the row starts. */
  readonly line: number;
  readonly cells: readonly unknown[];
  /** The row can't be split into cells as it should. */
  readonly problem?: Problem;
}

/** Characters of one row. The longest allowed row has a few thousand; more is an unclosed quote or an attack. */
const maxRow = 262_144;
const breaks = /\r\n|\n|\r/g;

/** Takes the parser's rows as they are made: its readable side costs more than the parsing, and nobody needs it. */
class Rows extends Parser {
  #made: TableRow[] = [];
  #next = 1;
  #empty = 0;
  #seen = 1;

  /** Where the row that is being read starts. */
  get start(): number {
    return this.#next + this.info.empty_lines - this.#empty;
  }

  override push(row: readonly string[] | null): boolean {
    if (row === null) return super.push(null);
    const line = this.start;
    // The parser's own count takes a CRLF in quotes for two lines, so rows of several lines are counted here.
    const inner = this.info.lines === this.#seen + (line - this.#next) ? 0 : countBreaks(row);
    this.#empty = this.info.empty_lines;
    this.#next = line + 1 + inner;
    this.#seen = this.info.lines + 1;
    this.#made.push({ line, cells: row });
    return true;
  }

  /** The rows made since the last time. */
  handOver(): TableRow[] {
    const made = this.#made;
    this.#made = [];
    return made;
  }
}

function countBreaks(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => sum + (cell.match(breaks)?.length ?? 0), 0);
}

export interface CsvOptions {
  readonly file: string;
  readonly delimiter: string;
}

/** Lines in batches, the header among them. Blank lines are left out. Throws BrokenFile when quotes don't match. */
export async function* readCsv(
  text: AsyncIterable<Buffer>,
  { file, delimiter }: CsvOptions,
): AsyncGenerator<TableRow[]> {
  const rows = new Rows({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: maxRow,
  });
  // Errors arrive through the callbacks of write and end.
  rows.on('error', () => {});
  try {
    for await (const bytes of text) {
      await settled((done) => rows.write(bytes, done));
      yield rows.handOver();
    }
    await settled((done) => rows.end(done));
    yield rows.handOver();
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    yield rows.handOver();
    throw new BrokenFile({ file, line: rows.start, ...explain(error, rows.start) });
  } finally {
    rows.destroy();
  }
}

function settled(call: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => call((error) => (error ? reject(error) : resolve())));
}

function explain(error: CsvError, start: number): Problem {
  const at = Number(error['lines']);
  const where = at > start ? ` (noticed on line ${at})` : '';
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return { message: 'a quote opens here and is never closed; close it or remove it', cause: 'quotes' };
    case 'CSV_MAX_RECORD_SIZE': {
      const message = `the row that starts here is longer than ${maxRow} characters${where}; is a quote missing its end?`;
      return { message, cause: 'long row' };
    }
    case 'INVALID_OPENING_QUOTE':
      return {
        message: `the row has a quote in the middle of a cell${where}; put the whole cell in quotes and double the quote in it`,
        cause: 'quotes',
      };
    case 'CSV_INVALID_CLOSING_QUOTE':
      return {
        message: `the row has text after a closing quote${where}; double every quote that belongs to a cell`,
        cause: 'quotes',
      };
    default:
      return { message: `can't be read as CSV: ${quote(error.message)}`, cause: 'csv' };
  }
}
