// The last lines of a run: read back from its report, so that what is said is what is on disk.
import type { Context } from '../context.ts';
import type { Settings } from '../options.ts';
import { readReport } from '../report/read.ts';
import { renderRecap } from '../report/recap.ts';
import { Summary } from '../report/summary.ts';
import type { Executed } from '../run/execute.ts';
import { nextCommand } from './next.ts';
import { painter, print } from './screen.ts';

export interface Ended {
  readonly executed: Executed;
  readonly report: string;
  readonly settings: Settings;
}

/** Prints the recap, or with `--json` the summary as one JSON object, to stdout. */
export async function recap({ executed, report, settings }: Ended, context: Context): Promise<void> {
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
  const width = Math.min(context.stdout.columns ?? 100, 120);
  const next = nextCommand(executed, report, settings);
  await print(context.stdout, renderRecap(whole, { width, paint: painter(context.stdout, context.env), report, next }));
}
