// The last lines of a run: read back from its report, so that what is said is what is on disk.
import type { Context } from '../context.ts';
import type { Settings } from '../options.ts';
import { readReport } from '../report/read.ts';
import { renderRecap } from '../report/recap.ts';
import { Summary } from '../report/summary.ts';
import type { Executed } from '../run/execute.ts';
import type { Views } from './keep.ts';
import { nextCommand } from './next.ts';
import { painter, print, widthOf } from './screen.ts';

export interface Ended {
  readonly executed: Executed;
  readonly report: string;
  /** What was made of the report. */
  readonly views: Views;
  readonly settings: Settings;
}

/** Prints the recap, or with `--json` the summary as one JSON object, to stdout. */
export async function recap({ executed, report, views, settings }: Ended, context: Context): Promise<void> {
  if (report === '-')
    return print(
      context.stderr,
      `run ${executed.end.outcome}${executed.end.reason === null ? '' : `: ${executed.end.reason}`}`,
    );
  const summary = new Summary();
  for await (const line of readReport(report)) summary.add(line);
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
