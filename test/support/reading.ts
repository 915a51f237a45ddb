// Manifests read in this process, from real files: what the tests of the room share.
import { InputError, LeaversError } from '../../src/errors.ts';
import { checkManifests, type ManifestOptions, openManifests } from '../../src/manifest/manifest-set.ts';
import type { Row } from '../../src/manifest/rows/row.ts';
import { world } from './context.ts';

/** Rows of a manifest, or the error that it is refused with. Anything that is not of the family is thrown on. */
export async function read(
  paths: string | readonly string[],
  options: ManifestOptions = {},
  skipInvalid = false,
): Promise<Row[] | LeaversError> {
  try {
    const set = await openManifests([paths].flat(), options, world());
    try {
      await checkManifests(set, { skipInvalid });
      return (await Array.fromAsync(set.batches())).flat();
    } finally {
      await set.close();
    }
  } catch (error) {
    if (error instanceof LeaversError && error.kind !== 'bug') return error;
    throw error;
  }
}

/** The records of a manifest that must be right. */
export async function records(paths: string | readonly string[], options: ManifestOptions = {}) {
  const rows = await read(paths, options);
  if (rows instanceof LeaversError) throw rows;
  return rows.flatMap((row) => (row.kind === 'invalid' ? [] : [row.record]));
}

/** The words of a refusal, a line each. */
export async function refusal(paths: string | readonly string[], options: ManifestOptions = {}): Promise<string[]> {
  const error = await read(paths, options);
  if (!(error instanceof InputError)) throw new Error(`expected a refusal, got ${JSON.stringify(error)}`);
  return error.message.split('\n');
}
