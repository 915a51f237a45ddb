// What the organization lets pass, learned from its refusals: for limits that no header tells. Pure; who goes slower for it is pace.ts.

/** Fewer calls between two refusals say more about others who use the same limit than about the limit. */
const fewest = 20;
/** Below what passed, so that the next window is not met at its very end. */
const share = 0.99;
/** Waits are told in whole seconds, rounded up: that much of one may not have been needed. */
const roundingMs = 1000;

/** Counts what passes between two openings of the gate. All times are monotonic ms. */
export class LearnedLimit {
  #from: number | undefined;
  #passed = 0;

  /** A call was answered, and not refused. */
  passed(now: number): void {
    this.#from ??= now;
    this.#passed += 1;
  }

  /** Calls are refused until `opens`. How far apart they have to be to pass, or undefined when too few have passed to say. */
  refused(opens: number): number | undefined {
    const [from, passed] = [this.#from, this.#passed];
    this.#from = opens;
    this.#passed = 0;
    if (from === undefined || passed < fewest) return undefined;
    return Math.max(0, opens - roundingMs - from) / (passed * share);
  }
}
