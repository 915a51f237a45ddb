// Whether requests may leave at all, and what the organization says about it: the gate and its reasons, reasons to stop. Permits are pace.ts.
import type { Clock, Context } from '../../context.ts';
import { interruption, StopError } from '../../errors.ts';
import { LearnedLimit } from './allowance.ts';
import type { RateLimitHeaders } from './rate-limit-headers.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { Usage } from '../client.ts';
import { backoffMs } from '../retry-policy.ts';

export interface ThrottleOptions {
  readonly pace: RateLimiter;
  /** Monotonic ms after which nothing leaves any more. */
  readonly deadline?: number;
  readonly clock: Clock;
  readonly sleep: Context['sleep'];
  readonly random: () => number;
  /** Ends waiting for permits and retries; calls under way finish. Its reason is the name of the process signal. */
  readonly signal?: AbortSignal;
}

/** Waits told one by one; more make no better picture. */
const keptWaits = 1000;
/** A wait beyond this is left to a later run. */
const longestWaitMs = 3_600_000;

/** Shared by all calls of a client. */
export class Throttle {
  readonly usage: Usage = { requests: 0, throttled: 0, throttledMs: 0, waits: [] };
  readonly #options: ThrottleOptions;
  /** Aborted when nothing may leave any more; whoever waits is woken. */
  readonly #halt = new AbortController();
  #stopped: StopError | undefined;
  readonly #allowance = new LearnedLimit();
  /** Refusals in a row that named no time. */
  #untimed = 0;

  constructor(options: ThrottleOptions) {
    this.#options = options;
    if (options.signal?.aborted) this.#halt.abort();
    options.signal?.addEventListener('abort', () => this.#halt.abort(), { once: true });
  }

  /** Waits until a request may leave. Throws StopError when nothing may any more. */
  async acquire(): Promise<void> {
    this.checkStops();
    try {
      await this.#options.pace.acquire(this.#halt.signal);
    } finally {
      this.checkStops();
    }
  }

  checkStops(): void {
    const { deadline, clock } = this.#options;
    if (deadline !== undefined && clock.monotonic() >= deadline) {
      this.stop(new StopError('stopped', 'the time given by --max-duration is over; resume the run to go on'));
    }
    if (this.#stopped !== undefined) throw this.#stopped;
    if (this.#options.signal?.aborted) throw interruption(this.#options.signal.reason);
  }

  /** From now on nothing leaves; the first reason is everybody's. */
  stop(error: StopError): StopError {
    this.#stopped ??= error;
    this.#halt.abort();
    return this.#stopped;
  }

  /** Sleeps before a retry, shorter when nothing may leave any more. */
  rest(ms: number): Promise<void> {
    return this.#options.sleep(ms, this.#halt.signal);
  }

  /** A 429: everybody waits as long as it says, at least; without a word, a jittered while that grows. */
  onTooManyRequests({ retryAfterMs, resetMs }: RateLimitHeaders): void {
    const { pace, random } = this.#options;
    this.usage.throttled += 1;
    const stated = retryAfterMs ?? resetMs ?? 0;
    const isFirst = pace.pausedUntil === undefined;
    if (stated > 0) this.#throttleFor(stated * (1 + random() / 10));
    // Calls that were under way when the first was refused don't make the wait longer.
    else if (isFirst) this.#throttleFor(backoffMs((this.#untimed += 1), random()));
    if (isFirst) this.#learn(stated);
  }

  /** Who is refused again and again goes as fast as was let pass. */
  #learn(statedMs: number): void {
    const { pace, clock } = this.#options;
    const intervalMs = this.#allowance.refused(clock.monotonic() + statedMs);
    if (intervalMs !== undefined) pace.setLearnedInterval(intervalMs);
  }

  /** An attempt was answered after `ms`. */
  heard(ms: number): void {
    this.#options.pace.heard(ms);
  }

  /** An answer that is no 429: no call is made that its headers say would be refused, the last ones of a period are spread over it. */
  applyHeaders({ remaining, resetMs }: RateLimitHeaders, underWay: number): void {
    this.#untimed = 0;
    this.#allowance.passed(this.#options.clock.monotonic());
    if (remaining === undefined || resetMs === undefined) return;
    const { pace, clock } = this.#options;
    if (remaining === 0) this.#throttleFor(resetMs);
    else pace.spreadRemaining({ calls: remaining - underWay, untilMs: clock.monotonic() + resetMs });
  }

  /** A server in trouble that says when to come back. */
  delay(retryAfterMs: number): void {
    this.#throttleFor(retryAfterMs * (1 + this.#options.random() / 10));
  }

  /** Nobody leaves for `ms`, for a reason of our own. */
  pause(ms: number): void {
    const { pace, clock } = this.#options;
    pace.pauseUntil(clock.monotonic() + ms);
  }

  #throttleFor(ms: number): void {
    const { pace, clock, deadline } = this.#options;
    const now = clock.monotonic();
    const longer = Math.max(0, now + ms - Math.max(now, pace.pausedUntil ?? now));
    this.usage.throttledMs += longer;
    if (longer > 0 && this.usage.waits.length < keptWaits)
      this.usage.waits.push({ at: Math.round(clock.now() + ms - longer), ms: Math.round(longer) });
    this.pause(ms);
    if (ms > longestWaitMs) this.stop(tooLong(ms, 'longer than an hour'));
    else if (deadline !== undefined && now + ms > deadline) this.stop(tooLong(ms, 'longer than --max-duration leaves'));
  }
}

function tooLong(ms: number, than: string): StopError {
  const wait = ms > 120_000 ? `${Math.ceil(ms / 60_000)} minutes` : `${Math.ceil(ms / 1000)} s`;
  return new StopError('stopped', `the organization asks to wait ${wait}, ${than}; resume the run after that`);
}
