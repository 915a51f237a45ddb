// openManifests, checkManifests: open and validate the manifests of a run. Each pass reads the rows again; they are never held in memory.
import type { Context } from '../context.ts';
import { InputError, LeaversError } from '../errors.ts';
import { KeyTable } from '../storage/key-table.ts';
import { SeenRows } from './checks/duplicates.ts';
import { Repeats } from './checks/repeats.ts';
import { ConflictDetector } from './checks/conflicts.ts';
import { type Explanation, explainLine } from './explain-line.ts';
import { type Manifest, type ManifestOptions, openManifest } from './manifest.ts';
import { BrokenFile, type Issue, type Row } from './rows/row.ts';
import { compileJob } from './job/row-recipe.ts';
import { Employments } from './checks/employments.ts';
import { LinePlaces } from './checks/line-places.ts';
import { buildRows } from './rows/build-rows.ts';
import type { PersonIndex } from './rows/file-context.ts';
import { personLine } from './rows/select-line.ts';
import { type Counts, type RowsOverview, CheckCounts } from './checks/check-counts.ts';

export type { Manifest, ManifestOptions };

export interface ManifestSet {
  readonly manifests: readonly Manifest[];
  /**
   * Starts a pass over all rows, in order and numbered over the run. Malformed rows have the kind `invalid`. One pass must end before the
   * next starts. Rows of contradictions are invalid only after `checkManifests`. Rows come in batches, because a promise per row would
   * cost as much as checking the row.
   */
  batches(): AsyncGenerator<readonly Row[]>;
  /** Epoch ms at which the manifests were opened: dates up to then are due. */
  readonly now: number;
  /** Contradictions found by `checkManifests`: subject → message. Rows about these subjects are invalid. */
  readonly conflicts: Map<string, string>;
  /** Explains one line, for each file that has a line of this number. */
  explain(line: number): Promise<readonly Explanation[]>;
  /** Closes the files and frees memory. Calling it twice is safe. */
  close(): Promise<void>;
}

export interface ManifestCheck extends Counts {
  /** The first hundred issues. */
  readonly issues: readonly Issue[];
  readonly overview: RowsOverview;
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly rows: number }[];
}

/**
 * Opens every path (`-` is standard input). Throws LeaversError('missing') for a file that does not exist or can't be read, and InputError
 * with the problems of the headers of all files.
 */
export async function openManifests(
  paths: readonly string[],
  options: ManifestOptions,
  context: Context,
): Promise<ManifestSet> {
  if (paths.filter((path) => path === '-').length > 1)
    throw new LeaversError('usage', '"-" is given twice, but standard input can be read only once');
  const recipe = await compileJob(options.job, context.clock.now());
  const manifests: Manifest[] = [];
  const close = async () => void (await Promise.all(manifests.map((manifest) => manifest.close())));
  const tally = new CheckCounts();
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
  const contradictions = new Map<string, string>();
  let rows = new KeyTable();
  const repeats = new Repeats();
  let people: PersonIndex | undefined;
  async function* batches() {
    people ??= await indexPeople(manifests);
    yield* readBatches(manifests, {
      people,
      seenRows: new SeenRows(contradictions, { rows, now: recipe.now, repeats }),
    });
  }
  const set: ManifestSet = {
    manifests,
    batches,
    conflicts: contradictions,
    now: recipe.now,
    explain: async (line) => {
      people ??= await indexPeople(manifests);
      const found = await Promise.all(manifests.map((manifest) => explainLine(manifest, line, people)));
      return found.filter((each) => each !== undefined);
    },
    close: () => {
      rows = new KeyTable();
      return close();
    },
  };
  return set;
}

/** Reads all lines once to find those about one person, if the job has `input.person`. */
async function indexPeople(manifests: readonly Manifest[]): Promise<PersonIndex | undefined> {
  if (manifests.every((manifest) => manifest.refreshLayout().person === undefined)) return undefined;
  const index = { employments: new Employments(), places: new LinePlaces() };
  for (const manifest of manifests)
    for await (const lines of manifest.table.lines()) {
      const file = manifest.refreshLayout();
      for (const line of lines) {
        const employment = personLine(line, file, index.places.placeOf(file.file, line.line));
        if (employment !== undefined) index.employments.add(employment);
      }
    }
  return index;
}

async function* readBatches(
  manifests: readonly Manifest[],
  { people, seenRows }: { people: PersonIndex | undefined; seenRows: SeenRows },
): AsyncGenerator<readonly Row[]> {
  let number = 0;
  for (const manifest of manifests) {
    manifest.filteredOut.clear();
    let reading = manifest.refreshLayout();
    for await (const lines of manifest.table.lines()) {
      if (manifest.table.headers.length !== reading.headers.length) reading = manifest.refreshLayout();
      const batch: Row[] = [];
      for (const line of lines)
        batch.push(...buildRows(line, reading, { seenRows, people, number: number + batch.length }));
      number += batch.length;
      yield batch;
    }
  }
}

/**
 * Validates all rows without calling the API. Throws InputError that lists the problems (the first hundred in full, then counts by
 * cause). With `skipInvalid` it throws only if a file can't be read to its end or has no rows.
 */
export async function checkManifests(
  set: ManifestSet,
  { skipInvalid }: { skipInvalid: boolean },
): Promise<ManifestCheck> {
  const first = await countRows(set);
  return await finish(set, first, skipInvalid);
}

/**
 * Reads and validates all rows in one pass, for callers that act only after the last row and skip no invalid row. Throws the errors of
 * `checkManifests` after the last row.
 */
export async function* checkedBatches(set: ManifestSet): AsyncGenerator<readonly Row[]> {
  const tally = new CheckCounts();
  try {
    for await (const batch of set.batches()) {
      for (const row of batch) tally.add(row);
      yield batch;
    }
  } catch (error) {
    throw broken(error, tally);
  }
  await finish(set, tally, false);
}

/** Finishes a check: a second pass if rows may contradict each other, and a third if some do and are skipped. */
async function finish(set: ManifestSet, first: CheckCounts, skipInvalid: boolean): Promise<ManifestCheck> {
  let tally = first;
  const detector = ConflictDetector.for(tally.actions, { dates: tally.redated, now: set.now });
  if (detector !== undefined) {
    tally = await countRows(set, detector);
    for (const [subject, words] of detector.conflicts) set.conflicts.set(subject, words);
    if (skipInvalid && detector.conflicts.size > 0) tally = await countRows(set);
  }
  if (!skipInvalid && tally.report !== undefined) throw new InputError(tally.report);
  if (tally.counts.rows === 0) refuseEmpty(set);
  return {
    ...tally.counts,
    issues: tally.issues,
    overview: tally.overview,
    files: set.manifests.map(({ path, sha256 }) => ({ path, sha256, rows: tally.rowsIn(path) })),
  };
}

/** Refuses a file without rows, which is probably the wrong file. Only an export read with a job may have none on some days. */
function refuseEmpty({ manifests }: ManifestSet): void {
  const emptyFiles = manifests.filter((manifest) => manifest.refreshLayout().recipe.renaming === undefined);
  if (emptyFiles.length === 0) return;
  throw new InputError(`${emptyFiles.map(({ path }) => path).join(', ')}: no rows; is it the right file?`);
}

async function countRows(set: ManifestSet, detector?: ConflictDetector): Promise<CheckCounts> {
  const tally = new CheckCounts();
  try {
    for await (const batch of set.batches()) for (const row of batch) tally.add(detector?.check(row) ?? row);
  } catch (error) {
    throw broken(error, tally);
  }
  return tally;
}

/** The error for a file that can't be read to its end, with the problems found before it. */
function broken(error: unknown, tally: CheckCounts): unknown {
  if (!(error instanceof BrokenFile)) return error;
  tally.addIssue(error.issue);
  return new InputError(tally.report ?? error.message);
}
