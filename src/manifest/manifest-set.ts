// openManifests, checkManifests: all manifests of a run, checked before anything is sent and read as often as needed without holding rows in memory.
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
   * Every row in order, numbered over the run; what is malformed comes as `invalid`. Can be called again and again, once the last pass has ended. Contradictions
   * are known after a check. Rows come in batches: a promise for every row would cost as much as its check.
   */
  batches(): AsyncGenerator<readonly Row[]>;
  /** Epoch ms at which the manifests were opened: dates up to then are due. */
  readonly now: number;
  /** Contradictions that a check has found, by subject: no row about these subjects is valid. */
  readonly conflicts: Map<string, string>;
  /** What became of one line, in each file that has it. */
  explain(line: number): Promise<readonly Explanation[]>;
  /** Gives back files and memory. Can be called again. */
  close(): Promise<void>;
}

export interface ManifestCheck extends Counts {
  /** The first hundred. */
  readonly issues: readonly Issue[];
  readonly overview: RowsOverview;
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
  const disputes = new Map<string, string>();
  let rows = new KeyTable();
  const repeats = new Repeats();
  let people: PersonIndex | undefined;
  async function* batches() {
    people ??= await indexPeople(manifests);
    yield* readBatches(manifests, { people, book: new SeenRows(disputes, { rows, now: recipe.now, repeats }) });
  }
  const set: ManifestSet = {
    manifests,
    batches,
    conflicts: disputes,
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

/** Reads every line once, when the job says how lines about one person are found. */
async function indexPeople(manifests: readonly Manifest[]): Promise<PersonIndex | undefined> {
  if (manifests.every((manifest) => manifest.refreshLayout().person === undefined)) return undefined;
  const index = { employments: new Employments(), places: new LinePlaces() };
  for (const manifest of manifests)
    for await (const lines of manifest.table.lines()) {
      const file = manifest.refreshLayout();
      for (const line of lines) {
        const about = personLine(line, file, index.places.placeOf(file.file, line.line));
        if (about !== undefined) index.employments.add(about);
      }
    }
  return index;
}

async function* readBatches(
  manifests: readonly Manifest[],
  { people, book }: { people: PersonIndex | undefined; book: SeenRows },
): AsyncGenerator<readonly Row[]> {
  let number = 0;
  for (const manifest of manifests) {
    manifest.filteredOut.clear();
    let reading = manifest.refreshLayout();
    for await (const lines of manifest.table.lines()) {
      if (manifest.table.headers.length !== reading.headers.length) reading = manifest.refreshLayout();
      const batch: Row[] = [];
      for (const line of lines)
        batch.push(...buildRows(line, reading, { book, people, number: number + batch.length }));
      number += batch.length;
      yield batch;
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
  const first = await countRows(set);
  return await finish(set, first, skipInvalid);
}

/**
 * The rows of one pass that is their check as well, for callers that do nothing irreversible before it ends and leave no row out.
 * Throws what `checkManifests` throws, after the last row.
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

/** What follows from a first count: a second one when rows may contradict each other, a third when some do and are to be skipped. */
async function finish(set: ManifestSet, first: CheckCounts, skipInvalid: boolean): Promise<ManifestCheck> {
  let tally = first;
  const judge = ConflictDetector.for(tally.actions, { dates: tally.redated, now: set.now });
  if (judge !== undefined) {
    tally = await countRows(set, judge);
    for (const [subject, words] of judge.conflicts) set.conflicts.set(subject, words);
    if (skipInvalid && judge.conflicts.size > 0) tally = await countRows(set);
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

/** A file whose headers a job knows may have nobody in it today; any other that is empty is likely the wrong one. */
function refuseEmpty({ manifests }: ManifestSet): void {
  const strange = manifests.filter((manifest) => manifest.refreshLayout().recipe.renaming === undefined);
  if (strange.length === 0) return;
  throw new InputError(`${strange.map(({ path }) => path).join(', ')}: no rows; is it the right file?`);
}

async function countRows(set: ManifestSet, judge?: ConflictDetector): Promise<CheckCounts> {
  const tally = new CheckCounts();
  try {
    for await (const batch of set.batches()) for (const row of batch) tally.add(judge?.check(row) ?? row);
  } catch (error) {
    throw broken(error, tally);
  }
  return tally;
}

/** The error of a file that can't be read on, after all that was found before. */
function broken(error: unknown, tally: CheckCounts): unknown {
  if (!(error instanceof BrokenFile)) return error;
  tally.addIssue(error.issue);
  return new InputError(tally.report ?? error.message);
}
