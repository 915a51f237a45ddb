// Whether requests may leave: the gate and its reasons, the reasons to stop, and what the answers' headers say about the limit.
import type { Clock, Context } from '../../context.ts';
import { interruption, StopError } from '../../errors.ts';
import {
  describeLimitHeaders,
  type RateLimitHeaders,
  readRateLimitHeaders,
  ServerClock,
} from './rate-limit-headers.ts';
import type { Priority, RateLimiter } from './rate-limiter.ts';
import type { Usage } from '../client.ts';
import { backoffMs } from '../retry-policy.ts';

export interface ThrottleOptions {
  readonly limiter: RateLimiter;
  /** Monotonic ms after which no request is sent. */
  readonly deadline?: number;
  readonly clock: Clock;
  readonly sleep: Context['sleep'];
  readonly random: () => number;
  /** Ends waiting for permits and retries; calls under way finish. Its reason is the name of the process signal. */
  readonly signal?: AbortSignal;
  /** Counts that other calls share; the limit in the headers is then this endpoint's own and not noted. */
  readonly sharedUsage?: Usage;
}

/** Waits recorded one by one; more make no better picture. */
const keptWaits = 1000;
/** A wait beyond a day is left to a later run. */
const longestWaitMs = 86_400_000;

/** Shared by all calls of a client. */
export class Throttle {
  readonly usage: Usage;
  readonly #options: ThrottleOptions;
  /** Aborted when no further request may be sent; ends the waits before retries. */
  readonly #halt = new AbortController();
  #stopped: StopError | undefined;
  readonly #learnedLimit = new LearnedLimit();
  readonly #serverClock = new ServerClock();
  #underWay = 0;
  /** Refusals in a row that named no time. */
  #untimed = 0;

  constructor(options: ThrottleOptions) {
    this.#options = options;
    this.usage = options.sharedUsage ?? { requests: 0, throttled: 0, throttledMs: 0, waits: [] };
    if (options.signal?.aborted) this.#endWaits();
    options.signal?.addEventListener('abort', () => this.#endWaits(), { once: true });
  }

  /** Waits until a request may be sent. Throws StopError when no further request may be sent. */
  async acquire(priority: Priority): Promise<void> {
    this.#checkStops();
    try {
      await this.#options.limiter.acquire(priority);
    } finally {
      this.#checkStops();
    }
  }

  /**
   * A request leaves now; call `release` when it has ended. Throws StopError when no further request may be sent: a stop may have come
   * between the permit and this moment.
   */
  begin(): void {
    this.#checkStops();
    this.usage.requests += 1;
    this.#underWay += 1;
  }

  release(): void {
    this.#underWay -= 1;
  }

  #checkStops(): void {
    const { deadline, clock } = this.#options;
    if (deadline !== undefined && clock.monotonic() >= deadline) {
      this.stop(new StopError('stopped', 'the time given by --max-duration is over; resume the run to go on'));
    }
    if (this.#stopped !== undefined) throw this.#stopped;
    if (this.#options.signal?.aborted) throw interruption(this.#options.signal.reason);
  }

  /** Lets nothing leave from now on. Returns the first reason, which all calls get. */
  stop(error: StopError): StopError {
    this.#stopped ??= error;
    this.#endWaits();
    return this.#stopped;
  }

  #endWaits(): void {
    this.#halt.abort();
    this.#options.limiter.stop(this.#stopped ?? interruption(this.#options.signal?.reason));
  }

  /** Sleeps before a retry; ends early when no further request may be sent. */
  rest(ms: number): Promise<void> {
    return this.#options.sleep(ms, this.#halt.signal);
  }

  /** Takes note of the limit in an answer's headers, and shuts the gate after a 429. Returns what the headers say. */
  onResponse({ status, headers }: Response): RateLimitHeaders {
    const limits = this.#read(headers);
    if (status === 429) this.#onTooManyRequests(limits);
    else this.#onAnswer(limits);
    return limits;
  }

  #read(headers: Headers): RateLimitHeaders {
    const { clock, sharedUsage } = this.#options;
    if (this.usage.limitHeaders === undefined) this.usage.limitHeaders = describeLimitHeaders(headers);
    const limit = Number.parseInt(headers.get('x-ratelimit-limit') ?? '', 10);
    if (!Number.isNaN(limit) && sharedUsage === undefined) this.usage.limit = limit;
    const here = clock.now();
    const date = Date.parse(headers.get('date') ?? '');
    if (Number.isNaN(date)) return readRateLimitHeaders(headers, { wall: here });
    this.usage.date = { server: date, here };
    return readRateLimitHeaders(headers, { wall: here, server: this.#serverClock.read(date, clock.monotonic()) });
  }

  /** All calls wait at least as long as the 429 says; without a time, a random time that grows. */
  #onTooManyRequests({ retryAfterMs, resetMs }: RateLimitHeaders): void {
    const { limiter, clock, random } = this.#options;
    this.usage.throttled += 1;
    const stated = retryAfterMs ?? resetMs ?? 0;
    const isFirst = limiter.pausedUntil === undefined;
    if (stated > 0) this.#throttleFor(stated * (1 + random() / 10));
    // Calls that were under way at the first refusal don't make the wait longer.
    else if (isFirst) this.#throttleFor(backoffMs((this.#untimed += 1), random()));
    if (!isFirst) return;
    const intervalMs = this.#learnedLimit.refused(clock.monotonic() + stated);
    if (intervalMs !== undefined) limiter.setLearnedInterval(intervalMs);
  }

  /** No call is made that the headers say would be refused; the last calls of a period are spread over it. */
  #onAnswer({ remaining, resetMs }: RateLimitHeaders): void {
    const { limiter, clock } = this.#options;
    this.#untimed = 0;
    this.#learnedLimit.passed(clock.monotonic());
    if (remaining === undefined || resetMs === undefined) return;
    if (remaining === 0) this.#throttleFor(resetMs);
    else {
      const calls = remaining - (this.#underWay - 1);
      limiter.spreadRemaining({ calls, untilMs: clock.monotonic() + resetMs });
    }
  }

  /** Shuts the gate for a server in trouble that says when to come back. */
  delay(retryAfterMs: number): void {
    this.#throttleFor(retryAfterMs * (1 + this.#options.random() / 10));
  }

  /** Shuts the gate for a reason of our own, which the usage does not count. */
  pause(ms: number): void {
    const { limiter, clock } = this.#options;
    limiter.pauseUntil(clock.monotonic() + ms);
  }

  #throttleFor(ms: number): void {
    const { limiter, clock, deadline } = this.#options;
    const now = clock.monotonic();
    const longer = Math.max(0, now + ms - Math.max(now, limiter.pausedUntil ?? now));
    this.usage.throttledMs += longer;
    if (longer > 0 && this.usage.waits.length < keptWaits)
      this.usage.waits.push({ at: Math.round(clock.now() + ms - longer), ms: Math.round(longer) });
    this.pause(ms);
    if (ms > longestWaitMs) this.stop(tooLong(ms, 'longer than a day'));
    else if (deadline !== undefined && now + ms > deadline) this.stop(tooLong(ms, 'longer than --max-duration leaves'));
  }
}

function tooLong(ms: number, than: string): StopError {
  const wait = ms > 120_000 ? `${Math.ceil(ms / 60_000)} minutes` : `${Math.ceil(ms / 1000)} s`;
  return new StopError('stopped', `the organization asks to wait ${wait}, ${than}; resume the run after that`);
}

/** Fewer calls between two refusals say more about others who use the same limit than about the limit. */
const fewestCalls = 20;
/** Slightly below what passed, so that the next window is not met at its very end. */
const share = 0.99;
/** Waits are whole seconds, rounded up: that much of one may not have been needed. */
const roundingMs = 1000;

/** Learns a limit that no header states: counts the calls that pass between two openings of the gate. All times are monotonic ms. */
export class LearnedLimit {
  #from: number | undefined;
  #passed = 0;

  /** A call was answered, and not refused. */
  passed(now: number): void {
    this.#from ??= now;
    this.#passed += 1;
  }

  /** Calls are refused until `opens`. Returns the interval at which calls pass, or undefined when too few have passed to tell. */
  refused(opens: number): number | undefined {
    const [from, passed] = [this.#from, this.#passed];
    this.#from = opens;
    this.#passed = 0;
    if (from === undefined || passed < fewestCalls) return undefined;
    return Math.max(0, opens - roundingMs - from) / (passed * share);
  }
}
