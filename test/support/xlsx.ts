// Excel workbooks as bytes, with what spreadsheets really hold: dates as numbers, formulas, errors, several sheets.
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';

type Cell = string | number | { readonly day: number } | { readonly formula: string } | { readonly error: string };

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/package/2006/relationships';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** A workbook of such sheets, each a list of rows. */
export function workbook(sheets: Readonly<Record<string, readonly (readonly Cell[])[]>>): Uint8Array {
  const names = Object.keys(sheets);
  const listed = names.map((name, n) => `<sheet name="${name}" sheetId="${n + 1}" r:id="rId${n + 1}"/>`);
  const related = names.map((_, n) => relation(n + 1, 'worksheet', `worksheets/sheet${n + 1}.xml`));
  const files: Record<string, string> = {
    '_rels/.rels': list([relation(1, 'officeDocument', 'xl/workbook.xml')]),
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${listed.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': list([...related, relation(names.length + 1, 'styles', 'styles.xml')]),
    'xl/styles.xml': `<styleSheet xmlns="${main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
  };
  Object.values(sheets).forEach((rows, n) => (files[`xl/worksheets/sheet${n + 1}.xml`] = sheet(rows)));
  return zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])));
}

function list(entries: readonly string[]): string {
  return `<Relationships xmlns="${relations}">${entries.join('')}</Relationships>`;
}

function relation(id: number, type: string, target: string): string {
  return `<Relationship Id="rId${id}" Type="${office}/${type}" Target="${target}"/>`;
}

function sheet(rows: readonly (readonly Cell[])[]): string {
  const lines = rows.map((cells, row) => {
    const written = cells.map((cell, column) => cellOf(cell, `${String.fromCharCode(65 + column)}${row + 1}`));
    return `<row r="${row + 1}">${written.join('')}</row>`;
  });
  return `<worksheet xmlns="${main}"><sheetData>${lines.join('')}</sheetData></worksheet>`;
}

function cellOf(cell: Cell, place: string): string {
  if (typeof cell === 'string') return `<c r="${place}" t="inlineStr"><is><t>${cell}</t></is></c>`;
  if (typeof cell === 'number') return `<c r="${place}"><v>${cell}</v></c>`;
  if ('day' in cell) return `<c r="${place}" s="1"><v>${cell.day}</v></c>`;
  if ('formula' in cell) return `<c r="${place}" t="str"><f>${cell.formula}</f></c>`;
  return `<c r="${place}" t="e"><v>${cell.error}</v></c>`;
}

/** The workbook with one of its parts changed. */
export function reworked(bytes: Uint8Array, part: string, change: (xml: string) => string): Uint8Array {
  const parts = unzipSync(bytes);
  return zipSync({ ...parts, [part]: strToU8(change(strFromU8(parts[part] ?? new Uint8Array()))) });
}

/** The workbook with parts added. */
export function withParts(bytes: Uint8Array, parts: Readonly<Record<string, string>>): Uint8Array {
  const added = Object.entries(parts).map(([path, text]) => [path, strToU8(text)] as const);
  return zipSync({ ...unzipSync(bytes), ...Object.fromEntries(added) });
}
