// One run at a time on a report: claims a name for it, and holds a kernel lock that dies with its process, with a note about its holder.
import { closeSync, lstatSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { lstat, mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Context } from '../../context.ts';
import { LeaversError, StopError } from '../../errors.ts';
import { unwritableFolder } from '../../storage/unwritable-folder.ts';

export interface Lock {
  release(): Promise<void>;
}

/** Takes the lock or throws StopError `stopped` at once, with who holds it since when. Nothing has to be waited for after a kill -9. */
export async function lockReport(path: string, { clock, pid, hostname }: Context): Promise<Lock> {
  const [file, note] = [`${path}.lock`, `${path}.lock.json`];
  await mkdir(dirname(resolve(path)), { recursive: true, mode: 0o700 }).catch(() => {});
  const database = open(file, path);
  try {
    // Two that start at once would turn each other away without a little patience.
    database.exec('PRAGMA busy_timeout = 300; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode !== 5) throw unusable(path, error);
    throw new StopError(
      'stopped',
      `${path} is in use by another run${holder(note)}; wait for it to end, or name another report`,
    );
  }
  try {
    // A new file each time: one that is there may be a link to somewhere else.
    rmSync(note, { force: true });
    const holding = JSON.stringify({ pid, hostname, since: new Date(clock.now()).toISOString() });
    writeFileSync(note, holding, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    database.close();
    throw unusable(path, error);
  }
  return {
    release: async () => {
      // The lock's own file stays: removing it would let a third run lock a new file beside the second's old one.
      rmSync(note, { force: true });
      database.exec('ROLLBACK');
      database.close();
    },
  };
}

function open(file: string, path: string): DatabaseSync {
  try {
    make(file);
    return new DatabaseSync(file);
  } catch (error) {
    throw unusable(path, error);
  }
}

/** A lock for its owner's eyes only, and never a file somewhere else that a link points to. One that is there is left closed: closing it would free it. */
function make(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (lstatSync(file).isSymbolicLink()) throw new Error(`${file} is a symbolic link`, { cause: error });
  }
}

function unusable(path: string, error: unknown): LeaversError {
  const folder = unwritableFolder(path);
  if (folder !== undefined) return new LeaversError('report', `${path}: the report can't be written; ${folder}`);
  const said = error instanceof Error ? error.message : 'unknown error';
  const why = /unable to open/.test(said) ? 'no file can be made beside it' : said;
  return new LeaversError('report', `${path}: the report can't be locked (${why}); name another place with --report`);
}

function holder(note: string): string {
  try {
    const { pid, hostname, since } = JSON.parse(readFileSync(note, 'utf8')) as Record<string, unknown>;
    return ` (pid ${String(pid)} on ${String(hostname)}, since ${String(since)})`;
  } catch {
    return '';
  }
}

export interface ClaimedReport {
  readonly report: string;
  readonly lock: Lock;
}

/**
 * Locks the first of these names that is free. Throws what is wrong with the last: LeaversError `report` when it exists and is not to be
 * continued, StopError when another run holds it.
 */
export async function claimReport(names: readonly string[], resume: boolean, context: Context): Promise<ClaimedReport> {
  let problem: LeaversError | undefined;
  for (const report of names) {
    try {
      if (!resume && (await isThere(report))) throw new Taken(report);
      const lock = await lockReport(report, context);
      if (resume || !(await isThere(report))) return { report, lock };
      // Another run created the report and released its lock after our first check.
      await lock.release();
      throw new Taken(report);
    } catch (error) {
      if (!(error instanceof Taken || error instanceof StopError)) throw error;
      problem = error;
    }
  }
  throw problem ?? new LeaversError('usage', 'no name for the report');
}

/** Something is there under this path, a link too. */
export async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}

class Taken extends LeaversError {
  constructor(report: string) {
    super('report', `${report} exists; continue it with --resume, or name another file with --report`);
  }
}
