// Counts rows as they end, and estimates rate and remaining time from the last minute. Does not print.
import type { Clock } from '../../../context.ts';
import type { RowEnd } from '../../../report/events.ts';

export interface Counts {
  finished: number;
  /** Rows with outcome `done` or `already`. */
  done: number;
  failed: number;
}

export interface ProgressStats {
  add(line: RowEnd): void;
  counts(): Readonly<Counts>;
  /** Rows per second over the last minute; undefined at the start. Unchanged while calls are paused. */
  perSecond(wait: number): number | undefined;
  /** Remaining ms, if calls are paused for the next `wait` ms. */
  remainingMs(wait: number): number | undefined;
}

const windowMs = 60_000;
const stepMs = 1000;
/** Time before the first estimate of the rate. */
const minMs = 2000;

/** A tally of `total` rows from now on. */
export function openProgressStats(total: number, clock: Clock): ProgressStats {
  const counts: Counts = { finished: 0, done: 0, failed: 0 };
  /** Rows that took a call, once a second. */
  let samples = [{ at: clock.monotonic(), finished: 0 }];
  let lastRate: number | undefined;
  const perSecond = (wait: number) => {
    const [first] = samples;
    const span = clock.monotonic() - (first?.at ?? 0);
    if (wait > 0 || first === undefined || span < minMs || counts.finished === first.finished) return lastRate;
    lastRate = ((counts.finished - first.finished) / span) * 1000;
    return lastRate;
  };
  return {
    add: ({ outcome }) => {
      counts.finished += 1;
      if (outcome === 'done' || outcome === 'already') counts.done += 1;
      if (outcome === 'failed' || outcome === 'unknown') counts.failed += 1;
      const now = clock.monotonic();
      if (now - (samples.at(-1)?.at ?? 0) < stepMs) return;
      samples = [...samples.filter(({ at }) => now - at <= windowMs), { at: now, finished: counts.finished }];
    },
    counts: () => counts,
    perSecond,
    remainingMs: (wait) => {
      const rate = perSecond(wait);
      return rate === undefined || counts.finished >= total
        ? undefined
        : ((total - counts.finished) / rate) * 1000 + wait;
    },
  };
}
