// How a rate-limited API counts calls: the four kinds seen in the wild. Knows no HTTP.

export type LimitKind = 'fixed' | 'sliding' | 'bucket' | 'small';
export const limitKinds: readonly LimitKind[] = ['fixed', 'sliding', 'bucket', 'small'];

export interface LimitOptions {
  readonly kind: LimitKind;
  /** Calls in a window. */
  readonly count: number;
  readonly windowMs: number;
}

/** What the counter says of one call: whether it passes, how many are left, and when more are given. */
export interface Counted {
  readonly passes: boolean;
  readonly left: number;
  readonly resetMs: number;
}

/** A counter that is asked once a call, at `now` (ms, never going back). */
export function openLimit({ kind, count, windowMs }: LimitOptions): (now: number) => Counted {
  if (kind === 'fixed') return fixed(count, windowMs);
  if (kind === 'sliding') return sliding(count, windowMs);
  return bucket(kind === 'bucket' ? count : Math.max(1, count / 10), count / windowMs);
}

/** Lets `count` calls through in each window. Windows begin at multiples of their length, at whatever time the run begins. */
function fixed(count: number, windowMs: number): (now: number) => Counted {
  let [window, used] = [-1, 0];
  return (now) => {
    const at = Math.floor(now / windowMs);
    if (at !== window) [window, used] = [at, 0];
    const passes = used < count;
    if (passes) used += 1;
    return { passes, left: count - used, resetMs: (at + 1) * windowMs - now };
  };
}

/** Lets `count` calls through in any stretch of `windowMs`. */
function sliding(count: number, windowMs: number): (now: number) => Counted {
  const log: number[] = [];
  return (now) => {
    while (log[0] !== undefined && log[0] <= now - windowMs) log.shift();
    const passes = log.length < count;
    if (passes) log.push(now);
    return { passes, left: count - log.length, resetMs: (log[0] ?? now) + windowMs - now };
  };
}

/** Tokens that come back evenly, `size` at the most. */
function bucket(size: number, perMs: number): (now: number) => Counted {
  let [tokens, last] = [size, Number.NaN];
  return (now) => {
    if (!Number.isNaN(last)) tokens = Math.min(size, tokens + (now - last) * perMs);
    last = now;
    const passes = tokens >= 1;
    if (passes) tokens -= 1;
    return { passes, left: Math.floor(tokens), resetMs: Math.max(0, (1 - tokens) / perMs) };
  };
}
