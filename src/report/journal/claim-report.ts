// A name for a run's report that nobody else has: the file is not there, or is to be continued, and no other run holds its lock.
import { lstat } from 'node:fs/promises';
import type { Context } from '../../context.ts';
import { LeaversError, StopError } from '../../errors.ts';
import { type Lock, lockReport } from './lock.ts';

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
      // Whoever had the lock has ended between the two looks.
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
