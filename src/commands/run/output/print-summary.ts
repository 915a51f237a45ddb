// The last lines of a run: read back from its report, so that what is said is what is on disk.
import type { Context } from '../../../context.ts';
import type { Settings } from '../../../config/settings.ts';
import type { Earlier } from '../../../report/read/resume-state.ts';
import { readBatches } from '../../../report/read/read-lines.ts';
import { renderRecap } from '../../../report/views/text-summary.ts';
import type { Executed } from '../../../run/execute.ts';
import type { Views } from './report-copies.ts';
import { nextCommand } from '../../next-command.ts';
import { painter, print, widthOf } from '../../../terminal/output.ts';

export interface Ended {
  readonly executed: Executed;
  readonly report: string;
  /** What was there before the run, which is counted already. */
  readonly before: Pick<Earlier, 'summary' | 'progress'>;
  /** What was made of the report. */
  readonly views: Views;
  readonly settings: Settings;
}

/** Prints the recap, or with `--json` the summary as one JSON object, to stdout. */
export async function recap({ executed, report, before, views, settings }: Ended, context: Context): Promise<void> {
  if (report === '-')
    return print(
      context.stderr,
      `run ${executed.end.outcome}${executed.end.reason === null ? '' : `: ${executed.end.reason}`}`,
    );
  const { summary, progress } = before;
  for await (const lines of readBatches(report, progress)) for (const line of lines) summary.add(line);
  const whole = summary.done();
  if (settings.run.json)
    return print(context.stdout, JSON.stringify({ ...whole, report, exitCode: executed.exitCode }, null, 2));
  const { metricsFile } = settings.run;
  const shown = {
    width: widthOf(context.stdout),
    paint: painter(context.stdout, context.env),
    files: [
      ['Report', report] as const,
      ...views,
      ...(metricsFile === undefined ? [] : [['Metrics', metricsFile] as const]),
    ],
    next: nextCommand(executed, report, settings),
  };
  await print(context.stdout, renderRecap(whole, shown));
}
