// What a run leaves and where: the name of its report, and the page and table that a job wants made anew each time.
import { basename, join, resolve } from 'node:path';
import type { Context } from '../../../context.ts';
import type { ReportOutputSettings, RunSettings } from '../../../config/settings.ts';
import { SummaryBuilder } from '../../../report/summary.ts';
import { outputFormat } from '../../../storage/tables/output-format.ts';
import { writeTable } from '../../../storage/tables/write-table.ts';
import { replaceFile } from '../../../storage/replace-file.ts';
import { lastRows, openReportSet, type ReportSet } from '../../../report/read/report-set.ts';
import { print } from '../../../terminal/output.ts';
import { writePage } from '../../write-views.ts';

/** How many runs of one second find a name. */
const mostOfOneName = 100;

/**
 * Paths for the report by the pattern of the settings, to be tried in turn; times are UTC, as `20261124T051335Z`. A pattern with a time
 * means a file of its own for each run, so a second one in the same second is given a number.
 */
export function* defaultReportPath(
  { manifests, reportOutput: keep, job }: RunSettings,
  { clock, cwd }: Context,
): Generator<string> {
  const [first = 'manifest'] = manifests;
  const time = `${new Date(clock.now()).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
  const words: Readonly<Record<string, string>> = {
    manifest: first === '-' ? 'stdin' : stem(first),
    job: job === undefined ? 'run' : stem(job),
    date: time.slice(0, 8),
    time,
  };
  const name = keep.name.replace(/\{(\w+)\}/g, (given, word: string) => words[word] ?? given);
  const path = join(resolve(cwd, keep.folder), name);
  yield `${path}.ndjson`;
  if (keep.name.includes('{time}')) for (let n = 2; n <= mostOfOneName; n += 1) yield `${path}-${n}.ndjson`;
}

function stem(path: string): string {
  return basename(path).replace(/\.[^.]*$/, '');
}

/** What was made of a report, by a short name. */
export type ReportCopies = readonly (readonly [name: string, path: string])[];

/** Makes the page and the table of a report anew, and says where they lie. A failure is told and no more: the run has ended as it has. */
export async function writeReportCopies(
  report: string,
  { html, csv }: ReportOutputSettings,
  context: Context,
): Promise<ReportCopies> {
  if (report === '-' || (html === false && csv === false)) return [];
  const reports = await openReportSet([report]);
  const page = await renew(pathOf(html, report, '.html'), context, (draft) => drawPage(draft, reports, context));
  const tablePath = pathOf(csv, report, '.csv');
  const table = await renew(tablePath, context, async (draft) => {
    const { reportTable } = await import('../../../report/views/report-csv.ts');
    // The draft has an ending of its own; a job may name the table as it likes, and other endings mean CSV.
    const format = outputFormat(tablePath ?? '') ?? 'csv';
    await writeTable(draft, { ...(await reportTable(() => lastRows(reports))), format }, context);
  });
  return [...named('Page', page), ...named('Table', table)];
}

function named(name: string, path: string | undefined): ReportCopies {
  return path === undefined ? [] : [[name, path]];
}

function pathOf(wanted: string | boolean, report: string, ending: string): string | undefined {
  if (wanted === false) return undefined;
  return wanted === true ? `${report.replace(/\.ndjson$/, '')}${ending}` : wanted;
}

async function drawPage(draft: string, reports: ReportSet, context: Context): Promise<void> {
  const summary = new SummaryBuilder();
  for await (const line of reports.lines()) summary.add(line);
  await writePage(draft, { reports, summary: summary.done() }, context);
}

/** Replaces a file, or prints why it could not be. Returns its path when it was made. */
async function renew(
  path: string | undefined,
  context: Context,
  write: (draft: string) => Promise<void>,
): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    await replaceFile(path, write, context);
    return path;
  } catch (error) {
    await print(context.stderr, `warning: ${path} could not be made anew: ${(error as Error).message}`);
    return undefined;
  }
}
