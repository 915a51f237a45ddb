// Excel workbooks → lines of cells, through read-excel-file. Held whole, so they have a size limit; loads its library only when used.
import readWorkbook, { InvalidInputError } from 'read-excel-file/node';
import { InputError } from '../errors.ts';
import type { Line } from './csv.ts';
import { quote, quoteAll, textOf } from './quote.ts';
import { BrokenFile } from './problem.ts';
import { checkWidth, isFilled, type Sheet } from './sheet.ts';
import type { Source } from './source.ts';

/** Bytes of a workbook, and of what is packed in it. */
const maxPacked = 20 * 1024 * 1024;
const maxUnpacked = 200 * 1024 * 1024;

export interface WorkbookOptions {
  /** Name of the sheet; the first when absent. */
  readonly sheet?: string;
  /** 1-based row of the headers. */
  readonly from: number;
}

/** A sheet, and what a person should know of the others. */
export interface Workbook {
  readonly sheet: Sheet;
  readonly warnings: readonly string[];
}

/** The first sheet of a workbook, or the one that is named. Throws InputError when it is too large or no workbook. */
export async function openWorkbook(source: Source, { sheet, from }: WorkbookOptions): Promise<Workbook> {
  const file = source.path;
  const sheets = await readSheets(await readWhole(source), file);
  const names = quoteAll(sheets.map((each) => each.name));
  const found = sheet === undefined ? sheets[0] : sheets.find(({ name }) => name === sheet);
  if (found === undefined)
    throw new InputError(
      `${file}: has no sheet ${quote(sheet)}; name one of its own as input.sheet of the job: ${names}`,
    );
  const isChosen = sheet !== undefined || sheets.length === 1;
  const warning = `has ${sheets.length} sheets (${names}), and the first is read; name another as input.sheet of a job file`;
  return { sheet: sheetOf(found.rows, { file, from }), warnings: isChosen ? [] : [warning] };
}

type Cells = readonly unknown[];

function sheetOf(rows: readonly Cells[], { file, from }: { file: string; from: number }): Sheet {
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
    .map((cells, at): Line => ({ line: at + 1, cells }))
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
    // Numbers stay as they are written: ids and references are text, and Excel's roundings must be seen.
    const sheets = await readWorkbook<string>(bytes, { parseNumber: (text) => text });
    return sheets.map(({ sheet, data }) => ({ name: sheet, rows: data }));
  } catch (error) {
    const why = error instanceof InvalidInputError ? error.code.toLowerCase().replaceAll('_', ' ') : 'damaged';
    throw new InputError(
      `${file}: can't be read as an Excel workbook (${why}); save it again as .xlsx or as CSV UTF-8`,
    );
  }
}
