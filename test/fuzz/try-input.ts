// tryInput: reads one fuzz input as plan, explain and template do, and says what is wrong with the result.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LeaversError } from '../../src/errors.ts';
import { draftExport } from '../../src/manifest/draft/draft-export.ts';
import { readJobFile } from '../../src/manifest/job/job-file.ts';
import { checkManifests, type ManifestSet, openManifests } from '../../src/manifest/manifest-set.ts';
import type { Row } from '../../src/manifest/rows/row.ts';
import { world } from '../support/context.ts';
import type { FuzzInput } from './fuzz-inputs.ts';

/** The noon of a fixed day, so that a seed gives the same result on every day. */
const now = Date.parse('2026-11-25T12:00:00Z');
/** Rows of an Excel sheet; no format has lines beyond this in a fuzz input. */
const maxLines = 1_048_576;

export interface Tried {
  readonly result: 'read' | 'refused';
  /** Breaches of what holds for every input: no crash, every error and every row with a place. */
  readonly breaches: readonly string[];
}

/** Files of the inputs are written into `folder`, each over the last one. */
export async function tryInput(input: FuzzInput, folder: string): Promise<Tried> {
  mkdirSync(folder, { recursive: true });
  const paths = [join(folder, input.manifest.name)];
  writeFileSync(paths[0] ?? '', input.manifest.content);
  if (input.job !== undefined) paths.push(join(folder, input.job.name));
  if (input.job !== undefined) writeFileSync(paths[1] ?? '', input.job.content);
  try {
    const read = await attempt(paths, () => readAll(input, paths));
    const drafted = await attempt(paths, () => draft(paths[0] ?? ''));
    return {
      result: read.result,
      breaches: [...read.breaches, ...drafted.breaches.map((each) => `template: ${each}`)],
    };
  } finally {
    for (const path of paths) rmSync(path, { force: true });
  }
}

/** A refusal is an error of our own kind, printable, and each line of it names a file. */
async function attempt(paths: readonly string[], work: () => Promise<string[]>): Promise<Tried> {
  try {
    return { result: 'read', breaches: await work() };
  } catch (error) {
    if (!(error instanceof LeaversError) || error.kind === 'bug')
      return { result: 'refused', breaches: [`crash: ${(error as Error).stack ?? String(error)}`] };
    return { result: 'refused', breaches: error.message.split('\n').flatMap((line) => wrongWords(line, paths)) };
  }
}

function wrongWords(line: string, paths: readonly string[]): string[] {
  const shown = JSON.stringify(line.slice(0, 300));
  if (/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u.test(line)) return [`unprintable: ${shown}`];
  const isSummary = /^ {2}\d+ × |^and \d+ more; all \d+ by cause:$/.test(line);
  return isSummary || paths.some((path) => line.startsWith(`${path}:`)) ? [] : [`no place: ${shown}`];
}

async function readAll({ skipInvalid, seed }: FuzzInput, [path = '', jobPath]: readonly string[]): Promise<string[]> {
  const context = world({ clock: { now: () => now, monotonic: () => performance.now() } });
  const job = jobPath === undefined ? {} : { job: await readJobFile(jobPath, context) };
  const set = await openManifests([path], { ignoreColumns: seed % 3 !== 0, ...job }, context);
  try {
    const breaches = await explained(set, seed % 7);
    const check = await checkManifests(set, { skipInvalid });
    const rows = (await Array.fromAsync(set.batches())).flat();
    if (rows.length !== check.rows) breaches.push(`${check.rows} rows were checked, and ${rows.length} are read`);
    return [...breaches, ...rows.flatMap((row) => wrongPlace(row, path))];
  } finally {
    await set.close();
  }
}

async function explained(set: ManifestSet, line: number): Promise<string[]> {
  const found = await set.explain(line);
  return found.every((each) => typeof each === 'object') ? [] : ['explain gave no explanation'];
}

function wrongPlace(row: Row, path: string): string[] {
  const { file, line } = row.kind === 'invalid' ? row : row.record;
  if (file !== path || !Number.isInteger(line) || line < 1 || line > maxLines) return [`a row at ${file}:${line}`];
  if (row.kind !== 'invalid') return [];
  return row.issues.length > 0 && row.issues.every(({ message }) => message !== '')
    ? []
    : [`no reason at line ${line}`];
}

async function draft(path: string): Promise<string[]> {
  const text = await draftExport(path, world({ clock: { now: () => now, monotonic: () => performance.now() } }));
  return text.startsWith('//') ? [] : ['the draft has no heading'];
}
