// Table: the headers and lines of a file of any format. openCsv: the table of a CSV file.
import { type TableRow, readCsv } from './csv.ts';
import { BrokenFile, type Problem } from '../rows/row.ts';
import { quote } from '../../text/quote.ts';

export interface Table {
  /** Grows while JSON is read, which may bring new keys in every object. */
  readonly headers: readonly string[];
  /** 1-based line of the headers. */
  readonly line: number;
  /** Cells of a whole line, in formats where each line has the same. */
  readonly width?: number;
  /** Every line below the headers, in batches. */
  lines(): AsyncGenerator<readonly TableRow[]>;
}

/** Columns of a CSV file: as many as a spreadsheet has. */
const maxColumns = 16_384;

export interface CsvTableOptions {
  readonly file: string;
  readonly delimiter: string;
  /** 1-based line before which there is no header. */
  readonly from: number;
}

/** CSV with a header line. Throws BrokenFile when there is none, or when it can't be read. */
export async function openCsv(text: () => AsyncIterable<Buffer>, options: CsvTableOptions): Promise<Table> {
  const header = await firstLine(readCsv(text(), options), options.from);
  if (header === undefined)
    throw new BrokenFile({
      file: options.file,
      line: options.from,
      message: 'no header line, so no rows; start with one like action,email',
      cause: 'empty',
    });
  if (header.problem !== undefined) throw new BrokenFile({ file: options.file, line: header.line, ...header.problem });
  const cells = header.cells.map(String);
  // Excel ends lines with separators for columns that were used once; they have no name and must stay empty.
  const headers = cells.slice(0, cells.findLastIndex((cell) => cell.trim() !== '') + 1);
  if (headers.length > maxColumns) {
    const message = `the header has ${headers.length} columns, and ${maxColumns} are allowed; remove the columns without a name`;
    throw new BrokenFile({ file: options.file, line: header.line, message, cause: 'columns' });
  }
  return {
    headers,
    line: header.line,
    width: headers.length,
    async *lines() {
      for await (const batch of readCsv(text(), options))
        yield batch.filter((each) => each.line > header.line && (each.problem ?? each.cells.some(isFilled)));
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

/**
 * Checks the number of a line's cells. With `mayBeShort`, missing cells at its end count as empty. A filled cell without
 * a header means that the cells before it may be under wrong headers.
 */
export function checkWidth({ cells }: TableRow, width: number, mayBeShort: boolean): Problem | undefined {
  if (cells.length === width) return undefined;
  const extra = cells.length > width ? cells.slice(width).find(isFilled) : undefined;
  if (extra !== undefined) return long(cells.length, { named: width, extra });
  if (cells.length > width || mayBeShort) return undefined;
  const message = `the row has ${cells.length} cells and the header ${width}; add the missing separators`;
  return { message, cause: 'short row' };
}

/** True for a cell that is not empty. Empty cells of workbooks are null. */
export function isFilled(cell: unknown): boolean {
  return cell !== null && (typeof cell !== 'string' || cell.trim() !== '');
}

function long(cells: number, { named, extra }: { named: number; extra: unknown }): Problem {
  const message = `the row has ${cells} cells and the header ${named}, so ${quote(extra)} has no header; put cells that contain the separator in quotes`;
  return { message, cause: 'long row' };
}
