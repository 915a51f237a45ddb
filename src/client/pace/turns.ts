// Lets requests through side by side, or one after another while there is a reason for it. Knows neither HTTP nor the reason.

export class Turns {
  readonly #isSingle: () => boolean;
  #inside = 0;
  #waiting: (() => void)[] = [];

  /** `isSingle` is asked at each entry. */
  constructor(isSingle: () => boolean) {
    this.#isSingle = isSingle;
  }

  async enter(): Promise<void> {
    while (this.#inside > 0 && this.#isSingle()) await new Promise<void>((wake) => this.#waiting.push(wake));
    this.#inside += 1;
  }

  leave(): void {
    this.#inside -= 1;
    const woken = this.#isSingle() ? this.#waiting.splice(0, 1) : this.#waiting.splice(0);
    for (const wake of woken) wake();
  }
}
