// diskContext: a context whose temporary files are on disk. Prints one sentence when it has to use another folder.
import { dirname, resolve } from 'node:path';
import type { Settings } from '../config/settings.ts';
import type { Context } from '../context.ts';
import { tempFolder } from '../storage/temp-folder.ts';
import { print } from '../terminal/output.ts';

/** Keeps temporary files beside the report if the system's temporary folder is in memory. */
export function diskContext({ run: { report, reportOutput, quiet } }: Settings, context: Context): Promise<Context> {
  const own = report === undefined || report === '-' ? reportOutput.folder : dirname(report);
  return contextBeside(own, quiet, context);
}

/** Keeps temporary files in the folder `beside` if the system's temporary folder is in memory. */
export async function contextBeside(beside: string, quiet: boolean, context: Context): Promise<Context> {
  const { path: tmpdir, note } = tempFolder(context.tmpdir, resolve(context.cwd, beside));
  if (note !== undefined && !quiet) await print(context.stderr, note);
  return tmpdir === context.tmpdir ? context : { ...context, tmpdir };
}
