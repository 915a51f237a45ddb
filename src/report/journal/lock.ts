// Claims a name for a report and locks it, so that only one run writes to it.
import { lstat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Context } from '../../context.ts';
import { LeaversError, StopError } from '../../errors.ts';
import { type FileLock, type LockNote, readNote, tryLock } from '../../storage/file-lock.ts';
import { makeFolder } from '../../storage/make-folder.ts';
import { unwritableFolder } from '../../storage/unwritable-folder.ts';
import { refusesLocks } from '../../storage/volume-locks.ts';

export interface Lock {
  release(): Promise<void>;
}

/** Takes the lock, or throws StopError `stopped` that names the holder. After a kill -9, the lock is free at once. */
export async function lockReport(path: string, { clock, pid, hostname }: Context): Promise<Lock> {
  const file = `${path}.lock`;
  let lock: FileLock | undefined;
  try {
    makeFolder(dirname(resolve(path)));
    lock = tryLock(file, { pid, hostname, since: new Date(clock.now()).toISOString() });
  } catch (error) {
    throw unusable(path, error);
  }
  if (lock !== undefined) return { release: async () => lock.release() };
  const note = readNote(file);
  if (note === undefined && refusesLocks(dirname(resolve(path))))
    throw new LeaversError('report', `${path}: an SMB volume refuses the lock; ${smbAdvice}`);
  throw new StopError('stopped', `${path} is in use by another run${describeHolder(note, hostname)}`);
}

const smbAdvice = 'mount it with nobrl and run on one machine only, or name another place with --report';

/** Names the holder of the report, and what to do. A dead run on this machine holds no lock, but a lost machine may hold one for a while. */
function describeHolder(note: LockNote | undefined, ours: string): string {
  const advice = 'wait for it to end, or name another report';
  if (note === undefined) return `; ${advice}`;
  const { pid, hostname, since } = note;
  const lost = hostname === ours ? '' : `; if ${hostname} is gone, wait until the server of the volume frees its lock`;
  return ` (pid ${pid} on ${hostname}, since ${since}); ${advice}${lost}`;
}

const reasons: Readonly<Record<string, string>> = {
  ELOOP: 'its lock file is a symbolic link',
  ENOENT: 'no file can be created beside it',
  EACCES: 'no file can be created beside it',
  EROFS: 'no file can be created beside it',
};

function unusable(path: string, error: unknown): LeaversError {
  const folder = unwritableFolder(path);
  if (folder !== undefined) return new LeaversError('report', `${path}: the report can't be written; ${folder}`);
  const { code = '', message } = error as NodeJS.ErrnoException;
  const why = reasons[code] ?? message;
  return new LeaversError('report', `${path}: the report can't be locked (${why}); name another place with --report`);
}

export interface ClaimedReport {
  readonly report: string;
  readonly lock: Lock;
}

/**
 * Locks the first of these names that is free. When none is, throws the error of the last: LeaversError `report` when the report exists
 * and must not be continued, StopError when another run holds it.
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

/** Whether anything exists at this path, also a link. */
export async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}

class Taken extends LeaversError {
  constructor(report: string) {
    super('report', `${report} exists; continue it with --resume, or name another file with --report`);
  }
}
