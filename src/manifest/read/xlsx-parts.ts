// prepareWorkbook: finds hidden rows, columns and sheets, filters and the size of a workbook, and corrects XML that the library misreads.
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { InputError } from '../../errors.ts';
import { quote, quoteAll } from '../../text/quote.ts';
import { keepErrorValues } from './xlsx-formulas.ts';

/** Most cells between the first and the last used row and column. The library creates an object even for empty ones. */
const maxCells = 5_000_000;
/** Rows and columns that a warning names. */
const named = 5;
/** Columns of an Excel sheet. */
const maxColumns = 16_384;

export interface SheetFacts {
  readonly name: string;
  readonly isHidden: boolean;
  /** 1-based rows that the spreadsheet does not show, by hand or by a filter. */
  readonly hiddenRows: readonly number[];
  /** 1-based columns that the spreadsheet does not show. */
  readonly hiddenColumns: readonly number[];
  /** By a filter of the sheet, or of a table on it. */
  readonly isFiltered: boolean;
}

export interface PreparedWorkbook {
  readonly bytes: Buffer;
  readonly facts: readonly SheetFacts[];
}

/**
 * Unpacks the workbook and packs it again. The library never returns for some damaged archives, so it only gets intact ones. Throws
 * InputError for a damaged archive.
 */
export function prepareWorkbook(bytes: Buffer, file: string): PreparedWorkbook {
  const parts = unpack(bytes, file);
  const wanted = Object.entries(parts).filter(([path]) => isWanted(path));
  const xmls = Object.fromEntries(wanted.map(([path, content]) => [path, strFromU8(content)]));
  const sheets = sheetsOf(xmls);
  for (const { name, path } of sheets) refuseWide(xmls[path] ?? '', { file, sheet: name });
  const changed = Object.entries(xmls).flatMap(([path, xml]) => {
    const read = path === workbookPath ? plainDateSystem(xml) : isWorksheet(path) ? keepErrorValues(xml) : xml;
    return read === xml ? [] : [[path, strToU8(read)] as const];
  });
  const facts = sheets.map(({ name, path, isHidden }) => ({ name, isHidden, ...viewFacts(xmls, path) }));
  return { bytes: Buffer.from(zipSync({ ...parts, ...Object.fromEntries(changed) }, { level: 0 })), facts };
}

/** The parts with data; pictures and fonts are left out. */
function unpack(bytes: Buffer, file: string): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes, { filter: ({ name }) => /\.(?:xml|rels)$/i.test(name) });
  } catch {
    throw unreadableWorkbook(file, 'damaged');
  }
}

/** The refusal of a workbook, with the reason in words. */
export function unreadableWorkbook(file: string, why: string): InputError {
  return new InputError(`${file}: can't be read as an Excel workbook (${why}); save it again as .xlsx or as CSV UTF-8`);
}

/** Warnings about the sheet that is read (its name and its headers) and about those that are hidden. */
export function hiddenWarnings(facts: readonly SheetFacts[], name: string, headers: readonly string[]): string[] {
  const hidden = facts.filter((each) => each.isHidden).map((each) => each.name);
  const others = hidden.filter((each) => each !== name);
  const { hiddenRows = [], hiddenColumns = [], isFiltered = false } = facts.find((each) => each.name === name) ?? {};
  const columns = hiddenColumns
    .filter((column) => column <= headers.length)
    .map((column) => `${lettersOf(column)} (${quote(headers[column - 1])})`);
  return [
    ...(hidden.includes(name) ? [`sheet ${quote(name)} is hidden, but it is read`] : []),
    ...(others.length === 0 ? [] : [`hidden sheets are not read: ${quoteAll(others)}`]),
    ...(hiddenRows.length === 0
      ? []
      : [
          `hidden ${list('row', hiddenRows)} of sheet ${quote(name)} ${verb(hiddenRows)} read like the others; check the filter, or delete the rows`,
        ]),
    ...(columns.length === 0
      ? []
      : [
          `hidden ${list('column', columns)} of sheet ${quote(name)} ${verb(columns)} read like the others; check them in the spreadsheet`,
        ]),
    ...(isFiltered ? [`sheet ${quote(name)} has a filter, which is ignored: all rows are read`] : []),
  ];
}

function verb(items: readonly unknown[]): string {
  return items.length === 1 ? 'is' : 'are';
}

/** `row 3`, or `rows 3, 4, 5, 6, 7 and 12 more`. */
function list(noun: string, items: readonly (string | number)[]): string {
  const more = items.length > named ? ` and ${items.length - named} more` : '';
  return `${noun}${items.length === 1 ? '' : 's'} ${items.slice(0, named).join(', ')}${more}`;
}

const workbookPath = 'xl/workbook.xml';

function isWanted(path: string): boolean {
  const isOfSheet = /^xl\/(?:worksheets\/_rels|tables)\/[^/]+$/.test(path);
  return path === workbookPath || path === 'xl/_rels/workbook.xml.rels' || isOfSheet || isWorksheet(path);
}

function isWorksheet(path: string): boolean {
  return /^xl\/worksheets\/[^/]+\.xml$/.test(path);
}

interface Sheet {
  readonly name: string;
  readonly path: string;
  readonly isHidden: boolean;
}

function sheetsOf(parts: Readonly<Record<string, string>>): Sheet[] {
  const related = tags(parts['xl/_rels/workbook.xml.rels'] ?? '', 'Relationship');
  const targets = new Map(related.map((tag) => [attribute(tag, 'Id'), attribute(tag, 'Target') ?? '']));
  return tags(parts[workbookPath] ?? '', 'sheet').map((tag) => ({
    name: unescapeXml(attribute(tag, 'name') ?? ''),
    path: pathOf(targets.get(attribute(tag, 'id')) ?? ''),
    isHidden: /hidden/i.test(attribute(tag, 'state') ?? ''),
  }));
}

function pathOf(target: string): string {
  return target.startsWith('/') ? target.slice(1) : `xl/${target}`;
}

/** The opening tags of a name, with any prefix. */
function tags(xml: string, name: string): string[] {
  return xml.match(new RegExp(`<(?:\\w+:)?${name}\\b[^<>]*>`, 'g')) ?? [];
}

function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`\\s(?:\\w+:)?${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag);
  return found?.[1] ?? found?.[2];
}

function unescapeXml(text: string): string {
  const chars: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => chars[name] ?? '');
}

/** The library recognizes the 1904 date system only by "1"; XML allows "true" as well. */
function plainDateSystem(xml: string): string {
  return xml.replace(/(\sdate1904\s*=\s*)(?:"true"|'true'|'1')/i, '$1"1"');
}

/** The rows and columns of a sheet that a spreadsheet program does not show. */
function viewFacts(parts: Readonly<Record<string, string>>, path: string): Omit<SheetFacts, 'name' | 'isHidden'> {
  const xml = parts[path] ?? '';
  const hiddenRows = tags(xml, 'row').flatMap((tag, at) =>
    isHiddenTag(tag) ? [Number(attribute(tag, 'r') ?? at + 1)] : [],
  );
  const hiddenColumns = tags(xml, 'col').filter(isHiddenTag).flatMap(columnsIn);
  const filtered = [xml, ...tablesOf(parts, path)].some((each) => tags(each, 'filterColumn').length > 0);
  return { hiddenRows, hiddenColumns, isFiltered: filtered };
}

function isHiddenTag(tag: string): boolean {
  return /^(?:1|true)$/.test(attribute(tag, 'hidden') ?? '');
}

/** The columns of a range like `<col min="2" max="4"/>`. */
function columnsIn(tag: string): number[] {
  const first = Math.max(1, Number(attribute(tag, 'min')));
  const last = Math.min(maxColumns, Number(attribute(tag, 'max')));
  return first <= last ? Array.from({ length: last - first + 1 }, (_, at) => first + at) : [];
}

/** The XML of the tables on a sheet, found through the relationships of the sheet. */
function tablesOf(parts: Readonly<Record<string, string>>, path: string): string[] {
  const name = path.lastIndexOf('/') + 1;
  const relations = parts[`${path.slice(0, name)}_rels/${path.slice(name)}.rels`] ?? '';
  return tags(relations, 'Relationship').flatMap((tag) => {
    const target = attribute(tag, 'Target')?.replace(/^(?:\.\.|\/xl)\//, 'xl/') ?? '';
    return target.startsWith('xl/tables/') ? [parts[target] ?? ''] : [];
  });
}

/** The positions of rows and cells in their opening tags. */
const placed = /<(?:\w+:)?(?:c|row)\b[^<>]*?\sr\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')/g;

/** Throws if a cell or row far from the others would make the library build millions of empty cells, or if a position is invalid. */
function refuseWide(xml: string, { file, sheet }: { file: string; sheet: string }): void {
  let [rows, columns] = [1, 1];
  for (const [, double, single] of xml.matchAll(placed)) {
    const place = double ?? single ?? '';
    const [, letters = '', row] = /^([A-Za-z]*)(\d+)$/.exec(place) ?? [];
    if (row === undefined)
      throw new InputError(
        `${file}: sheet ${quote(sheet)} has a cell at ${quote(place)}, which is not a place like B2; save it again as .xlsx or as CSV UTF-8`,
      );
    rows = Math.max(rows, Number(row));
    columns = Math.max(columns, columnOf(letters));
    if (rows * columns <= maxCells && columns <= maxColumns) continue;
    const outlier = letters === '' ? `a row ${row}` : `a cell at ${place}`;
    throw new InputError(
      `${file}:${row}: sheet ${quote(sheet)} has ${outlier}, so it spans ${rows} rows and ${columns} columns, and ${maxCells} cells in ${maxColumns} columns are allowed; delete the rows and columns beyond the table, or save it as CSV UTF-8`,
    );
  }
}

/** A is 1, AA is 27. */
function columnOf(letters: string): number {
  return Array.from(letters.toUpperCase()).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
}

/** 1 is A, 27 is AA. */
function lettersOf(column: number): string {
  const rest = Math.floor((column - 1) / 26);
  return (rest === 0 ? '' : lettersOf(rest)) + String.fromCharCode(65 + ((column - 1) % 26));
}
