// openWorkbook: reads an Excel workbook into lines of cells with read-excel-file. It is held in memory, so its size is limited.
import readWorkbook, { InvalidInputError } from 'read-excel-file/node';
import { InputError } from '../../errors.ts';
import type { TableRow } from './csv.ts';
import { hiddenWarnings, prepareWorkbook, unreadableWorkbook } from './xlsx-parts.ts';
import { quote, quoteAll, textOf } from '../../text/quote.ts';
import { BrokenFile } from '../rows/row.ts';
import { maxPacked, maxUnpacked } from '../size-limits.ts';
import { isFilled, type Table } from './table.ts';
import type { Source } from './source.ts';

export interface WorkbookOptions {
  /** Name of the sheet; the first when absent. */
  readonly sheet?: string;
  /** 1-based row of the headers. */
  readonly from: number;
}

/** The sheet that is read, and warnings about hidden parts and other sheets. */
export interface Workbook {
  readonly table: Table;
  readonly warnings: readonly string[];
}

/** The first sheet that is not hidden, or the one that is named. Throws InputError when the workbook is too large or damaged. */
export async function openWorkbook(source: Source, { sheet, from }: WorkbookOptions): Promise<Workbook> {
  const file = source.path;
  const { bytes, facts } = prepareWorkbook(await readWhole(source), file);
  const sheets = await readSheets(bytes, file);
  const names = quoteAll(sheets.map((each) => each.name));
  const isHidden = (name: string) => facts.find((each) => each.name === name)?.isHidden ?? false;
  const visible = sheets.find(({ name }) => !isHidden(name)) ?? sheets[0];
  const found = sheet === undefined ? visible : sheets.find(({ name }) => name === sheet);
  if (found === undefined)
    throw new InputError(
      `${file}: has no sheet ${quote(sheet)}; name one of its own as input.sheet of the job: ${names}`,
    );
  const isChosen = sheet !== undefined || sheets.length === 1;
  const several = `has ${sheets.length} sheets (${names}), and ${quote(found.name)} is read; name another as input.sheet of a job file`;
  if (found.rows === undefined)
    throw new InputError(
      `${file}: lacks the content of sheet ${quote(found.name)}; save it again as .xlsx or as CSV UTF-8`,
    );
  const table = sheetOf(found.rows, { file, from });
  return { table, warnings: [...(isChosen ? [] : [several]), ...hiddenWarnings(facts, found.name, table.headers)] };
}

type Cells = readonly unknown[];

function sheetOf(rows: readonly Cells[], { file, from }: { file: string; from: number }): Table {
  const header = rows[from - 1]?.map(textOf) ?? [];
  const headers = header.slice(0, header.findLastIndex((cell) => cell.trim() !== '') + 1);
  if (headers.length === 0)
    throw new BrokenFile({
      file,
      line: from,
      message: 'no headers in this row; name theirs as input.headerRow of a job file',
      cause: 'empty',
    });
  const lines = rows
    .map((cells, at): TableRow => ({ line: at + 1, cells }))
    .filter(({ line, cells }) => line > from && cells.some(isFilled));
  return {
    headers,
    line: from,
    width: headers.length,
    async *lines() {
      yield await Promise.resolve(lines);
    },
  };
}

async function readWhole(source: Source): Promise<Buffer> {
  const hint = 'save the sheet as CSV UTF-8, which has no limit';
  if (source.size > maxPacked)
    throw new InputError(`${source.path}: has ${source.size} bytes; a workbook may have ${maxPacked}; ${hint}`);
  const chunks: Buffer[] = [];
  for await (const chunk of source.read()) chunks.push(Buffer.from(chunk));
  const bytes = Buffer.concat(chunks);
  if (unpackedSize(bytes) > maxUnpacked)
    throw new InputError(`${source.path}: unpacks to more than ${maxUnpacked} bytes; ${hint}`);
  return bytes;
}

/** The unpacked size of all entries, as the directory of the archive states it. */
function unpackedSize(bytes: Buffer): number {
  const entry = Buffer.from('PK\u0001\u0002', 'latin1');
  let size = 0;
  for (let at = bytes.indexOf(entry); at !== -1 && at + 28 <= bytes.length; at = bytes.indexOf(entry, at + 4))
    size += bytes.readUInt32LE(at + 24);
  return size;
}

interface SheetRows {
  readonly name: string;
  /** Undefined when the archive lacks the part that the sheet names. */
  readonly rows: readonly Cells[] | undefined;
}

async function readSheets(bytes: Buffer, file: string): Promise<SheetRows[]> {
  try {
    const sheets = await readWorkbook<string>(bytes, { parseNumber });
    return sheets.map(({ sheet, data }) => ({ name: sheet, rows: data }));
  } catch (error) {
    const why = error instanceof InvalidInputError ? error.code.toLowerCase().replaceAll('_', ' ') : 'damaged';
    throw unreadableWorkbook(file, why);
  }
}

/** Numbers stay as written, because ids and references are text. Excel keeps only 15 digits, so longer numbers are reported as damaged. */
function parseNumber(text: string): string {
  return /^-?\d{16,}$/.test(text) ? Number(text).toExponential() : text;
}
