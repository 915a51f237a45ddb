// How much the times of answers differ, estimated as TCP does: what leaves evenly arrives as unevenly as that. Pure.

/** Share of an estimate that a new value replaces. */
const gain = 1 / 16;

export class Jitter {
  #mean: number | undefined;
  #deviation = 0;

  /** An answer came after `ms`. */
  add(ms: number): void {
    this.#mean ??= ms;
    const off = ms - this.#mean;
    this.#mean += off * gain;
    this.#deviation += (Math.abs(off) - this.#deviation) * gain;
  }

  /** How far apart the quickest and the slowest answers are, in ms: four mean deviations, which is all of an even spread. */
  get ms(): number {
    return 4 * this.#deviation;
  }
}
