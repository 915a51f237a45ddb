// Writes the page and the table of a report that a job wants after each run.
import type { Context } from '../../../context.ts';
import type { ReportOutputSettings } from '../../../config/settings.ts';
import { SummaryBuilder } from '../../../report/summary.ts';
import { outputFormat } from '../../../storage/tables/output-format.ts';
import { writeTable } from '../../../storage/tables/write-table.ts';
import { replaceFile } from '../../../storage/replace-file.ts';
import { openReportSet, type ReportSet } from '../../../report/read/report-set.ts';
import { print } from '../../../terminal/output.ts';
import { writePage } from '../../write-views.ts';

/** Files that were made from a report, by a short name. */
export type ReportCopies = readonly (readonly [name: string, path: string])[];

/** Writes the page and the table of a report, and prints their paths. A failure is only printed: it does not change the run's result. */
export async function writeReportCopies(
  report: string,
  { html, csv }: ReportOutputSettings,
  context: Context,
): Promise<ReportCopies> {
  if (report === '-' || (html === false && csv === false)) return [];
  const reports = await openReportSet([report]);
  const page = await attempt(pathOf(html, report, '.html'), context, (path) => drawPage(path, reports, context));
  const tablePath = pathOf(csv, report, '.csv');
  const table = await attempt(tablePath, context, (path) => replaceFile(path, drawTable(path), context));
  return [...named('Page', page), ...named('Table', table)];

  function drawTable(path: string) {
    return async (draft: string) => {
      const { reportTable } = await import('../../../report/views/report-csv.ts');
      // The temporary file has its own extension. A job may choose any name for the table; unknown extensions mean CSV.
      const format = outputFormat(path) ?? 'csv';
      await writeTable(draft, { ...(await reportTable(reports)), format }, context);
    };
  }
}

function named(name: string, path: string | undefined): ReportCopies {
  return path === undefined ? [] : [[name, path]];
}

function pathOf(wanted: string | boolean, report: string, ending: string): string | undefined {
  if (wanted === false) return undefined;
  return wanted === true ? `${report.replace(/\.ndjson$/, '')}${ending}` : wanted;
}

async function drawPage(path: string, reports: ReportSet, context: Context): Promise<void> {
  const summary = new SummaryBuilder();
  for await (const line of reports.lines()) summary.add(line);
  await writePage(path, { reports, summary: summary.done() }, context);
}

/** Writes a file and returns its path, or prints why it could not be written. */
async function attempt(
  path: string | undefined,
  context: Context,
  write: (path: string) => Promise<void>,
): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    await write(path);
    return path;
  } catch (error) {
    await print(context.stderr, `warning: ${path} could not be written: ${(error as Error).message}`);
    return undefined;
  }
}
