// Checks before a run continues a report: whether it may, and how the manifest has changed since.
import type { Context } from '../../context.ts';
import type { Address } from '../../actions/action.ts';
import { LeaversError } from '../../errors.ts';
import type { RunStart } from '../../report/events.ts';
import type { Settings } from '../../config/settings.ts';
import type { ResumeState } from '../../report/read/resume-state.ts';
import { readBatches } from '../../report/read/read-lines.ts';
import { apart } from '../../report/read/row-state.ts';
import { many } from '../../text/phrases.ts';
import type { CheckedManifests } from '../plan-manifests.ts';
import { print } from '../../terminal/output.ts';

/** Throws LeaversError `config` for a report of another organization, of another directory (v2), or of a rehearsal. */
export function refuseForeignReport(
  report: string,
  { last }: ResumeState,
  { settings, address }: { settings: Settings; address: Address | undefined },
): void {
  const differs = last === undefined ? undefined : differenceOf(last, settings, address);
  if (differs === undefined) return;
  throw new LeaversError('config', `${report} is ${differs}; name another file with --report`);
}

function differenceOf(
  last: RunStart,
  { api, run: { sandbox } }: Settings,
  address: Address | undefined,
): string | undefined {
  if (last.org !== api.org) return `for organization ${last.org}, but this is ${api.org}`;
  const rehearsed = last.settings['sandbox'] === true;
  if (rehearsed !== (sandbox !== false))
    return `of a ${rehearsed ? 'rehearsal, but this is a real run' : 'real run, but this is a rehearsal'}`;
  if (address?.generation !== 'v2' || last.directory === null || last.directory === address.directory) return undefined;
  return `for directory ${last.directory}, but this is ${address.directory}`;
}

/** Prints how the manifest has changed since the last run, so that a mistake is noticed before anything is sent. */
export async function describeManifestChanges(
  earlier: ResumeState,
  report: string,
  { checked: { check }, context: { stderr } }: { checked: CheckedManifests; context: Context },
): Promise<void> {
  if (!earlier.exists) return;
  const counts = await earlier.changes.done(earlier.rows, () => readBatches(report));
  const { added, removed, changed, renewed, close } = counts;
  if (renewed > 0)
    await print(
      stderr,
      `${many(renewed, 'row was', 'rows were')} done before the date that the manifest has now; each counts as a new row`,
    );
  if (close > 0)
    await print(
      stderr,
      `${many(close, 'row was', 'rows were')} done up to ${apart} days before the date that the manifest has now, and not run again; if somebody has regained access since, run their row in a separate manifest`,
    );
  const { manifests = [] } = earlier.last ?? {};
  const hashes = (files: readonly { sha256: string }[]) => files.map(({ sha256 }) => sha256).join();
  // The report has no line for rows that an interrupted run did not reach. Such rows are no change of the manifest.
  const isSame = hashes(manifests) === hashes(check.files);
  if (removed + changed + (isSame ? 0 : added) === 0) return;
  const isWhole = manifests.reduce((sum, { rows }) => sum + rows, 0) <= earlier.rows;
  await print(
    stderr,
    `the manifest changed since this report was written: ${many(added, 'row')} ${isWhole ? 'added' : 'added or not reached'}, ${removed} removed, ${changed} changed`,
  );
}
