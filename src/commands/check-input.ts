// Guards that look at the manifest files themselves: enough rows (--min-rows), written lately (--max-input-age).
import { type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { GuardSettings, Settings } from '../config/settings.ts';
import type { Context } from '../context.ts';
import { LeaversError } from '../errors.ts';
import type { ManifestSet } from '../manifest/manifest-set.ts';
import { refuseFewRows, refuseOldInput } from '../plan/guards.ts';
import type { RunStart } from '../report/events.ts';
import { print } from '../terminal/output.ts';
import { neutralize } from '../text/sanitize.ts';
import type { CheckedManifests } from './plan-manifests.ts';
import { readLastRun } from './run/latest-report.ts';

/** How long ago the oldest manifest was written, in ms; undefined when one of them is no regular file (a pipe, standard input). */
export function inputAgeMs(
  paths: readonly string[],
  { clock, cwd }: Pick<Context, 'clock' | 'cwd'>,
): number | undefined {
  const written = paths.map((path) => (path === '-' ? undefined : statsOf(resolve(cwd, path))));
  if (written.some((each) => each?.isFile() !== true)) return undefined;
  return Math.max(0, ...written.map((each) => clock.now() - (each?.mtimeMs ?? 0)));
}

/** Undefined when it can't be examined; reading it then reports the error. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** Throws LeaversError `refused` when the manifests are older than `--max-input-age`. A saved plan has `--max-plan-age` instead. */
export function checkInputAge({ manifests }: ManifestSet, guards: GuardSettings, context: Context): void {
  const exports = manifests.filter(({ plan }) => plan === undefined);
  const refusal = refuseOldInput(
    inputAgeMs(
      exports.map(({ path }) => path),
      context,
    ),
    guards,
  );
  if (refusal !== undefined) throw new LeaversError('refused', refusal);
}

/** Number of lines in the manifests, including those that a job's conditions exclude, because a truncated export has fewer lines. */
export function linesOf({ manifests }: ManifestSet, files: CheckedManifests['check']['files']): readonly number[] {
  return manifests.map((manifest, at) => {
    const steps = Math.max(1, manifest.refreshLayout().recipe.steps.length);
    return manifest.filteredOut.lines > 0 ? manifest.filteredOut.lines : Math.round((files[at]?.rows ?? 0) / steps);
  });
}

/**
 * Throws LeaversError `refused` when the manifests have fewer rows than `--min-rows`. A percentage is of `last`, the report's last run, or of
 * the last run of the same work in the folder of reports; a warning says that there is none.
 */
export async function checkRows(
  checked: CheckedManifests,
  settings: Settings,
  { last, context }: { readonly last: RunStart | undefined; readonly context: Context },
): Promise<void> {
  const { guards, run } = settings;
  const { minRows } = guards;
  if (minRows === undefined || 'count' in minRows) return checkRowCount(checked, guards, undefined);
  const compared = last ?? (await readLastRun(settings, context));
  checkRowCount(checked, guards, compared);
  if (compared !== undefined) return;
  const sentence = `--min-rows ${minRows.percent}% was not checked: ${run.reportOutput.folder} has no earlier run of ${run.manifests.join(', ')} to compare with`;
  await print(context.stderr, neutralize(`warning: ${sentence}`));
}

/**
 * Throws LeaversError `refused` when the manifests have fewer rows than `--min-rows`. `last` is the report's last run. A saved plan was made
 * from an export that was large enough; it holds the changes only.
 */
export function checkRowCount(
  { set, check }: CheckedManifests,
  guards: GuardSettings,
  last: Pick<RunStart, 'manifests'> | undefined,
): void {
  if (set.manifests.some(({ plan }) => plan !== undefined)) return;
  const sum = (counts: readonly number[]) => counts.reduce((all, each) => all + each, 0);
  const refusal = refuseFewRows(
    {
      rows: sum(linesOf(set, check.files)),
      before: last && sum(last.manifests.map(({ lines, rows }) => lines ?? rows)),
    },
    guards,
  );
  if (refusal !== undefined) throw new LeaversError('refused', refusal);
}
