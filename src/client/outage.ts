// Many failures in a row: when to go one by one, when the API counts as down. Knows no HTTP.
import { StopError } from '../errors.ts';

/** Failures that are taken lightly while nothing succeeds; each usable answer gives one back. */
const reserve = 10;
const fewestFailures = 10;
const longestMs = 30_000;
const probeCapMs = 5000;

/**
 * Keeps a client from hammering a service that is down. While the reserve lasts, trouble is retried as the rules say; when it is used
 * up, requests wait at the gate and go singly, seconds apart, until one is answered or 30 s of nothing but failures are over.
 */
export class Outage {
  #left = reserve;
  #failures = 0;
  #since: number | undefined;
  #probes = 0;

  /** An answer came, whatever it said. */
  answered(): void {
    this.#left = Math.min(reserve, this.#left + 1);
    this.#failures = 0;
    this.#since = undefined;
    this.#probes = 0;
  }

  /**
   * A request failed at `now` (monotonic ms). Throws StopError `stopped` when the API counts as down; else says how long everybody has to
   * wait, 0 while the reserve lasts. `random` is from 0 to 1.
   */
  failed(now: number, random: number, why: string): number {
    this.#failures += 1;
    this.#left = Math.max(0, this.#left - 1);
    this.#since ??= now;
    if (this.#failures >= fewestFailures && now - this.#since >= longestMs) {
      const seconds = Math.round((now - this.#since) / 1000);
      throw new StopError(
        'stopped',
        `the API is down: ${this.#failures} failures in a row over ${seconds} s, the last: ${why}; resume the run later`,
      );
    }
    if (this.#left > 0) return 0;
    this.#probes += 1;
    return Math.min(probeCapMs, 500 * 2 ** Math.min(this.#probes, 10)) * (0.5 + random / 2);
  }

  /** Requests go one by one now. */
  get isProbing(): boolean {
    return this.#probes > 0;
  }
}
