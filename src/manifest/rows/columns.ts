// The columns of a manifest, their index in a row, and the headers that name them.
import { fieldNames } from '../../model.ts';

/** All columns; a row's values have this order. */
export const columnNames = ['action', ...fieldNames] as const;
export type ColumnName = (typeof columnNames)[number];

/** Index of each column in a row's values. */
export const placeOf = Object.fromEntries(columnNames.map((name, place) => [name, place])) as Readonly<
  Record<ColumnName, number>
>;

/** Folds a header: case, spaces, `_` and `-` do not matter. */
export function foldHeader(header: string): string {
  return header
    .normalize('NFC')
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '');
}

/** Headers of Atlassian's own exports that differ from our column names. */
const aliases: Readonly<Record<string, ColumnName>> = {
  'User id': 'accountId',
  'Atlassian ID': 'accountId',
  'Email address': 'email',
};

const byFolded = new Map<string, ColumnName>([
  ...columnNames.map((name) => [foldHeader(name), name] as const),
  ...Object.entries(aliases).map(([header, name]) => [foldHeader(header), name] as const),
]);

/** The column that a header means, if any. */
export function columnOf(header: string): ColumnName | undefined {
  return byFolded.get(foldHeader(header));
}
