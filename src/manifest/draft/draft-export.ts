// draftExport: opens an unknown export in whatever format it has, and drafts a job file for it.
import type { Context } from '../../context.ts';
import { InputError } from '../../errors.ts';
import { compileJob } from '../job/row-recipe.ts';
import type { JobFile } from '../job/schema.ts';
import { type Manifest, openManifest } from '../manifest.ts';
import { wrappers } from '../read/json-wrapper.ts';
import { sentence } from '../rows/row.ts';
import { draftJob } from './draft-job.ts';

/** The text of the job file. Throws LeaversError when the export can't be read. */
export async function draftExport(path: string, context: Context): Promise<string> {
  const first = await open(path, context);
  if ('path' in first) return await draftFrom(first, undefined);
  // The rows of a JSON document may be under the key of a known API.
  for (const rows of first.some(({ cause }) => cause === 'not a list of rows') ? wrappers : []) {
    const opened = await open(path, context, rows);
    if ('path' in opened) return await draftFrom(opened, rows);
  }
  throw new InputError(first.map(sentence).join('\n'));
}

async function open(path: string, context: Context, rows?: string) {
  // With a step, every line has an action, so any headers are accepted.
  const input = rows === undefined ? {} : { input: { rows } };
  const job: JobFile = { path: '', steps: [{ action: 'suspend-user' }], ...input };
  const recipe = await compileJob(job, context.clock.now());
  return await openManifest(path, { options: { ignoreColumns: true, job }, recipe, context });
}

async function draftFrom(opened: Manifest, rows: string | undefined): Promise<string> {
  try {
    return await draftJob(opened, rows);
  } finally {
    await opened.close();
  }
}
