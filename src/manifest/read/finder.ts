// Finder: where a character comes next in a text.
/** Finds the next place of one character. Searches no part of the text twice. */
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

  /** The first place from `at`, which never decreases; the length of the text when there is none. */
  from(at: number): number {
    if (this.#found >= at) return this.#found;
    const found = this.#text.indexOf(this.#char, at);
    this.#found = found === -1 ? this.#text.length : found;
    return this.#found;
  }
}
