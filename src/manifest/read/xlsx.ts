// Excel workbooks → lines of cells, through read-excel-file. Held whole, so they have a size limit; loads its library only when used.
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import readWorkbook, { InvalidInputError } from 'read-excel-file/node';
import { InputError } from '../../errors.ts';
import type { TableRow } from './csv.ts';
import { tellFailed } from './xlsx-formulas.ts';
import { quote, quoteAll, textOf } from '../../text/quote.ts';
import { BrokenFile } from '../rows/row.ts';
import { maxPacked, maxUnpacked } from '../size-limits.ts';
import { checkWidth, isFilled, type Table } from './table.ts';
import type { Source } from './source.ts';

export interface WorkbookOptions {
  /** Name of the sheet; the first when absent. */
  readonly sheet?: string;
  /** 1-based row of the headers. */
  readonly from: number;
}

/** A sheet, and what a person should know of the others. */
export interface Workbook {
  readonly table: Table;
  readonly warnings: readonly string[];
}

/** The first sheet of a workbook, or the one that is named. Throws InputError when it is too large or no workbook. */
export async function openWorkbook(source: Source, { sheet, from }: WorkbookOptions): Promise<Workbook> {
  const file = source.path;
  const sheets = await readSheets(withFailed(await readWhole(source)), file);
  const names = quoteAll(sheets.map((each) => each.name));
  const found = sheet === undefined ? sheets[0] : sheets.find(({ name }) => name === sheet);
  if (found === undefined)
    throw new InputError(
      `${file}: has no sheet ${quote(sheet)}; name one of its own as input.sheet of the job: ${names}`,
    );
  const isChosen = sheet !== undefined || sheets.length === 1;
  const warning = `has ${sheets.length} sheets (${names}), and the first is read; name another as input.sheet of a job file`;
  return { table: sheetOf(found.rows, { file, from }), warnings: isChosen ? [] : [warning] };
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
    .filter(({ line, cells }) => line > from && cells.some(isFilled))
    .map((line) => checkWidth(line, { width: header.length, named: headers.length }));
  return {
    headers,
    line: from,
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

/** The workbook with the words of formulas that have failed, packed anew only when it has some. What is no archive is left to its reader. */
function withFailed(bytes: Buffer): Buffer {
  let sheets: Record<string, Uint8Array>;
  try {
    sheets = unzipSync(bytes, { filter: ({ name }) => isWorksheet(name) });
  } catch {
    return bytes;
  }
  const told = Object.entries(sheets).flatMap(([name, content]) => {
    const xml = strFromU8(content);
    const text = tellFailed(xml);
    return text === xml ? [] : [[name, strToU8(text)] as const];
  });
  if (told.length === 0) return bytes;
  return Buffer.from(zipSync({ ...unzipSync(bytes), ...Object.fromEntries(told) }, { level: 0 }));
}

function isWorksheet(name: string): boolean {
  return /^xl\/worksheets\/[^/]+\.xml$/.test(name);
}

/** What the entries of the archive's directory say they unpack to. */
function unpackedSize(bytes: Buffer): number {
  const entry = Buffer.from('PK\u0001\u0002', 'latin1');
  let size = 0;
  for (let at = bytes.indexOf(entry); at !== -1 && at + 28 <= bytes.length; at = bytes.indexOf(entry, at + 4))
    size += bytes.readUInt32LE(at + 24);
  return size;
}

async function readSheets(bytes: Buffer, file: string): Promise<{ name: string; rows: readonly Cells[] }[]> {
  try {
    const sheets = await readWorkbook<string>(bytes, { parseNumber });
    return sheets.map(({ sheet, data }) => ({ name: sheet, rows: data }));
  } catch (error) {
    const why = error instanceof InvalidInputError ? error.code.toLowerCase().replaceAll('_', ' ') : 'damaged';
    throw new InputError(
      `${file}: can't be read as an Excel workbook (${why}); save it again as .xlsx or as CSV UTF-8`,
    );
  }
}

/** Numbers stay as they are written: ids and references are text. Excel keeps 15 digits, so longer ones are shown as spoilt, as they are. */
function parseNumber(text: string): string {
  return /^-?\d{16,}$/.test(text) ? Number(text).toExponential() : text;
}
