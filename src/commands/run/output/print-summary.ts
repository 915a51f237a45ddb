// Prints the last lines of a run from its report, so that they match what is on disk.
import type { Context } from '../../../context.ts';
import type { Settings } from '../../../config/settings.ts';
import type { ResumeState } from '../../../report/read/resume-state.ts';
import { readBatches } from '../../../report/read/read-lines.ts';
import { renderSummary } from '../../../report/views/text-summary.ts';
import type { ExecutedPlan } from '../../../run/execute.ts';
import type { ReportCopies } from './report-copies.ts';
import { nextStep, quote } from '../../next-command.ts';
import { paintFor, print, printData } from '../../../terminal/output.ts';

export interface FinishedRun {
  readonly executed: ExecutedPlan;
  readonly report: string;
  /** Counts of the report before the run. */
  readonly before: Pick<ResumeState, 'summary' | 'progress'>;
  /** What was made of the report. */
  readonly views: ReportCopies;
  readonly settings: Settings;
  /** The plan as data, for the JSON of a dry run. */
  readonly plan: object;
}

/** Prints the recap, or with `--json` the summary as one JSON object, to stdout. */
export async function printSummary(
  { executed, report, before, views, settings, plan }: FinishedRun,
  context: Context,
): Promise<void> {
  if (report === '-')
    return print(
      context.stderr,
      `run ${executed.end.outcome}${executed.end.reason === null ? '' : `: ${executed.end.reason}`}`,
    );
  const { summary, progress } = before;
  for await (const lines of readBatches(report, progress)) for (const line of lines) summary.add(line);
  const totals = summary.done();
  if (settings.run.json) {
    const planned = settings.run.dryRun ? { plan } : {};
    const data = { ...totals, report, exitCode: executed.exitCode, ...planned };
    return printData(context.stdout, JSON.stringify(data, null, 2));
  }
  const { metricsFile } = settings.run;
  const shown = {
    paint: paintFor(context.stdout, context.env),
    files: [
      ['Report', quote(report)] as const,
      ...views.map(([name, path]) => [name, quote(path)] as const),
      ...(metricsFile === undefined ? [] : [['Metrics', quote(metricsFile)] as const]),
    ],
    next: nextStep(executed, { report, unknown: totals.total.unknown }, settings),
  };
  await print(context.stdout, renderSummary(totals, shown));
}
