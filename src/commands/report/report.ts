// `leavers report`: summarizes one or more reports and writes page, table, evidence or retry manifest. Rendering is in report/.
import type { ManifestRow } from '../../actions/action.ts';
import type { Context } from '../../context.ts';
import { exitCodes, LeaversError } from '../../errors.ts';
import { redactReports } from '../../report/redact.ts';
import { manifestTable } from '../../manifest/manifest-table.ts';
import type { RowEnd } from '../../report/events.ts';
import { renderSummary } from '../../report/views/text-summary.ts';
import { many } from '../../text/phrases.ts';
import { isRehearsal, type RunSummary, SummaryBuilder } from '../../report/summary.ts';
import { fieldsOf } from '../../actions/undo-row.ts';
import type { Call } from '../command.ts';
import { writeTable } from '../../storage/tables/write-table.ts';
import { manifestCommand, pageCommand, quote, resumeCommand } from '../next-command.ts';
import { type View, writeEvidence, writePage } from '../write-views.ts';
import {
  lastRows,
  openReportSet,
  refuseMixedOrganizations,
  type ReportSet,
  describeTornLines,
} from '../../report/read/report-set.ts';
import { paintFor, print, printData } from '../../terminal/output.ts';

/** Prints the summary, writes the files that were asked for, and returns the exit code. */
export async function report(call: Call): Promise<number> {
  const { args: words, flag: look, context } = call;
  // Read first, so that a wrong extension is refused before anything is written.
  const [html, csv, evidence, retry] = [look('html'), look('csv'), look('evidence'), look('retry')];
  const isRedacted = look('redact');
  if (isRedacted && retry !== undefined)
    throw new LeaversError(
      'usage',
      '--retry writes a manifest to run, which needs the names that --redact replaces; use one of them',
    );
  const opened = await openReportSet(words.positionals);
  const reports = isRedacted ? redactReports(opened) : opened;
  const summary = new SummaryBuilder();
  for await (const line of reports.lines()) summary.add(line);
  for (const line of describeTornLines(reports)) await print(context.stderr, line);
  await writeViews(call, { reports, summary: summary.done(), files: opened.paths });
  if (retry !== undefined) await writeRetry(call, reports, retry);
  const toStdout = [html, csv, evidence, retry].includes('-');
  if (!toStdout) await printSummary(summary.done(), reports, call);
  return exitCodes.ok;
}

const viewNames = { html: 'Page', csv: 'Table', evidence: 'Evidence' } as const;

async function printSummary(whole: RunSummary, reports: ReportSet, { flag: look, context }: Call): Promise<void> {
  if (look('json')) return printData(context.stdout, JSON.stringify({ ...whole, reports: reports.paths }, null, 2));
  const files = [
    ...reports.paths.map((path) => ['Report', quote(path)] as const),
    ...(['html', 'csv', 'evidence'] as const).flatMap((name) => {
      const path = look(name);
      return path === undefined ? [] : [[viewNames[name], quote(path)] as const];
    }),
  ];
  const paint = paintFor(context.stdout, context.env);
  const page = look('html') === undefined ? pageCommand(reports.paths) : undefined;
  const next = look('redact') ? undefined : (nextOf(whole, reports) ?? page);
  const shown = { paint, files, next };
  await print(context.stdout, renderSummary(whole, shown));
}

/** The command to type next: one that continues the run, or one that tries failed rows again. */
function nextOf({ complete, total, runs }: RunSummary, { paths }: Pick<ReportSet, 'paths'>): string | undefined {
  const [path = '', ...more] = paths.map(quote);
  const start = runs.at(-1)?.start;
  if (!complete && more.length === 0 && start !== undefined) return resumeCommand(start, paths[0] ?? '');
  return total.failed > 0 ? ['leavers report', path, ...more, '--retry retry.ndjson'].join(' ') : undefined;
}

async function writeViews({ flag: look, context }: Call, { reports, summary, files }: View): Promise<void> {
  const [html, csv, evidence] = [look('html'), look('csv'), look('evidence')];
  // Redacted views go to readers who do not have the report, so the next command is of no use to them.
  const next = look('redact') ? undefined : nextOf(summary, reports);
  if (html !== undefined) await writePage(html, { reports, summary, next }, context);
  if (csv !== undefined)
    await writeTable(csv, await (await import('../../report/views/report-csv.ts')).reportTable(reports), context);
  if (evidence !== undefined) await writeEvidence(evidence, { reports, summary, files }, context);
}

interface Tally {
  readonly used: Set<ManifestRow['action']>;
  rows: number;
  unknown: number;
  invalid: number;
}

async function writeRetry({ flag: look, context }: Call, reports: ReportSet, path: string): Promise<void> {
  refuseMixedOrganizations(reports, 'a retry manifest');
  const tally: Tally = { used: new Set(), rows: 0, unknown: 0, invalid: 0 };
  const rows = retryRows(reports, { tally, unknown: look('retry-unknown') });
  await writeTable(path, manifestTable(rows), context);
  await printRetry(tally, { path, sandbox: reports.starts.some(isRehearsal) }, context);
}

async function* retryRows(reports: ReportSet, { tally, unknown }: { tally: Tally; unknown: boolean }) {
  for await (const line of lastRows(reports)) {
    if (line.outcome === 'unknown' && !unknown) tally.unknown += 1;
    else if (line.action === null) tally.invalid += 1;
    else if (isOpen(line)) {
      tally.rows += 1;
      tally.used.add(line.action);
      yield rowOf(line, line.action);
    }
  }
}

/** Rows that a resumed run would run again, and the unknown ones with --retry-unknown. */
function isOpen({ outcome, reason }: RowEnd): boolean {
  return outcome !== 'done' && outcome !== 'already' && reason !== 'duplicate';
}

function rowOf(line: RowEnd, action: ManifestRow['action']): ManifestRow {
  return { action, ...fieldsOf(line) };
}

async function printRetry(
  { used, rows, unknown, invalid }: Tally,
  { path, sandbox }: { readonly path: string; readonly sandbox: boolean },
  { stderr }: Context,
): Promise<void> {
  const lines = [
    path === '-' ? `${many(rows, 'row')} to run again` : `${many(rows, 'row')} to run again in ${path}`,
    ...(unknown === 0
      ? []
      : [`${unknown} are unknown and left out; check whether they were received, then use --retry-unknown`]),
    ...(invalid === 0 ? [] : [`${invalid} are invalid and left out; correct them in their manifest`]),
    ...(rows === 0 || path === '-' ? [] : [`Next: ${manifestCommand({ path, used, sandbox })}`]),
  ];
  await print(stderr, lines.join('\n'));
}
