// findLatestReport: the report that `--resume` continues when `--report` names none.
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Settings } from '../../config/settings.ts';
import type { Context } from '../../context.ts';
import type { RunStart } from '../../report/events.ts';
import { readBatches } from '../../report/read/read-lines.ts';
import { isRehearsal } from '../../report/summary.ts';

/** Most reports of the folder to inspect, the latest first. */
const maxReports = 500;

/** The report of the same manifests, job and organization that was written last; undefined when the folder has none. */
export async function findLatestReport(settings: Settings, { cwd }: Pick<Context, 'cwd'>): Promise<string | undefined> {
  const folder = resolve(cwd, settings.run.reportOutput.folder);
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.ndjson'));
  const dated = names.map(async (name) => {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    return found?.isFile() === true ? [{ path, written: found.mtimeMs }] : [];
  });
  const reports = (await Promise.all(dated)).flat().toSorted((a, b) => b.written - a.written);
  for (const { path } of reports.slice(0, maxReports)) {
    const start = await firstLine(path);
    if (start !== undefined && isSameWork(start, settings, cwd)) return path;
  }
  return undefined;
}

/** The start of the last run of the same work, resumed ones among them; undefined when the folder has none that is intact. */
export async function readLastRun(settings: Settings, context: Pick<Context, 'cwd'>): Promise<RunStart | undefined> {
  const path = await findLatestReport(settings, context);
  let last: RunStart | undefined;
  if (path === undefined) return last;
  try {
    for await (const lines of readBatches(path)) last = lines.findLast((line) => line.event === 'run-start') ?? last;
  } catch {
    return undefined;
  }
  return last;
}

/** The `run-start` line; undefined when the file is not a report. */
async function firstLine(path: string): Promise<RunStart | undefined> {
  try {
    for await (const [line] of readBatches(path)) return line?.event === 'run-start' ? line : undefined;
  } catch {
    return undefined;
  }
  return undefined;
}

function isSameWork(start: RunStart, { api, run }: Settings, cwd: string): boolean {
  const paths = (all: readonly string[]) => all.map((path) => (path === '-' ? path : resolve(cwd, path))).join('\n');
  const isReal = run.sandbox === false;
  return (
    paths(start.manifests.map(({ path }) => path)) === paths(run.manifests) &&
    start.job === (run.job ?? null) &&
    isRehearsal(start) !== isReal &&
    // A plan without calls need not name the organization, and the simulated organization's id is not known before it is opened.
    (!isReal || api.org === '' || start.org === api.org)
  );
}
