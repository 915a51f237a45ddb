// CircuitBreaker: counts failures, lets requests through one at a time after too many, and ends the run when the API is down.
import { StopError } from '../../errors.ts';

/** Failures before requests are sent one at a time. Each failure takes one from the reserve, each response gives one back. */
const reserve = 10;
/** The API does not count as down before this number of failures in a row. */
const downAfterFailures = 10;
/** Time with nothing but failures after which the API counts as down. One second less than half a minute, for the last probe. */
const downAfterMs = 29_000;
const probeCapMs = 5000;

/**
 * Keeps a client from hammering a service that is down. While the reserve lasts, failed calls are retried by the retry policy. When it is
 * used up, the circuit is half open: one request at a time leaves as a probe, seconds apart, until one is answered or nothing but failures
 * has come for half a minute.
 */
export class CircuitBreaker {
  #reserve = reserve;
  /** In a row. */
  #failures = 0;
  /** When the first of them came, in monotonic ms. */
  #failingSince: number | undefined;
  /**
   * True while the key may be refused: requests leave one at a time, so that a refused key costs one call. A failed attempt
   * ends the trial; from then on the reserve decides.
   */
  #isTrial = true;
  #probes = 0;
  #underWay = 0;
  #waiting: (() => void)[] = [];

  /** Resolves at once; while only one request may be under way, when no other is. Call `leave` afterwards. */
  async enter(): Promise<void> {
    while (this.#underWay > 0 && this.#isSingle) await new Promise<void>((wake) => this.#waiting.push(wake));
    this.#underWay += 1;
  }

  leave(): void {
    this.#underWay -= 1;
    const woken = this.#isSingle ? this.#waiting.splice(0, 1) : this.#waiting.splice(0);
    for (const wake of woken) wake();
  }

  get #isSingle(): boolean {
    return this.#probes > 0 || this.#isTrial;
  }

  /** The API accepts the key. */
  endTrial(): void {
    this.#isTrial = false;
  }

  /** An answer came, with any status that does not count as a failure; 429 is one of them. */
  onAnswer(): void {
    this.#reserve = Math.min(reserve, this.#reserve + 1);
    this.#failures = 0;
    this.#failingSince = undefined;
    this.#probes = 0;
  }

  /**
   * A request failed at `now` (monotonic ms). Returns StopError `stopped` when the API counts as down, else how many ms all requests have
   * to wait: 0 while the reserve lasts. `random` is from 0 to 1.
   */
  onFailure(now: number, random: number, why: string): number | StopError {
    this.#failures += 1;
    this.#isTrial = false;
    this.#reserve = Math.max(0, this.#reserve - 1);
    this.#failingSince ??= now;
    if (this.#failures >= downAfterFailures && now - this.#failingSince >= downAfterMs) {
      const seconds = Math.round((now - this.#failingSince) / 1000);
      return new StopError(
        'stopped',
        `the API is down: ${this.#failures} failures in a row over ${seconds} s, the last: ${why}; resume the run later`,
      );
    }
    if (this.#reserve > 0) return 0;
    this.#probes += 1;
    const pauseMs = Math.min(probeCapMs, 500 * 2 ** Math.min(this.#probes, 10)) * (0.5 + random / 2);
    return this.capDelay(pauseMs, now);
  }

  /** Shortens a wait that begins at `now`, so that it ends no later than the API counts as down. */
  capDelay(ms: number, now: number): number {
    const leftMs = this.#failingSince === undefined ? 0 : this.#failingSince + downAfterMs - now;
    return leftMs > 0 ? Math.min(ms, leftMs) : ms;
  }
}
