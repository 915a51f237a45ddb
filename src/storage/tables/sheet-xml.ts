// The parts of an Excel workbook as XML (ECMA-376): one sheet with a frozen, filterable header row.
import { cellText } from './csv-text.ts';
import type { Column, OutputRow } from './output-table.ts';
import type { SurveyedColumn } from './row-survey.ts';

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/package/2006/relationships';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const types = 'http://schemas.openxmlformats.org/package/2006/content-types';
const media = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** Most characters of a cell. */
export const maxCell = 32_767;

/** Indexes of the cell formats in the style sheet. */
const format = { text: 1, date: 2, header: 3 } as const;

const styles =
  `${head}<styleSheet xmlns="${main}">` +
  '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>' +
  '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>' +
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
  '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' +
  '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>' +
  '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>' +
  '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>' +
  '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>';

const relation = (id: number, type: string, target: string) =>
  `<Relationship Id="rId${id}" Type="${office}/${type}" Target="${target}"/>`;
const relationList = (entries: string) => `${head}<Relationships xmlns="${relations}">${entries}</Relationships>`;
const override = (path: string, type: string) =>
  `<Override PartName="/xl/${path}.xml" ContentType="${media}.${type}+xml"/>`;

/** Path of the sheet in the archive. */
export const sheetPath = 'xl/worksheets/sheet1.xml';

/** All parts beside the sheet, by their paths in the archive. */
export const fixedParts: Readonly<Record<string, string>> = {
  '[Content_Types].xml':
    `${head}<Types xmlns="${types}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
    '<Default Extension="xml" ContentType="application/xml"/>' +
    `${override('workbook', 'sheet.main')}${override('worksheets/sheet1', 'worksheet')}${override('styles', 'styles')}</Types>`,
  '_rels/.rels': relationList(relation(1, 'officeDocument', 'xl/workbook.xml')),
  'xl/workbook.xml': `${head}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="Rows" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': relationList(
    relation(1, 'worksheet', 'worksheets/sheet1.xml') + relation(2, 'styles', 'styles.xml'),
  ),
  'xl/styles.xml': styles,
};

/** The sheet up to its first row of values: frozen header, widths, headers. */
export function sheetStart(columns: readonly SurveyedColumn[]): string {
  const pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>';
  // The arrow of the filter takes the width of two characters.
  const widths = columns.map(
    ({ width }, at) => `<col min="${at + 1}" max="${at + 1}" width="${width + 3}" customWidth="1"/>`,
  );
  const cells = columns.map(({ name }, at) => textCell(name, `${letters(at)}1`, format.header));
  return (
    `${head}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews>` +
    `<cols>${widths.join('')}</cols><sheetData><row r="1">${cells.join('')}</row>`
  );
}

/** The sheet after its last row, which has this number. */
export function sheetEnd(columns: readonly Column[], last: number): string {
  return `</sheetData><autoFilter ref="A1:${letters(columns.length - 1)}${last}"/></worksheet>`;
}

/** One row; empty cells are left out. */
export function rowXml(columns: readonly Column[], row: OutputRow, number: number): string {
  const cells = columns.map((column, at) => cellXml(column, row[column.name], `${letters(at)}${number}`));
  return `<row r="${number}">${cells.join('')}</row>`;
}

function cellXml({ isDate }: Column, value: unknown, place: string): string {
  if (value === undefined || value === null || value === '') return '';
  if (typeof value === 'number' && Number.isFinite(value)) return `<c r="${place}"><v>${value}</v></c>`;
  const serial = isDate === true ? serialOf(value) : undefined;
  if (serial !== undefined) return `<c r="${place}" s="${format.date}"><v>${serial}</v></c>`;
  return textCell(cellText(value), place, format.text);
}

function textCell(text: string, place: string, style: number): string {
  return `<c r="${place}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(text)}</t></is></c>`;
}

const dayMs = 86_400_000;
/** Days from the epoch of spreadsheets to 1970, for dates after February 1900. */
const daysTo1970 = 25_569;

/** Days since the epoch of spreadsheets, in UTC; undefined for anything but an instant of the years 1901 to 9999. */
function serialOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return undefined;
  const ms = Date.parse(value);
  const serial = ms / dayMs + daysTo1970;
  if (serial <= 366) return undefined;
  // Rounded up slightly, because a number of days is not exact and readers cut fractions of a millisecond.
  const isExact = Math.floor((serial - daysTo1970) * dayMs) === ms;
  return isExact ? serial : (ms + 0.25) / dayMs + daysTo1970;
}

/** A character that XML can't contain or would change, or text that looks like its escape. */
// oxlint-disable-next-line no-control-regex
const special = /[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|_(?=x[0-9a-f]{4}_)/gi;
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(special, (char) => `_x${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
    .replace(/[&<>]/g, (char) => entities[char] ?? char);
}

/** `A` to `Z`, then `AA`. */
function letters(at: number): string {
  return (at < 26 ? '' : letters(Math.floor(at / 26) - 1)) + String.fromCharCode(65 + (at % 26));
}
