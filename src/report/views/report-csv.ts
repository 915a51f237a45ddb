// reportTable: the report as a table for spreadsheets: the columns of the manifest and the outcome of each row.
import type { OutputRow, OutputTable } from '../../storage/tables/output-table.ts';
import type { ReportLine, RowLine } from '../events.ts';
import { lastActiveAt } from '../last-active.ts';
import { lastRows, type ReportSet } from '../read/report-set.ts';
import { isRehearsal } from '../summary.ts';

const own = ['action', 'email', 'accountId', 'groupName', 'groupId'] as const;

/** The columns about the outcome of a row. Times are ISO 8601 in UTC. */
const ends: Readonly<Record<string, (line: RowLine) => unknown>> = {
  outcome: ({ outcome }) => outcome,
  reason: ({ reason }) => reason,
  message: ({ message }) => message,
  finishedAt: ({ time }) => time,
  lastActive: ({ result }) => lastActiveTime(result),
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

/** One line per row. Reads the reports first to find the columns that are in use. */
export async function reportTable(reports: Pick<ReportSet, 'lines'>): Promise<OutputTable> {
  const { columns, rehearsals } = await survey(reports.lines());
  const names = [...columns, ...Object.keys(ends), ...(rehearsals.size > 0 ? ['rehearsal'] : [])];
  return {
    purpose: 'people',
    columns: names.map((name) => ({ name, isDate: dates.has(name) })),
    rows: cellsOf(lastRows(reports), { columns, rehearsals }),
  };
}

interface Survey {
  readonly columns: readonly string[];
  /** Ids of runs on the simulated organization. */
  readonly rehearsals: ReadonlySet<string>;
}

async function* cellsOf(rows: AsyncIterable<RowLine>, { columns, rehearsals }: Survey): AsyncGenerator<OutputRow> {
  for await (const line of rows) {
    const values: Record<string, unknown> = { ...line.fields, ...line };
    const row: Record<string, unknown> = {};
    for (const name of columns) row[name] = values[name] ?? null;
    for (const [name, end] of Object.entries(ends)) row[name] = end(line) ?? null;
    if (rehearsals.size > 0) row['rehearsal'] = rehearsals.has(line.runId) ? 'REHEARSAL' : null;
    yield row;
  }
}

const dates: ReadonlySet<string> = new Set(['notBefore', 'finishedAt', 'lastActive']);

async function survey(lines: AsyncIterable<ReportLine>): Promise<Survey> {
  const [used, fields, rehearsals] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for await (const line of lines) {
    if (line.event === 'run-start' && isRehearsal(line)) rehearsals.add(line.runId);
    if (line.event !== 'row') continue;
    for (const name of own) if (line[name] !== null) used.add(name);
    // The outcome has a column called `message` too.
    for (const name in line.fields) if (!(name in ends)) fields.add(name);
    if (line.reference !== null) used.add('reference');
  }
  const columns = ['reference', ...own].filter((name) => used.has(name)).concat([...fields].toSorted());
  return { columns, rehearsals };
}

/** The last-active date that the row read. */
function lastActiveTime(result: unknown): string | undefined {
  const at = lastActiveAt(result);
  return at === undefined ? undefined : new Date(at).toISOString();
}
