// The lines of several reports as one sequence, by their times: reports may have been continued in turn.
import type { ReportLine } from '../events.ts';
import { atStart, type Progress, readReport } from './read-lines.ts';

/** A report, and the time of its first line. */
export interface StartedRun {
  readonly path: string;
  readonly time: string;
}

interface Open {
  readonly path: string;
  readonly progress: Progress;
  readonly lines: AsyncGenerator<ReportLine>;
  next: ReportLine | undefined;
}

/** All lines, the earliest first; those of one report keep their order. A report is opened when its time has come. `torn` gets whose last line is. */
export async function* readMerged(reports: readonly StartedRun[], torn: Set<string>): AsyncGenerator<ReportLine> {
  const waiting = [...reports];
  const open = new Set<Open>();
  try {
    for (;;) {
      const first = earliest(open);
      const [begun] = waiting;
      if (begun !== undefined && (first?.next === undefined || begun.time < first.next.time)) {
        waiting.shift();
        await advance(openReport(begun, open), { open, torn });
      } else if (first?.next === undefined) return;
      else {
        yield first.next;
        await advance(first, { open, torn });
      }
    }
  } finally {
    for (const { lines } of open) await lines.return(undefined);
  }
}

function earliest(open: ReadonlySet<Open>): Open | undefined {
  let first: Open | undefined;
  for (const each of open)
    if (first?.next === undefined || (each.next !== undefined && each.next.time < first.next.time)) first = each;
  return first;
}

function openReport({ path }: StartedRun, open: Set<Open>): Open {
  const progress = atStart();
  const report: Open = { path, progress, lines: readReport(path, progress), next: undefined };
  open.add(report);
  return report;
}

async function advance(report: Open, { open, torn }: { open: Set<Open>; torn: Set<string> }): Promise<void> {
  const { done, value } = await report.lines.next();
  if (done !== true) {
    report.next = value;
    return;
  }
  open.delete(report);
  if (report.progress.torn) torn.add(report.path);
}
