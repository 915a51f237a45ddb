// Appends findings to their reports, under the lock and in the hash chain.
import type { Context } from '../../context.ts';
import type { ReportLine, Verification } from '../../report/events.ts';
import { resumeJournal } from '../../report/journal/journal.ts';
import { lockReport } from '../../report/journal/lock.ts';
import { readReport } from '../../report/read/read-lines.ts';

/** A finding about a row that was written by this run. */
export interface Finding {
  readonly runId: string;
  readonly verification: Verification;
}

export interface Recorded {
  readonly path: string;
  readonly findings: number;
  /** `h` of the report's last line. */
  readonly head: string;
}

/** Writes each finding to its report. Throws LeaversError `disk` or `report`, and StopError when a run holds the report. */
export async function recordFindings(
  paths: readonly string[],
  findings: () => Iterable<Finding>,
  context: Context,
): Promise<Recorded[]> {
  const done: Recorded[] = [];
  for (const path of paths) {
    const runs = await runsOf(readReport(path));
    const own = function* () {
      for (const { runId, verification } of findings()) if (runs.has(runId)) yield verification;
    };
    done.push(await append(path, own(), { runId: [...runs].at(-1) ?? '', context }));
  }
  return done.filter(({ findings: count }) => count > 0);
}

async function runsOf(lines: AsyncIterable<ReportLine>): Promise<ReadonlySet<string>> {
  const runs = new Set<string>();
  for await (const line of lines) if (line.event === 'run-start') runs.add(line.runId);
  return runs;
}

async function append(
  path: string,
  findings: Iterable<Verification>,
  { runId, context }: { runId: string; context: Context },
): Promise<Recorded> {
  const lock = await lockReport(path, context);
  try {
    const { journal } = await resumeJournal({ path, runId, context });
    try {
      const written: Promise<void>[] = [];
      for (const finding of findings) written.push(journal.append(finding));
      await Promise.all(written);
      return { path, findings: written.length, head: journal.head };
    } finally {
      await journal.close();
    }
  } finally {
    await lock.release();
  }
}
