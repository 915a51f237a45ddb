// The default path of a run's report.
import { basename, join, resolve } from 'node:path';
import type { RunSettings } from '../../config/settings.ts';
import type { Context } from '../../context.ts';

/** Names that are tried for runs of the same second. */
const mostOfOneName = 100;

/**
 * Paths for the report by the pattern of the settings, to try in turn. Times are UTC, as `20261124T051335Z`. A pattern with a time means
 * a file for each run, so a second run in the same second gets a number.
 */
export function* defaultReportPath(
  { manifests, reportOutput, job }: RunSettings,
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
  const name = reportOutput.name.replace(/\{(\w+)\}/g, (given, word: string) => words[word] ?? given);
  const path = join(resolve(cwd, reportOutput.folder), name);
  yield `${path}.ndjson`;
  if (reportOutput.name.includes('{time}')) for (let n = 2; n <= mostOfOneName; n += 1) yield `${path}-${n}.ndjson`;
}

function stem(path: string): string {
  return basename(path).replace(/\.[^.]*$/, '');
}
