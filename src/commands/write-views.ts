// Writes the page and the evidence of reports. Rendering is in report/ and loaded only on demand.
import type { Context } from '../context.ts';
import type { RunSummary } from '../report/summary.ts';
import { verifyReport } from '../report/read/verify-chain.ts';
import { writePageFile } from '../page/page-file.ts';
import { writeTable } from '../storage/tables/write-table.ts';
import { lastRows, lastRowsAndFindings, type ReportSet } from '../report/read/report-set.ts';
import { quote } from './next-command.ts';

export interface View {
  readonly reports: Pick<ReportSet, 'paths' | 'lines'>;
  readonly summary: RunSummary;
  /** The files of the reports, for their chains. */
  readonly files: readonly string[];
  /** The command to go on with. */
  readonly next?: string | undefined;
}

/** Writes the page into a new file, or over a report's page that the program wrote. */
export async function writePage(
  path: string,
  { reports, summary, next }: Omit<View, 'files'>,
  context: Context,
): Promise<void> {
  const { renderPage } = await import('../report/views/html/page.ts');
  const source = {
    summary,
    paths: reports.paths,
    lines: () => reports.lines(),
    rows: () => lastRows(reports),
    steps: stepsOf(reports.paths, next),
    version: context.version,
    now: context.clock.now(),
  };
  await writePageFile(path, { kind: 'report', parts: renderPage(source) }, context);
}

/** Commands that the page suggests. */
function stepsOf(paths: readonly string[], next: string | undefined): [what: string, command: string][] {
  const files = paths.map(quote).join(' ');
  return [
    ...(next === undefined ? [] : [['Continue', next] as [string, string]]),
    ['All rows as a table', `leavers report ${files} --csv rows.csv`],
    ['Check the chain', `leavers verify ${files}`],
  ];
}

/** Verifies the chain, and writes the evidence into a new file. */
export async function writeEvidence(path: string, { reports, summary, files }: View, context: Context): Promise<void> {
  const { evidenceTable } = await import('../report/views/evidence.ts');
  let isIntact = true;
  for (const each of files) isIntact &&= (await verifyReport(each)).ok;
  const runs = new Map(summary.runs.map((run) => [run.runId, run]));
  const source = { runOf: (runId: string) => runs.get(runId), isIntact };
  await writeTable(
    path,
    evidenceTable(() => lastRowsAndFindings(reports), source),
    context,
  );
}
