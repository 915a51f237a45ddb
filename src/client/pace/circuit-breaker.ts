// CircuitBreaker: counts failures, lets requests through one at a time after too many, and ends the run when the API is down.
import { StopError } from '../../errors.ts';

/** Failures before requests leave one at a time. Each failure takes one, each answer gives one back. */
const reserve = 10;
/** The API is not taken for down before this number of failures in a row. */
const fewestFailures = 10;
/** Time of nothing but failures after which the API is down. It leaves the last probe a second to be answered within half a minute. */
const longestMs = 29_000;
const probeCapMs = 5000;

/**
 * Keeps a client from hammering a service that is down. While the reserve lasts, failed calls are retried by the retry policy. When it is
 * used up, the circuit is half open: one request at a time leaves as a probe, seconds apart, until one is answered or nothing but failures
 * has come for half a minute.
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

  /** Resolves at once; while only one request may be under way, when no other is. Call `leave` afterwards. */
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

  /** An answer came, with any status that does not count as a failure; 429 is one of them. */
  onAnswer(): void {
    this.#left = Math.min(reserve, this.#left + 1);
    this.#failures = 0;
    this.#since = undefined;
    this.#probes = 0;
  }

  /**
   * A request failed at `now` (monotonic ms). Returns StopError `stopped` when the API counts as down, else how many ms all requests have
   * to wait: 0 while the reserve lasts. `random` is from 0 to 1.
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

  /** Shortens a wait that begins at `now`, so that it ends no later than the API counts as down. */
  capDelay(ms: number, now: number): number {
    const leftMs = this.#since === undefined ? 0 : this.#since + longestMs - now;
    return leftMs > 0 ? Math.min(ms, leftMs) : ms;
  }
}
