// Renders rows as JSON: one object per line, or one array.
import { escapeUnsafe } from '../../text/sanitize.ts';
import type { OutputRow, OutputTable } from './output-table.ts';

function renderObject(row: OutputRow): string {
  return escapeUnsafe(JSON.stringify(row));
}

/** NDJSON. */
export async function* ndjsonText(rows: OutputTable['rows']): AsyncGenerator<string> {
  for await (const row of rows) yield `${renderObject(row)}\n`;
}

/** A JSON array with one row per line, and the text around it. */
export async function* jsonText({ rows, envelope: [before, after] = ['', '\n'] }: OutputTable): AsyncGenerator<string> {
  yield before;
  let opening = '[';
  for await (const row of rows) {
    yield `${opening}\n${renderObject(row)}`;
    opening = ',';
  }
  yield `${opening === '[' ? '[]' : '\n]'}${after}`;
}
