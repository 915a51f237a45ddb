// Counts failures in a row: lets requests through one at a time while they last, and ends the run when the API counts as down.
import { StopError } from '../../errors.ts';

/** Failures that are taken lightly while nothing succeeds; each usable answer gives one back. */
const reserve = 10;
const fewestFailures = 10;
/** The last probe leaves then, so that with its answer half a minute is not over. */
const longestMs = 29_000;
const probeCapMs = 5000;

/**
 * Keeps a client from hammering a service that is down. While the reserve lasts, failed calls are retried by the retry policy. When it is
 * used up, the circuit is half open: one request at a time leaves as a probe, seconds apart, until one is answered or half a minute of
 * nothing but failures is over.
 */
export class CircuitBreaker {
  #left = reserve;
  #failures = 0;
  #since: number | undefined;
  #probes = 0;
  readonly #isUnproven: () => boolean;
  #inside = 0;
  #waiting: (() => void)[] = [];

  /** While `isUnproven()` (the key may be refused) requests go one at a time too; it is called at each `enter` and `leave`. */
  constructor(isUnproven: () => boolean = () => false) {
    this.#isUnproven = isUnproven;
  }

  /** Resolves at once, or when no other request is inside while only one may be. Call `leave` after it. */
  async enter(): Promise<void> {
    while (this.#inside > 0 && this.#isSingle) await new Promise<void>((wake) => this.#waiting.push(wake));
    this.#inside += 1;
  }

  leave(): void {
    this.#inside -= 1;
    const woken = this.#isSingle ? this.#waiting.splice(0, 1) : this.#waiting.splice(0);
    for (const wake of woken) wake();
  }

  get #isSingle(): boolean {
    return this.#probes > 0 || this.#isUnproven();
  }

  /** An answer came, whatever it said. */
  onAnswer(): void {
    this.#left = Math.min(reserve, this.#left + 1);
    this.#failures = 0;
    this.#since = undefined;
    this.#probes = 0;
  }

  /**
   * A request failed at `now` (monotonic ms). Gives StopError `stopped` when the API counts as down; else how long everybody has to
   * wait, 0 while the reserve lasts. `random` is from 0 to 1.
   */
  onFailure(now: number, random: number, why: string): number | StopError {
    this.#failures += 1;
    this.#left = Math.max(0, this.#left - 1);
    this.#since ??= now;
    if (this.#failures >= fewestFailures && now - this.#since >= longestMs) {
      const seconds = Math.round((now - this.#since) / 1000);
      return new StopError(
        'stopped',
        `the API is down: ${this.#failures} failures in a row over ${seconds} s, the last: ${why}; resume the run later`,
      );
    }
    if (this.#left > 0) return 0;
    this.#probes += 1;
    const pauseMs = Math.min(probeCapMs, 500 * 2 ** Math.min(this.#probes, 10)) * (0.5 + random / 2);
    return this.capDelay(pauseMs, now);
  }

  /** A wait from `now` on, no longer than until the API counts as down: nobody sleeps past that moment. */
  capDelay(ms: number, now: number): number {
    const leftMs = this.#since === undefined ? 0 : this.#since + longestMs - now;
    return leftMs > 0 ? Math.min(ms, leftMs) : ms;
  }
}
