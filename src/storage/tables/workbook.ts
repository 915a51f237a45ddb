// Writes rows as an Excel workbook: text cells, so that nothing becomes a formula and ids keep their digits; instants are dates in UTC.
import { strToU8, Zip, ZipDeflate } from 'fflate';
import { LeaversError } from '../../errors.ts';
import { cellText } from './csv-text.ts';
import type { OutputRow, OutputTable } from './output-table.ts';
import { type RowSurvey, surveyRows } from './row-survey.ts';
import { fixedParts, maxCell, rowXml, sheetEnd, sheetPath, sheetStart } from './sheet-xml.ts';

/** Most rows of a sheet, including the header. */
const maxRows = 1_048_576;
/** Characters to buffer before compressing. */
const batch = 1 << 16;
/** A fixed time, so that equal rows produce equal bytes. */
const mtime = '1980-01-01T12:00:00';

/** The bytes of a workbook. Throws `report` (73) for rows beyond the limits of a workbook or its reader. */
export async function* workbookBytes(table: OutputTable, tmpdir: string): AsyncGenerator<Uint8Array> {
  using survey = await surveyRows(table, tmpdir);
  const packed: Uint8Array[] = [];
  const zip = new Zip((error, bytes) => {
    if (error !== null) throw error;
    packed.push(bytes);
  });
  for (const [path, text] of Object.entries(fixedParts)) addFile(zip, path).push(strToU8(text), true);
  const sheet = addFile(zip, sheetPath);
  let size = 0;
  for (const text of sheetTexts(survey, table)) {
    const bytes = strToU8(text);
    size += bytes.length;
    if (size > (table.maxSheetBytes ?? Infinity)) throw refusal('the sheet is larger than what a command reads');
    sheet.push(bytes);
    yield* packed.splice(0);
  }
  sheet.push(new Uint8Array(), true);
  zip.end();
  yield* packed;
}

function addFile(zip: Zip, path: string): ZipDeflate {
  const file = new ZipDeflate(path, { level: 6 });
  file.mtime = mtime;
  zip.add(file);
  return file;
}

/** The sheet's XML in large pieces. */
function* sheetTexts(survey: RowSurvey, { purpose }: OutputTable): Generator<string> {
  const { columns } = survey;
  let text = sheetStart(columns);
  let last = 1;
  for (const row of survey.rows()) {
    last += 1;
    if (last > maxRows) throw refusal(`a sheet holds ${maxRows - 1} rows`);
    text += rowXml(columns, fitted(row, purpose), last);
    if (text.length < batch) continue;
    yield text;
    text = '';
  }
  yield text + sheetEnd(columns, last);
}

/** Values that fit into cells: a table for people is shortened, a manifest is refused, because it must read back exactly. */
function fitted(row: OutputRow, purpose: OutputTable['purpose']): OutputRow {
  const long = Object.entries(row).filter(([, value]) => cellText(value).length > maxCell);
  if (long.length === 0) return row;
  if (purpose === 'manifest')
    throw refusal(`${long[0]?.[0]} has more than ${maxCell} characters, the most that a cell can have`);
  return {
    ...row,
    ...Object.fromEntries(long.map(([name, value]) => [name, `${cellText(value).slice(0, maxCell - 1)}…`])),
  };
}

function refusal(why: string): LeaversError {
  return new LeaversError('report', `no workbook was written: ${why}; name a .csv or .ndjson file`);
}
