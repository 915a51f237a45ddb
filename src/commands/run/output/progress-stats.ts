// Rows counted as they end, and from the last minute how fast they go and how long the rest will take. No printing.
import type { Clock } from '../../../context.ts';
import type { RowEnd } from '../../../report/events.ts';

export interface Counts {
  finished: number;
  /** Done, or in the wished state before. */
  done: number;
  failed: number;
}

export interface ProgressStats {
  add(line: RowEnd): void;
  counts(): Readonly<Counts>;
  /** Rows a second over the last minute; undefined before there is anything to go by. While nothing may go on it stays what it was. */
  perSecond(wait: number): number | undefined;
  /** Ms until the end, when nothing goes on for the next `wait` ms. */
  remainingMs(wait: number): number | undefined;
}

const windowMs = 60_000;
const stepMs = 1000;
/** Before so much time has passed a rate is a guess. */
const leastMs = 2000;

/** A tally of `total` rows from now on. */
export function openProgressStats(total: number, clock: Clock): ProgressStats {
  const counts: Counts = { finished: 0, done: 0, failed: 0 };
  /** Rows that took a call, once a second. */
  let samples = [{ at: clock.monotonic(), finished: 0 }];
  let known: number | undefined;
  const perSecond = (wait: number) => {
    const [first] = samples;
    const span = clock.monotonic() - (first?.at ?? 0);
    if (wait > 0 || first === undefined || span < leastMs || counts.finished === first.finished) return known;
    known = ((counts.finished - first.finished) / span) * 1000;
    return known;
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
