// prepareWorkbook: what the parts of a workbook say beside its values (hidden rows and sheets, filters, size), and parts its reader misunderstands.
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { InputError } from '../../errors.ts';
import { quote, quoteAll } from '../../text/quote.ts';
import { tellFailed } from './xlsx-formulas.ts';

/** Cells from the first to the last row and column that are used: the reader makes one for each, whether it is filled or not. */
const maxCells = 5_000_000;
/** Rows that a warning names. */
const named = 5;

export interface SheetFacts {
  readonly name: string;
  readonly isHidden: boolean;
  /** 1-based rows that the spreadsheet does not show, by hand or by a filter. */
  readonly hiddenRows: readonly number[];
  readonly isFiltered: boolean;
}

export interface PreparedWorkbook {
  readonly bytes: Buffer;
  readonly facts: readonly SheetFacts[];
}

/** Inspects the parts, and packs them again only when one had to be changed. A file that is no archive is left to the workbook reader. */
export function prepareWorkbook(bytes: Buffer, file: string): PreparedWorkbook {
  let parts: Record<string, string>;
  try {
    const found = unzipSync(bytes, { filter: ({ name }) => isWanted(name) });
    parts = Object.fromEntries(Object.entries(found).map(([name, content]) => [name, strFromU8(content)]));
  } catch {
    return { bytes, facts: [] };
  }
  const sheets = sheetsOf(parts);
  for (const { name, path } of sheets) refuseWide(parts[path] ?? '', { file, sheet: name });
  const changed = Object.entries(parts).flatMap(([path, xml]) => {
    const read = path === workbookPath ? plainDateSystem(xml) : isWorksheet(path) ? tellFailed(xml) : xml;
    return read === xml ? [] : [[path, strToU8(read)] as const];
  });
  const facts = sheets.map(({ name, path, isHidden }) => ({ name, isHidden, ...rowFacts(parts[path] ?? '') }));
  if (changed.length === 0) return { bytes, facts };
  return { bytes: Buffer.from(zipSync({ ...unzipSync(bytes), ...Object.fromEntries(changed) }, { level: 0 })), facts };
}

/** Warnings about the sheet that is read and about those that are hidden. */
export function hiddenWarnings(facts: readonly SheetFacts[], name: string): string[] {
  const hidden = facts.filter((each) => each.isHidden).map((each) => each.name);
  const others = hidden.filter((each) => each !== name);
  const { hiddenRows = [], isFiltered = false } = facts.find((each) => each.name === name) ?? {};
  const more = hiddenRows.length > named ? ` and ${hiddenRows.length - named} more` : '';
  const rows = `${hiddenRows.length === 1 ? 'row' : 'rows'} ${hiddenRows.slice(0, named).join(', ')}${more}`;
  return [
    ...(hidden.includes(name) ? [`sheet ${quote(name)} is hidden, and it is read`] : []),
    ...(others.length === 0 ? [] : [`hidden sheets are not read: ${quoteAll(others)}`]),
    ...(hiddenRows.length === 0
      ? []
      : [`hidden ${rows} of sheet ${quote(name)} read like the others; check the filter, or delete the rows`]),
    ...(isFiltered ? [`sheet ${quote(name)} has a filter, which is ignored: all rows are read`] : []),
  ];
}

const workbookPath = 'xl/workbook.xml';

function isWanted(path: string): boolean {
  return path === workbookPath || path === 'xl/_rels/workbook.xml.rels' || isWorksheet(path);
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

/** The reader knows the date system of old Macs by "1" only; XML has "true" for the same. */
function plainDateSystem(xml: string): string {
  return xml.replace(/(\sdate1904\s*=\s*)(?:"true"|'true'|'1')/i, '$1"1"');
}

function rowFacts(xml: string): Pick<SheetFacts, 'hiddenRows' | 'isFiltered'> {
  const hiddenRows = tags(xml, 'row').flatMap((tag, at) => {
    if (!/^(?:1|true)$/.test(attribute(tag, 'hidden') ?? '')) return [];
    return [Number(attribute(tag, 'r') ?? at + 1)];
  });
  return { hiddenRows, isFiltered: tags(xml, 'filterColumn').length > 0 };
}

/** Throws when one cell far out would make the reader build millions of empty ones. */
function refuseWide(xml: string, { file, sheet }: { file: string; sheet: string }): void {
  let [rows, columns] = [1, 1];
  for (const [, letters = '', row = ''] of xml.matchAll(
    /<(?:\w+:)?c\b[^<>]*?\sr\s*=\s*["']([A-Za-z]{1,8})(\d{1,12})["']/g,
  )) {
    rows = Math.max(rows, Number(row));
    columns = Math.max(columns, columnOf(letters));
    if (rows * columns <= maxCells) continue;
    throw new InputError(
      `${file}:${row}: sheet ${quote(sheet)} has a cell at ${letters}${row}, so it spans ${rows} rows and ${columns} columns, and ${maxCells} cells are allowed; delete the rows and columns beyond the table, or save it as CSV UTF-8`,
    );
  }
}

/** A is 1, AA is 27. */
function columnOf(letters: string): number {
  return Array.from(letters.toUpperCase()).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
}
