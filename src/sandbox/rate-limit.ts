// The simulated rate limit of an organization: which requests are accepted, and the rate-limit headers. The caller answers refused requests.
export interface RateLimit {
  /** Requests per window. */
  readonly limit: number;
  readonly windowMs: number;
  /** `fixed` (default) starts a window at its first request; `sliding` looks back one window; `bucket` refills evenly. */
  readonly kind?: 'fixed' | 'sliding' | 'bucket';
  /** Send `Retry-After` (whole seconds, rounded up) with a 429; the admin API is not documented to send it. */
  readonly retryAfter?: boolean;
}

/** Whether a request was accepted, how many more are accepted now, and from when (epoch ms) further ones are. */
interface Meter {
  readonly allowed: boolean;
  readonly remaining: number;
  readonly reset: number;
}

export interface Admission {
  readonly allowed: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/** Used without a limit: the headers have a large one, so that no client depends on their absence. */
const generous: RateLimit = { limit: 1_000_000, windowMs: 60_000 };

/** Returns a function to call once per request: it counts the request and returns whether it is accepted. */
export function openLimits(rate: RateLimit = generous, clock: { now(): number }): () => Admission {
  const meter = meters[rate.kind ?? 'fixed'](rate);
  return () => {
    const now = clock.now();
    const { allowed, remaining, reset } = meter(now);
    const wait = Math.max(1, Math.ceil((reset - now) / 1000));
    const headers = {
      'X-RateLimit-Limit': String(rate.limit),
      'X-RateLimit-Remaining': String(Math.max(0, Math.floor(remaining))),
      'X-RateLimit-Reset': new Date(Math.ceil(reset)).toISOString(),
      ...(rate.retryAfter && !allowed ? { 'Retry-After': String(wait) } : {}),
    };
    return { allowed, headers };
  };
}

type OpenMeter = (rate: RateLimit) => (now: number) => Meter;

const meters: Readonly<Record<'fixed' | 'sliding' | 'bucket', OpenMeter>> = {
  fixed: ({ limit, windowMs }) => {
    let [end, used] = [Number.NEGATIVE_INFINITY, 0];
    return (now) => {
      if (now >= end) [end, used] = [now + windowMs, 0];
      const allowed = used < limit;
      if (allowed) used += 1;
      return { allowed, remaining: limit - used, reset: end };
    };
  },
  sliding: ({ limit, windowMs }) => {
    const arrivals: number[] = [];
    return (now) => {
      while (arrivals[0] !== undefined && arrivals[0] <= now - windowMs) arrivals.shift();
      const allowed = arrivals.length < limit;
      if (allowed) arrivals.push(now);
      return { allowed, remaining: limit - arrivals.length, reset: (arrivals[0] ?? now) + windowMs };
    };
  },
  bucket: ({ limit, windowMs }) => {
    let [tokens, at] = [limit, Number.NEGATIVE_INFINITY];
    return (now) => {
      const gained = ((now - Math.max(at, now - windowMs)) * limit) / windowMs;
      [tokens, at] = [Math.min(limit, tokens + gained), now];
      const allowed = tokens >= 1;
      if (allowed) tokens -= 1;
      return { allowed, remaining: tokens, reset: now + ((Math.max(0, 1 - tokens) || 0) * windowMs) / limit };
    };
  },
};
