// Rows as CSV text: UTF-8 with a byte order mark, lines that end as RFC 4180 says.
import { stringify } from 'csv-stringify/sync';
import { textOf } from '../../text/quote.ts';
import { neutralize } from '../../text/sanitize.ts';
import type { Column, OutputTable } from './output-table.ts';

/**
 * The text of a cell. A list is `a;b`, a role `role@resource`. A list that this form can't express (an item with `;`, an empty list) is
 * a JSON array, which the readers of lists accept as well.
 */
export function cellText(value: unknown): string {
  if (!Array.isArray(value)) return typeof value === 'object' && value !== null ? itemText(value) : textOf(value);
  const items = value.map(itemText);
  const isPlain = items.length > 0 && items.every((item) => item !== '' && !item.includes(';'));
  return isPlain && !items[0]?.startsWith('[') ? items.join(';') : JSON.stringify(value);
}

function itemText(item: unknown): string {
  if (typeof item !== 'object' || item === null) return textOf(item);
  const { role, resource } = item as Readonly<Record<string, string | undefined>>;
  return role === undefined ? JSON.stringify(item) : resource === undefined ? role : `${role}@${resource}`;
}

/**
 * Manifests keep values like `=x` or `-1` as they are, because an escape in the file would become part of a name that is sent. Tables
 * for people escape them with an apostrophe, because a spreadsheet would take them for formulas, and replace control characters.
 */
export async function* csvText(
  columns: readonly Column[],
  rows: OutputTable['rows'],
  purpose: OutputTable['purpose'],
): AsyncGenerator<string> {
  const options = {
    escape_formulas: purpose === 'people',
    record_delimiter: 'windows',
    // A single CR or LF is part of a value too.
    quoted_match: /[\r\n]/,
  } as const;
  const cell = purpose === 'people' ? (value: unknown) => withoutControls(cellText(value)) : cellText;
  yield `\ufeff${stringify([columns.map(({ name }) => name)], options)}`;
  for await (const row of rows) yield stringify([columns.map(({ name }) => cell(row[name]))], options);
}

/** Replaces control characters except tabs and line breaks. */
function withoutControls(text: string): string {
  return text.replace(/[^\t\r\n]+/g, neutralize);
}
