// RunCounts: counts the rows of a run as they end: outcomes, failures, and people who keep access.
import { tooManyFailures } from '../plan/guards.ts';
import type { Limit } from '../config/settings.ts';
import type { LeftOutReason, OutcomeName } from '../model.ts';
import type { RowEnd } from '../report/events.ts';
import type { ResumeState } from '../report/read/resume-state.ts';
import { leftOutReason } from '../report/left-out.ts';

export interface CountOptions {
  /** In a dry run nothing is sent, so nobody counts as left out. */
  readonly dryRun: boolean;
  readonly maxFailures: Limit;
  /** Reasons for which a person may be left out. */
  readonly accept: readonly LeftOutReason[];
  /** The earlier runs of the report. */
  readonly past: Pick<ResumeState, 'wasLeftOut'>;
}

export class RunCounts {
  readonly byAction: Record<string, Partial<Record<OutcomeName, number>>> = {};
  /** Rows that leave a person with access that should have ended, without accepted reasons; `isNew` if an earlier run did not report one of them. */
  readonly leftOut = { rows: 0, isNew: false };
  readonly #options: CountOptions;
  #failed = 0;
  #finished = 0;

  constructor(options: CountOptions) {
    this.#options = options;
  }

  /** Counts a row. Returns a sentence when --max-failures is exceeded and the run must stop. */
  add(line: RowEnd): string | undefined {
    const counts = (this.byAction[line.action ?? 'invalid'] ??= {});
    counts[line.outcome] = (counts[line.outcome] ?? 0) + 1;
    this.#countLeftOut(line);
    // Rows that were never sent do not count towards --max-failures.
    if (line.attempts === 0) return undefined;
    this.#finished += 1;
    if (line.outcome === 'failed') this.#failed += 1;
    return tooManyFailures(this.#failed, this.#finished, this.#options.maxFailures);
  }

  #countLeftOut(line: RowEnd): void {
    const reason = this.#options.dryRun ? undefined : leftOutReason(line);
    if (reason === undefined || this.#options.accept.includes(reason)) return;
    this.leftOut.rows += 1;
    this.leftOut.isNew ||= !this.#options.past.wasLeftOut(line.key, reason);
  }
}
