// When a request may leave: bottleneck hands out one permit after another, on an absolute schedule, behind one gate that a 429 shuts for all.
import Bottleneck from 'bottleneck';
import type { Clock, Context } from '../../context.ts';
import type { Rate } from '../../config/settings.ts';
import { Jitter } from './jitter.ts';

export type { Rate } from '../../config/settings.ts';

export interface RateLimiter {
  /** Resolves when a request may leave, in the order of asking; rejects with the signal's reason. */
  acquire(signal?: AbortSignal): Promise<void>;
  /** Nobody leaves before this moment (monotonic ms); a later one that is set already stays. */
  pauseUntil(monotonicMs: number): void;
  /** Until when the gate is shut; undefined when it is open. */
  readonly pausedUntil: number | undefined;
  /** Spreads the calls that are left over the time until more are given, where that is slower than the rate. */
  spreadRemaining(left: { readonly calls: number; readonly untilMs: number }): void;
  /** Keeps calls this far apart, where that is slower than the rate, and comes back to the rate as time passes without another word. */
  setLearnedInterval(intervalMs: number): void;
  /** An answer came after `ms`: a quick pace leaves room for calls that arrive closer together than they left. */
  heard(ms: number): void;
}

export interface RateLimiterOptions {
  readonly rate: Rate | 'none';
  /** Permits that may leave at once after a pause; 1 is even pacing. */
  readonly burst: number;
  readonly clock: Clock;
  readonly sleep: Context['sleep'];
  readonly random: () => number;
}

/** Timers count in 32 bits; a longer wait is slept in parts. */
const longestSleepMs = 3_600_000;

/** How far the schedule makes up for timers that fire late, at least one interval. More would crowd a narrow window of the organization's. */
const makeUpMs = 10;

/**
 * A window that is counted anew all the time holds a little more than the rate when some calls of it took longer and others less. From
 * answers that differ by so many intervals on, calls are so much further apart.
 */
const [crowded, room] = [2, 1.02];

/** How long a pace that was learned is kept before a quicker one is tried. */
const tryMs = 20_000;

export function openRateLimiter(options: RateLimiterOptions): RateLimiter {
  return options.rate === 'none' ? new Gate(options) : new Schedule(options, options.rate.perMs / options.rate.count);
}

/** The gate alone, for `--rate none`: nothing is queued and no timer is set while it is open. */
class Gate implements RateLimiter {
  readonly world: RateLimiterOptions;
  /** When the gate opens, or last did. */
  opens = Number.NEGATIVE_INFINITY;

  constructor(world: RateLimiterOptions) {
    this.world = world;
  }

  get pausedUntil(): number | undefined {
    return this.opens > this.world.clock.monotonic() ? this.opens : undefined;
  }

  pauseUntil(monotonicMs: number): void {
    this.opens = Math.max(this.opens, monotonicMs);
  }

  async acquire(signal?: AbortSignal): Promise<void> {
    for (let shut = this.pausedUntil; shut !== undefined; shut = this.pausedUntil) {
      await this.sleepUntil(shut, signal);
      // Everybody wakes at once here, so each one goes on a little later than the last.
      await this.world.sleep(this.world.random() * 100, signal);
    }
    signal?.throwIfAborted();
  }

  spreadRemaining(_left: { readonly calls: number; readonly untilMs: number }): void {}

  setLearnedInterval(_intervalMs: number): void {}

  heard(_ms: number): void {}

  /** Timers may fire up to 1 ms early, so the clock is asked again after each. */
  async sleepUntil(at: number, signal: AbortSignal | undefined): Promise<void> {
    for (let left = at - this.world.clock.monotonic(); left > 0; left = at - this.world.clock.monotonic()) {
      signal?.throwIfAborted();
      await this.world.sleep(Math.min(Math.ceil(left), longestSleepMs), signal);
    }
    signal?.throwIfAborted();
  }
}

/** Even slots, `intervalMs` apart, on the monotonic clock. */
class Schedule extends Gate {
  readonly #intervalMs: number;
  readonly #burstMs: number;
  readonly #makeUpMs: number;
  /**
   * The queue of whoever waits for a slot: one at a time, in order. Its own clock is the wall clock, read as "not before the last booking
   * plus minTime"; minus infinity takes that out, so that a clock set back by an hour does not stop the run for an hour.
   */
  readonly #queue = new Bottleneck({ maxConcurrent: 1, minTime: Number.NEGATIVE_INFINITY });
  /** The slot of the last permit, whenever its timer fired. */
  #slot = Number.NEGATIVE_INFINITY;
  readonly #jitter = new Jitter();
  #spread: { readonly intervalMs: number; readonly untilMs: number } | undefined;
  #eased: { readonly intervalMs: number; readonly since: number } | undefined;

  constructor(world: RateLimiterOptions, intervalMs: number) {
    super(world);
    this.#intervalMs = intervalMs;
    this.#burstMs = (world.burst - 1) * intervalMs;
    this.#makeUpMs = Math.max(intervalMs, makeUpMs) + this.#burstMs;
  }

  override async acquire(signal?: AbortSignal): Promise<void> {
    const asked = this.world.clock.monotonic();
    do {
      signal?.throwIfAborted();
      await this.#queue.schedule(() => this.#turn(asked, signal));
      // The gate may have been shut since; who takes the slot anyway would meet the refusal that shut it.
    } while (this.pausedUntil !== undefined);
  }

  override spreadRemaining({ calls, untilMs }: { readonly calls: number; readonly untilMs: number }): void {
    const intervalMs = (untilMs - this.world.clock.monotonic()) / Math.max(1, calls);
    this.#spread = intervalMs > this.#intervalMs ? { intervalMs, untilMs } : undefined;
  }

  override setLearnedInterval(intervalMs: number): void {
    // One refusal halves the pace at the most: the limit may be shared, and somebody else's burst is soon over.
    const bounded = Math.min(intervalMs, 2 * this.#interval());
    this.#eased = bounded > this.#intervalMs ? { intervalMs: bounded, since: this.world.clock.monotonic() } : undefined;
  }

  override heard(ms: number): void {
    this.#jitter.add(ms);
  }

  /** The interval of now: the rate's, a little more where answers come unevenly, or a longer one that a refusal has taught and that is tried shorter by 1, 3, 7, 15 … % as time passes. */
  #interval(): number {
    const own = this.#intervalMs * (this.#jitter.ms < crowded * this.#intervalMs ? 1 : room);
    if (this.#eased === undefined) return own;
    const steps = Math.floor((this.world.clock.monotonic() - this.#eased.since) / tryMs);
    const eased = this.#eased.intervalMs / (1 + (2 ** Math.min(steps, 10) - 1) / 100);
    if (eased > own) return eased;
    this.#eased = undefined;
    return own;
  }

  /**
   * Waits for the next slot and takes it. The schedule goes on from the slot, not from when the timer fired, so lateness does not add up;
   * time in which nobody asked gives nothing beyond the burst.
   */
  async #turn(asked: number, signal: AbortSignal | undefined): Promise<void> {
    let at = this.#due();
    while (at > this.world.clock.monotonic()) {
      await this.sleepUntil(at, signal);
      at = Math.max(at, this.#due());
    }
    this.#slot = Math.max(at, asked - this.#burstMs, this.world.clock.monotonic() - this.#makeUpMs);
  }

  /** When the next permit is due; the gate and the spreading may change while somebody sleeps. */
  #due(): number {
    const even = this.#slot + this.#interval();
    const spread = this.#spread;
    if (spread === undefined || this.world.clock.monotonic() >= spread.untilMs) return Math.max(even, this.opens);
    return Math.max(even, this.opens, Math.min(this.#slot + spread.intervalMs, spread.untilMs));
  }
}
