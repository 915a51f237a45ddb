// diskContext: a context whose temporary files are on disk. Prints one sentence when it has to use another folder.
// warnOfLocalLocks: warns when locks beside the report do not reach other machines.
import { dirname, resolve } from 'node:path';
import type { Settings } from '../config/settings.ts';
import type { Context } from '../context.ts';
import { localLocks } from '../storage/volume-locks.ts';
import { tempFolder } from '../storage/temp-folder.ts';
import { print } from '../terminal/output.ts';
import { neutralize } from '../text/sanitize.ts';

/** Keeps temporary files beside the report if the system's temporary folder is in memory. */
export function diskContext(settings: Settings, context: Context): Promise<Context> {
  return contextBeside(reportFolder(settings), settings.run.quiet, context);
}

const reportFolder = ({ run: { report, reportOutput } }: Settings) =>
  report === undefined || report === '-' ? reportOutput.folder : dirname(report);

/** Warns before a run if a run on another machine could write to the same report. */
export async function warnOfLocalLocks(settings: Settings, context: Context): Promise<void> {
  const { report, dryRun, quiet } = settings.run;
  if (report === '-' || dryRun || quiet) return;
  const folder = resolve(context.cwd, reportFolder(settings));
  const cause = localLocks(folder);
  if (cause !== undefined) await print(context.stderr, `warning: ${describeLocalLocks(folder, cause)}`);
}

/** A sentence with the folder, the cause and the consequence. */
export function describeLocalLocks(folder: string, cause: string): string {
  return `locks on the volume of ${neutralize(folder)} do not reach other machines (${cause}), so a run there is noticed only after it has written; run on one machine only`;
}

/** Keeps temporary files in the folder `beside` if the system's temporary folder is in memory. */
export async function contextBeside(beside: string, quiet: boolean, context: Context): Promise<Context> {
  const { path: tmpdir, note } = tempFolder(context.tmpdir, resolve(context.cwd, beside));
  if (note !== undefined && !quiet) await print(context.stderr, note);
  return tmpdir === context.tmpdir ? context : { ...context, tmpdir };
}
