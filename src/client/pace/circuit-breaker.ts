// Many failures in a row: when to go one by one, when the API counts as down. Knows no HTTP.
import { StopError } from '../../errors.ts';

/** Failures that are taken lightly while nothing succeeds; each usable answer gives one back. */
const reserve = 10;
const fewestFailures = 10;
/** The last probe leaves then, so that with its answer half a minute is not over. */
const longestMs = 29_000;
const probeCapMs = 5000;

/**
 * Keeps a client from hammering a service that is down. While the reserve lasts, trouble is retried as the rules say; when it is used
 * up, requests wait at the gate and go singly, seconds apart, until one is answered or half a minute of nothing but failures is over.
 */
export class CircuitBreaker {
  #left = reserve;
  #failures = 0;
  #since: number | undefined;
  #probes = 0;

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

  /** Requests go one by one now. */
  get isProbing(): boolean {
    return this.#probes > 0;
  }
}
