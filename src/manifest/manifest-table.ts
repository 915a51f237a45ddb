// Manifest rows as a table to write: the columns of the contract, in its order.
import type { ManifestRow } from '../actions/action.ts';
import type { OutputTable } from '../storage/tables/output-table.ts';
import { columnNames } from './rows/columns.ts';
import { maxJson, maxPacked, maxUnpacked } from './size-limits.ts';
import { rowValues } from './write.ts';

const columns = columnNames.map((name) => (name === 'notBefore' ? { name, isDate: true } : { name }));

/** Rows as a table that every command can read back. */
export function manifestTable(rows: AsyncIterable<ManifestRow> | Iterable<ManifestRow>): OutputTable {
  return {
    purpose: 'manifest',
    columns,
    rows: valuesOf(rows),
    maxBytes: { json: maxJson, xlsx: maxPacked },
    // The other parts of the workbook are small.
    maxSheetBytes: maxUnpacked - 65_536,
  };
}

async function* valuesOf(rows: AsyncIterable<ManifestRow> | Iterable<ManifestRow>) {
  for await (const row of rows) yield rowValues(row);
}
