// Throttle: lets requests leave through circuit breaker, gate and rate limiter, and adjusts them to what answers and failures say.
import type { Clock, Context } from '../../context.ts';
import { interruption, StopError } from '../../errors.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import {
  describeLimitHeaders,
  type RateLimitHeaders,
  readRateLimitHeaders,
  ServerClock,
} from './rate-limit-headers.ts';
import { longestSleepMs, type Priority, type RateLimiter } from './rate-limiter.ts';
import type { Usage } from '../client.ts';

export interface ThrottleOptions {
  readonly limiter: RateLimiter;
  /** Monotonic ms after which no request is sent. */
  readonly deadline?: number;
  readonly clock: Clock;
  readonly sleep: Context['sleep'];
  readonly random: () => number;
  /** Ends waiting for permits and retries; calls under way finish. Its reason is the name of the process signal. */
  readonly signal?: AbortSignal;
  /** For an endpoint with a limit of its own: the throttle of all other calls, whose breaker, usage and stops hold here too. */
  readonly parent?: Throttle;
}

/** Most waits that are recorded for the chart. */
const maxWaitsKept = 1000;
/** A longer wait stops the run. */
const longestWaitMs = 86_400_000;

/** Shared by all calls of a client that count against one limit. */
export class Throttle {
  readonly usage: Usage;
  readonly #options: ThrottleOptions;
  readonly #breaker: CircuitBreaker;
  /** Aborted when no further request may be sent; ends the waits before retries. */
  readonly #halt = new AbortController();
  #stopped: StopError | undefined;
  readonly #learnedLimit = new LearnedLimit();
  readonly #serverClock = new ServerClock();
  #underWay = 0;
  /** 429s in a row that named no time. */
  #untimed = 0;

  constructor(options: ThrottleOptions) {
    const { parent, signal } = options;
    this.#options = options;
    this.usage = parent?.usage ?? { requests: 0, throttled: 0, throttledMs: 0, waits: [] };
    this.#breaker = parent === undefined ? new CircuitBreaker() : parent.#breaker;
    if (signal?.aborted) this.#endWaits();
    signal?.addEventListener('abort', () => this.#endWaits(), { once: true });
  }

  /**
   * Makes an attempt as soon as a request may leave, and returns its result. `attempt` reports its answer or failure here before it ends.
   * Throws StopError when no further request may leave.
   */
  async schedule<T>(priority: Priority, attempt: () => Promise<T>): Promise<T> {
    await this.#breaker.enter();
    try {
      this.#checkStops();
      try {
        await this.#permit(priority);
      } finally {
        this.#checkStops();
      }
      // No await from here to the request, or a stop in between would come too late.
      this.usage.requests += 1;
      this.#underWay += 1;
      return await attempt().finally(() => (this.#underWay -= 1));
    } finally {
      this.#breaker.leave();
    }
  }

  /** Waits for the limiter's permit, at most until the deadline. */
  async #permit(priority: Priority): Promise<void> {
    const { limiter, deadline } = this.#options;
    const permit = limiter.acquire(priority);
    if (deadline === undefined) return permit;
    const waiting = new AbortController();
    await Promise.race([permit, this.#sleepUntil(deadline, waiting.signal)]).finally(() => waiting.abort());
  }

  async #sleepUntil(monotonicMs: number, signal: AbortSignal): Promise<void> {
    const { clock, sleep } = this.#options;
    const left = () => monotonicMs - clock.monotonic();
    while (left() > 0 && !signal.aborted) await sleep(Math.min(left(), longestSleepMs), signal);
  }

  #checkStops(): void {
    const { deadline, clock, parent } = this.#options;
    if (parent !== undefined) parent.#checkStops();
    if (deadline !== undefined && clock.monotonic() >= deadline) {
      this.stop(new StopError('stopped', '--max-duration has elapsed; resume the run to continue'));
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

  /** Waits before a retry, which counts from 1; ends early when no further request may be sent. */
  backOff(retry: number): Promise<void> {
    const { sleep, random, clock } = this.#options;
    return sleep(this.#breaker.capDelay(backoffMs(retry, random()), clock.monotonic()), this.#halt.signal);
  }

  /** Applies the rate-limit headers of a response, and shuts the gate after a 429. Returns the parsed headers. */
  onResponse({ status, headers }: Response, { hasFailed }: { readonly hasFailed: boolean }): RateLimitHeaders {
    const limits = this.#readLimits(headers);
    const { retryAfterMs = 0 } = limits;
    if (status === 429) this.#onTooManyRequests(limits);
    else this.#onAllowed(limits);
    if (!hasFailed) this.#breaker.onAnswer();
    // A server error with Retry-After delays all calls.
    else if (retryAfterMs > 0) this.#throttleFor(retryAfterMs * (1 + this.#options.random() / 10));
    return limits;
  }

  /** The API accepts the key: from now on requests leave side by side. */
  acceptKey(): void {
    this.#breaker.endTrial();
  }

  /** Counts a failed attempt. Returns StopError when with it the API counts as down. */
  onFailure({ message }: Error): StopError | undefined {
    const { clock, random } = this.#options;
    const pauseMs = this.#breaker.onFailure(clock.monotonic(), random(), message);
    if (pauseMs instanceof StopError) return pauseMs;
    if (pauseMs > 0) this.#pause(pauseMs);
    return undefined;
  }

  #readLimits(headers: Headers): RateLimitHeaders {
    const { clock, parent } = this.#options;
    if (this.usage.limitHeaders === undefined) this.usage.limitHeaders = describeLimitHeaders(headers);
    const limit = Number.parseInt(headers.get('x-ratelimit-limit') ?? '', 10);
    // An endpoint's own limit says nothing about the others.
    if (!Number.isNaN(limit) && parent === undefined) this.usage.limit = limit;
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

  /** Sends no call that would be refused according to the headers, and spreads the last calls of a period over it. */
  #onAllowed({ remaining, resetMs }: RateLimitHeaders): void {
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

  /** Shuts the gate for a reason of our own, which the usage does not count. */
  #pause(ms: number): void {
    const { limiter, clock } = this.#options;
    limiter.pauseUntil(clock.monotonic() + ms);
  }

  #throttleFor(ms: number): void {
    const { limiter, clock, deadline } = this.#options;
    const now = clock.monotonic();
    const longer = Math.max(0, now + ms - Math.max(now, limiter.pausedUntil ?? now));
    this.usage.throttledMs += longer;
    if (longer > 0 && this.usage.waits.length < maxWaitsKept)
      this.usage.waits.push({ at: Math.round(clock.now() + ms - longer), ms: Math.round(longer) });
    this.#pause(ms);
    if (ms > longestWaitMs) this.stop(tooLong(ms, 'longer than a day'));
    else if (deadline !== undefined && now + ms > deadline) this.stop(tooLong(ms, 'longer than --max-duration allows'));
  }
}

function tooLong(ms: number, than: string): StopError {
  const wait = ms > 120_000 ? `${Math.ceil(ms / 60_000)} minutes` : `${Math.ceil(ms / 1000)} s`;
  return new StopError('stopped', `the organization asks to wait ${wait}, ${than}; resume the run after that`);
}

const backoffBaseMs = 500;
const backoffCapMs = 30_000;

/** Full jitter: a random time up to 500 ms, doubled with each retry after the first, at most 30 s. `retry` counts from 1. */
export function backoffMs(retry: number, random: number): number {
  return random * Math.min(backoffCapMs, backoffBaseMs * 2 ** Math.min(retry - 1, 10));
}

/** With fewer calls between two refusals, other clients of the same limit may be the cause. */
const fewestCalls = 20;
/** Slightly below the rate that passed, so that the limit is not hit at the very end of the next window. */
const share = 0.99;
/** Waits are rounded up to whole seconds, so up to this much may have been unnecessary. */
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
