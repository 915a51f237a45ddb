// The organization's clock as its answers tell it: their `Date` is cut to the second, so many of them say more than one.

export class ServerClock {
  /** How far the server's clock is ahead of the monotonic one, at the least; every answer that comes just after a full second says it closer. */
  #ahead = Number.NEGATIVE_INFINITY;

  /** The server's time in epoch ms at an answer that says `date`; it is that second, and never later than it can be. */
  read(date: number, monotonic: number): number {
    this.#ahead = Math.max(this.#ahead, date - monotonic);
    const now = monotonic + this.#ahead;
    // Several servers may answer, each with a clock of its own.
    return now < date + 1000 ? now : date;
  }
}
