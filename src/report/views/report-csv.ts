// The report as a table for spreadsheets: the columns of the manifest and what became of each row. Which lines count is the caller's.
import { stringify } from 'csv-stringify/sync';
import type { RowLine } from '../events.ts';

/** Rows as often as they are asked for. */
export type Rows = () => AsyncIterable<RowLine>;

const own = ['action', 'email', 'accountId', 'groupName', 'groupId'] as const;

/** What became of a row, by column. Times are ISO 8601 in UTC. */
const ends: Readonly<Record<string, (line: RowLine) => unknown>> = {
  outcome: ({ outcome }) => outcome,
  reason: ({ reason }) => reason,
  message: ({ message }) => message,
  finishedAt: ({ time }) => time,
  status: ({ status }) => status,
  attempts: ({ attempts }) => attempts,
  ambiguous: ({ ambiguous }) => (ambiguous ? 'yes' : 'no'),
  errorCode: ({ error }) => error?.code,
  errorTitle: ({ error }) => error?.title,
  errorDetail: ({ error }) => error?.detail,
  requestId: ({ requestId, error }) => requestId ?? error?.traceId,
  file: ({ file }) => file,
  line: ({ line }) => line,
};

/** The table with a byte order mark, one line a row. Reads the rows twice: once for the columns that are in use. */
export async function* renderCsv(rows: Rows): AsyncGenerator<string> {
  const columns = await columnsOf(rows());
  yield `\ufeff${renderLine([...columns, ...Object.keys(ends)])}`;
  for await (const line of rows()) {
    const given: Record<string, unknown> = { ...line.fields, ...line };
    yield renderLine([...columns.map((name) => cell(given[name])), ...Object.values(ends).map((end) => end(line))]);
  }
}

async function columnsOf(rows: AsyncIterable<RowLine>): Promise<string[]> {
  const [used, fields] = [new Set<string>(), new Set<string>()];
  for await (const line of rows) {
    for (const name of own) if (line[name] !== null) used.add(name);
    for (const name in line.fields) fields.add(name);
    if (line.reference !== null) used.add('reference');
  }
  return ['reference', ...own].filter((name) => used.has(name)).concat([...fields].toSorted());
}

/** Lists as manifests write them: `role@resource`, several separated by `;`. */
function cell(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cell).join(';');
  if (typeof value !== 'object' || value === null) return typeof value === 'boolean' ? String(value) : value;
  const { role, resource } = value as Readonly<Record<string, string | undefined>>;
  return role === undefined ? JSON.stringify(value) : resource === undefined ? role : `${role}@${resource}`;
}

/** One line of a table that a spreadsheet opens as text: formulas are defused, lines end as RFC 4180 says. */
export function renderLine(cells: readonly unknown[]): string {
  return stringify([[...cells]], { escape_formulas: true, record_delimiter: 'windows' });
}
