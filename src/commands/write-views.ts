// The files that are made of reports for people: page and evidence. Drawn in report/, loaded only when they are asked for.
import type { Context } from '../context.ts';
import type { RunSummary } from '../report/summary.ts';
import { verifyReport } from '../report/read/verify-chain.ts';
import { writeNewFile } from '../storage/new-file.ts';
import { writeTable } from '../storage/tables/write-table.ts';
import { lastRows, type ReportSet } from '../report/read/report-set.ts';

export interface View {
  readonly reports: Pick<ReportSet, 'paths' | 'lines'>;
  readonly summary: RunSummary;
  /** The command to go on with. */
  readonly next?: string | undefined;
}

/** Writes the page into a new file. */
export async function writePage(path: string, { reports, summary, next }: View, context: Context): Promise<void> {
  const { renderPage } = await import('../report/views/html/page.ts');
  const source = {
    summary,
    paths: reports.paths,
    lines: () => reports.lines(),
    rows: () => lastRows(reports),
    next,
    version: context.version,
    now: context.clock.now(),
  };
  await writeNewFile(path, renderPage(source), context);
}

/** Writes the evidence into a new file; the chain is checked for it. */
export async function writeEvidence(path: string, { reports, summary }: View, context: Context): Promise<void> {
  const { evidenceTable } = await import('../report/views/evidence.ts');
  let isIntact = true;
  for (const each of reports.paths) isIntact &&= (await verifyReport(each)).ok;
  const starts = new Map(summary.runs.map(({ runId, start }) => [runId, start]));
  const grounds = { startOf: (runId: string) => starts.get(runId), isIntact };
  await writeTable(
    path,
    evidenceTable(() => lastRows(reports), grounds),
    context,
  );
}
