// A file as headers and lines, whatever its format. What the headers mean is left to layout.ts.
import { type TableRow, readCsv } from './csv.ts';
import { BrokenFile, type Problem } from '../rows/row.ts';
import { quote } from '../../text/quote.ts';

export interface Table {
  /** Grows while JSON is read, which may bring new keys in every object. */
  readonly headers: readonly string[];
  /** 1-based line of the headers. */
  readonly line: number;
  /** Every line below the headers, in batches. */
  lines(): AsyncGenerator<readonly TableRow[]>;
}

export interface CsvTableOptions {
  readonly file: string;
  readonly delimiter: string;
  /** 1-based line before which there is no header. */
  readonly from: number;
}

/** CSV with a header line. Throws BrokenFile when there is none. */
export async function openCsv(text: () => AsyncIterable<Buffer>, options: CsvTableOptions): Promise<Table> {
  const header = await firstLine(readCsv(text(), options), options.from);
  if (header === undefined)
    throw new BrokenFile({
      file: options.file,
      line: options.from,
      message: 'no header line, so no rows; begin with one like action,email',
      cause: 'empty',
    });
  const cells = header.cells.map(String);
  // Excel ends lines with separators for columns that were used once; they have no name and must stay empty.
  const headers = cells.slice(0, cells.findLastIndex((cell) => cell.trim() !== '') + 1);
  const shape = { width: cells.length, named: headers.length };
  return {
    headers,
    line: header.line,
    async *lines() {
      for await (const batch of readCsv(text(), options)) {
        const rows = batch.filter((each) => each.line > header.line && each.cells.some(isFilled));
        yield rows.map((line) => checkWidth(line, shape));
      }
    },
  };
}

async function firstLine(batches: AsyncIterable<readonly TableRow[]>, from: number): Promise<TableRow | undefined> {
  for await (const batch of batches) {
    const found = batch.find(({ line }) => line >= from);
    if (found !== undefined) return found;
  }
  return undefined;
}

interface Shape {
  readonly width: number;
  readonly named: number;
}

/** The line as wide as the headers, or with what is wrong with its width. */
export function checkWidth(line: TableRow, { width, named }: Shape): TableRow {
  const { cells } = line;
  if (cells.length === width && width === named) return line;
  const extra = cells.slice(named).find(isFilled);
  if (extra !== undefined) return { ...line, problem: long(cells.length, { named, extra }) };
  if (cells.length >= named) return { ...line, cells: cells.slice(0, named) };
  const message = `the row has ${cells.length} cells and the header ${named}; add the missing separators`;
  return { ...line, problem: { message, cause: 'short row' } };
}

/** A cell with something in it; workbooks have null for nothing. */
export function isFilled(cell: unknown): boolean {
  return cell !== null && (typeof cell !== 'string' || cell.trim() !== '');
}

function long(cells: number, { named, extra }: { named: number; extra: unknown }): Problem {
  const message = `the row has ${cells} cells and the header ${named}, so ${quote(extra)} stands under no header; put cells that hold the separator in quotes`;
  return { message, cause: 'long row' };
}
