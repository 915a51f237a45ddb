// All manifests of a run: opened together, checked before anything is sent, read as often as needed with nothing held in memory.
import type { Context } from '../context.ts';
import { InputError, LeaversError } from '../errors.ts';
import { Book } from './book.ts';
import { type Manifest, type ManifestOptions, openManifest } from './open.ts';
import { BrokenFile } from './problem.ts';
import { readRecipe } from './recipe.ts';
import type { Issue, Row } from './row.ts';
import { rowsOf } from './rows.ts';
import { type Counts, Tally } from './tally.ts';

export type { Manifest, ManifestOptions };

export interface ManifestSet {
  readonly manifests: readonly Manifest[];
  /** Every row in order, numbered over the run; what is malformed comes as `invalid`. Can be called again and again. */
  rows(): AsyncGenerator<Row>;
  /** Contradictions that a check has found, by subject: from then on no row about these subjects is valid. */
  readonly disputes: Map<string, string>;
  close(): Promise<void>;
}

export interface ManifestCheck extends Counts {
  /** The first hundred. */
  readonly issues: readonly Issue[];
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly rows: number }[];
}

/**
 * Opens every path (`-` is standard input). Throws LeaversError('missing') for what is not there or not readable,
 * InputError with all that is wrong with the headers of all files.
 */
export async function openManifests(
  paths: readonly string[],
  options: ManifestOptions,
  context: Context,
): Promise<ManifestSet> {
  if (paths.filter((path) => path === '-').length > 1)
    throw new LeaversError('usage', '"-" is given twice, but standard input can be read only once');
  const recipe = await readRecipe(options.job, context.clock.now());
  const manifests: Manifest[] = [];
  const close = async () => void (await Promise.all(manifests.map((manifest) => manifest.close())));
  const tally = new Tally();
  try {
    for (const path of paths) {
      const opened = await openManifest(path, { options, recipe, context });
      if ('path' in opened) manifests.push(opened);
      else opened.forEach((issue) => tally.addIssue(issue));
    }
    if (tally.report !== undefined) throw new InputError(tally.report);
  } catch (error) {
    await close();
    throw error;
  }
  const disputes = new Map<string, string>();
  return { manifests, rows: () => readRows(manifests, new Book(disputes)), disputes, close };
}

async function* readRows(manifests: readonly Manifest[], book: Book): AsyncGenerator<Row> {
  let number = 0;
  for (const manifest of manifests) {
    const { path, sheet } = manifest;
    book.open(path);
    let reading = manifest.settle();
    for await (const lines of sheet.lines()) {
      if (sheet.headers.length !== reading.headers.length) reading = manifest.settle();
      for (const line of lines) {
        const rows = rowsOf(line, reading, { book, number });
        number += rows.length;
        yield* rows;
      }
    }
  }
}

/**
 * Reads every row, without a call. Throws InputError with all that is wrong (the first hundred in full, then numbers by cause);
 * with `skipInvalid` only when a file can't be read to its end, or holds no row at all.
 */
export async function checkManifests(
  set: ManifestSet,
  { skipInvalid }: { skipInvalid: boolean },
): Promise<ManifestCheck> {
  let { tally, disputes } = await countRows(set);
  if (!skipInvalid && tally.report !== undefined) throw new InputError(tally.report);
  // Rows that stand before a contradiction were counted as valid; a second count knows better.
  for (const [subject, words] of disputes) set.disputes.set(subject, words);
  if (disputes.size > 0) ({ tally } = await countRows(set));
  if (tally.counts.rows === 0) refuseEmpty(set);
  return {
    ...tally.counts,
    issues: tally.issues,
    files: set.manifests.map(({ path, sha256 }) => ({ path, sha256, rows: tally.rowsIn(path) })),
  };
}

/** A file whose headers a job knows may have nobody in it today; any other that is empty is likely the wrong one. */
function refuseEmpty({ manifests }: ManifestSet): void {
  const strange = manifests.filter((manifest) => manifest.settle().recipe.renaming === undefined);
  if (strange.length === 0) return;
  throw new InputError(`${strange.map(({ path }) => path).join(', ')}: no rows; is it the right file?`);
}

async function countRows(set: ManifestSet): Promise<{ tally: Tally; disputes: ReadonlyMap<string, string> }> {
  const book = new Book(set.disputes);
  const tally = new Tally();
  try {
    for await (const row of readRows(set.manifests, book)) tally.add(row);
  } catch (error) {
    if (!(error instanceof BrokenFile)) throw error;
    tally.addIssue(error.issue);
    throw new InputError(tally.report ?? error.message);
  }
  return { tally, disputes: book.disputes };
}
