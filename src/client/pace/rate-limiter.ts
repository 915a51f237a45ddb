// Decides when a request may leave: bottleneck holds the queue, an absolute schedule sets the times, and a 429 shuts one gate for all.
import Bottleneck from 'bottleneck';
import type { Clock, Context } from '../../context.ts';
import type { Rate } from '../../config/settings.ts';

export type { Rate } from '../../config/settings.ts';

/** `first` goes before every waiting `normal` request except the one that already has the next slot. */
export type Priority = 'first' | 'normal';

/** One per organization. */
export interface RateLimiter {
  /** Resolves when a request may leave: by priority, then in the order of asking. Rejects with the reason given to `stop`. */
  acquire(priority?: Priority): Promise<void>;
  /** Sends no request before this moment (monotonic ms). A later moment that was set before stays in force. */
  pauseUntil(monotonicMs: number): void;
  /** Until when the gate is shut; undefined when it is open. */
  readonly pausedUntil: number | undefined;
  /** Spreads the calls that are left over the time until the next period, where that is slower than the rate. */
  spreadRemaining(remaining: { readonly calls: number; readonly untilMs: number }): void;
  /** Keeps calls this far apart, where that is slower than the rate; returns to the rate step by step. */
  setLearnedInterval(intervalMs: number): void;
  /** Drops all waiting requests; no request leaves from now on. */
  stop(reason: Error): void;
}

export interface RateLimiterOptions {
  readonly rate: Rate | 'none';
  /** Permits that may leave at once after a pause; 1 is even pacing. */
  readonly burst: number;
  readonly clock: Clock;
  readonly sleep: Context['sleep'];
  readonly random: () => number;
}

/** Opens the limiter of one organization. */
export function openRateLimiter(options: RateLimiterOptions): RateLimiter {
  return options.rate === 'none' ? new Gate(options) : new Schedule(options, options.rate.perMs / options.rate.count);
}

/** Timers count in 32 bits; a longer wait is slept in parts. */
export const longestSleepMs = 3_600_000;

/** How much lateness of timers the schedule makes up for, at least one interval. More could exceed a short window of the server's limit. */
const catchUpMs = 10;

/** How long a learned interval is kept before a shorter one is tried. */
const shortenAfterMs = 20_000;

/** Of bottleneck's priorities 0 (first) to 9. */
const priorities = { first: 0, normal: 5 } as const satisfies Record<Priority, number>;

/** The gate alone, for `--rate none`: nothing is queued and no timer is set while it is open. */
class Gate implements RateLimiter {
  protected readonly options: RateLimiterOptions;
  readonly #halt = new AbortController();
  /** When the gate opens, or last did. */
  protected opens = Number.NEGATIVE_INFINITY;

  constructor(options: RateLimiterOptions) {
    this.options = options;
  }

  get pausedUntil(): number | undefined {
    return this.opens > this.options.clock.monotonic() ? this.opens : undefined;
  }

  pauseUntil(monotonicMs: number): void {
    this.opens = Math.max(this.opens, monotonicMs);
  }

  async acquire(_priority?: Priority): Promise<void> {
    for (let shut = this.pausedUntil; shut !== undefined; shut = this.pausedUntil) {
      await this.sleepUntil(shut);
      // All waiting requests wake at the same moment here, so each adds a random delay.
      await this.options.sleep(this.options.random() * 100, this.halted);
    }
    this.halted.throwIfAborted();
  }

  spreadRemaining(_remaining: { readonly calls: number; readonly untilMs: number }): void {}

  setLearnedInterval(_intervalMs: number): void {}

  stop(reason: Error): void {
    this.#halt.abort(reason);
  }

  protected get halted(): AbortSignal {
    return this.#halt.signal;
  }

  /** Timers may fire up to 1 ms early, so the clock is read again after each. */
  protected async sleepUntil(at: number): Promise<void> {
    const { clock, sleep } = this.options;
    for (let remainingMs = at - clock.monotonic(); remainingMs > 0; remainingMs = at - clock.monotonic()) {
      this.halted.throwIfAborted();
      await sleep(Math.min(Math.ceil(remainingMs), longestSleepMs), this.halted);
    }
    this.halted.throwIfAborted();
  }
}

/** Even slots, `intervalMs` apart, on the monotonic clock. docs/decisions/0005-absolute-schedule.md says why `minTime` is not enough. */
class Schedule extends Gate {
  readonly #intervalMs: number;
  readonly #burstMs: number;
  readonly #catchUpMs: number;
  /**
   * Requests that wait for a slot. A job is only the wait for the slot, not the request: how many requests are open is p-queue's part.
   * bottleneck adds `minTime` to a wall-clock time; minus infinity disables that, so that a clock set back stops nothing. Its first job
   * waits for the time at which the queue was made, so the queue is made for that job and not before.
   */
  #queue: Bottleneck | undefined;
  /** The slot of the last permit, which may be earlier than the moment its timer fired. */
  #slot = Number.NEGATIVE_INFINITY;
  #spread: { readonly intervalMs: number; readonly untilMs: number } | undefined;
  #learned: { readonly intervalMs: number; readonly since: number } | undefined;

  constructor(options: RateLimiterOptions, intervalMs: number) {
    super(options);
    this.#intervalMs = intervalMs;
    this.#burstMs = (options.burst - 1) * intervalMs;
    this.#catchUpMs = Math.max(intervalMs, catchUpMs) + this.#burstMs;
  }

  override async acquire(priority: Priority = 'normal'): Promise<void> {
    const askedAt = this.options.clock.monotonic();
    try {
      // The gate may have been shut during the wait; a request that left anyway would be refused.
      do {
        this.halted.throwIfAborted();
        this.#queue ??= new Bottleneck({ maxConcurrent: 1, minTime: Number.NEGATIVE_INFINITY });
        await this.#queue.schedule({ priority: priorities[priority] }, () => this.#takeSlot(askedAt));
      } while (this.pausedUntil !== undefined);
    } catch (error) {
      this.halted.throwIfAborted();
      throw error;
    }
  }

  override stop(reason: Error): void {
    if (this.halted.aborted) return;
    super.stop(reason);
    void this.#queue?.stop({ dropWaitingJobs: true });
  }

  override spreadRemaining({ calls, untilMs }: { readonly calls: number; readonly untilMs: number }): void {
    const intervalMs = (untilMs - this.options.clock.monotonic()) / Math.max(1, calls);
    this.#spread = intervalMs > this.#intervalMs ? { intervalMs, untilMs } : undefined;
  }

  override setLearnedInterval(intervalMs: number): void {
    // One refusal halves the pace at most: others may share the limit, and their burst ends soon.
    const bounded = Math.min(intervalMs, 2 * this.#interval());
    this.#learned =
      bounded > this.#intervalMs ? { intervalMs: bounded, since: this.options.clock.monotonic() } : undefined;
  }

  /** The interval at this moment: the rate's, or a longer learned one that is tried shorter by 1, 3, 7, 15 … % as time passes. */
  #interval(): number {
    if (this.#learned === undefined) return this.#intervalMs;
    const steps = Math.floor((this.options.clock.monotonic() - this.#learned.since) / shortenAfterMs);
    const learned = this.#learned.intervalMs / (1 + (2 ** Math.min(steps, 10) - 1) / 100);
    if (learned > this.#intervalMs) return learned;
    this.#learned = undefined;
    return this.#intervalMs;
  }

  /**
   * Waits for the next slot and takes it. The next slot is counted from this slot, not from the moment the timer fired, so lateness does
   * not add up; idle time gives nothing beyond the burst.
   */
  async #takeSlot(askedAt: number): Promise<void> {
    let at = this.#due();
    while (at > this.options.clock.monotonic()) {
      await this.sleepUntil(at);
      at = Math.max(at, this.#due());
    }
    this.#slot = Math.max(at, askedAt - this.#burstMs, this.options.clock.monotonic() - this.#catchUpMs);
  }

  /** When the next permit is due; the gate and the spreading may change during a wait. */
  #due(): number {
    const even = this.#slot + this.#interval();
    const spread = this.#spread;
    if (spread === undefined || this.options.clock.monotonic() >= spread.untilMs) return Math.max(even, this.opens);
    return Math.max(even, this.opens, Math.min(this.#slot + spread.intervalMs, spread.untilMs));
  }
}
