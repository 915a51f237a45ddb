// The path of a run's report: the given one, the latest of the same work, or a new one.
import { basename, join, resolve } from 'node:path';
import type { RunSettings, Settings } from '../../config/settings.ts';
import type { Context } from '../../context.ts';
import { print } from '../../terminal/output.ts';
import { neutralize } from '../../text/sanitize.ts';
import { findLatestReport } from './latest-report.ts';

/** Most numbered names to try for runs in the same second. */
const maxNumbered = 100;

/** The names to try for the report. With --resume alone, the latest report of the same manifests; prints its name. */
export async function reportNames(settings: Settings, context: Context): Promise<readonly string[]> {
  const { report, resume, manifests } = settings.run;
  if (report !== undefined) return [report];
  const latest = resume ? await findLatestReport(settings, context) : undefined;
  const words =
    latest === undefined
      ? `no earlier report of ${manifests.join(', ')} in ${settings.run.reportOutput.folder}; starting a new one`
      : `continuing ${latest}`;
  if (resume) await print(context.stderr, neutralize(words));
  return latest === undefined ? [...defaultReportPath(settings.run, context)] : [latest];
}

/**
 * Paths for the report by the pattern of the settings, to try in turn. Times are UTC, as `20261124T051335Z`. A pattern with a time means
 * a file for each run, so a second run in the same second gets a number.
 */
function* defaultReportPath({ manifests, reportOutput, job }: RunSettings, { clock, cwd }: Context): Generator<string> {
  const [first = 'manifest'] = manifests;
  const time = `${new Date(clock.now()).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
  const words: Readonly<Record<string, string>> = {
    manifest: first === '-' ? 'stdin' : stem(first),
    job: job === undefined ? 'run' : stem(job),
    date: time.slice(0, 8),
    time,
  };
  const name = reportOutput.name.replace(/\{(\w+)\}/g, (placeholder, word: string) => words[word] ?? placeholder);
  const path = join(resolve(cwd, reportOutput.folder), name);
  yield `${path}.ndjson`;
  if (reportOutput.name.includes('{time}')) for (let n = 2; n <= maxNumbered; n += 1) yield `${path}-${n}.ndjson`;
}

function stem(path: string): string {
  return basename(path).replace(/\.[^.]*$/, '');
}
