// Finder: finds the next occurrence of a character in a text.

/** Searches no part of the text twice. */
export class Finder {
  readonly #char: string;
  #text = '';
  #found = -1;

  constructor(char: string) {
    this.#char = char;
  }

  search(text: string): void {
    this.#text = text;
    this.#found = -1;
  }

  /** The index of the first occurrence from `at` on, or the length of the text. `at` must not decrease between calls. */
  from(at: number): number {
    if (this.#found >= at) return this.#found;
    const found = this.#text.indexOf(this.#char, at);
    this.#found = found === -1 ? this.#text.length : found;
    return this.#found;
  }
}
