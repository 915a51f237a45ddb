// From texts to line numbers: where something was said first, over millions of rows.
import { type Halves, KeyTable } from './key-table.ts';

/** Two multiplicative hashes of 32 bits: quick, and two million texts meet by chance once in ten million files. */
const hashes: Halves = {
  high: (text) => {
    let high = 0x9e3779b9;
    for (let at = 0; at < text.length; at += 1) high = Math.imul(high ^ text.charCodeAt(at), 0x01000193);
    high = Math.imul(high ^ (high >>> 16), 0x7feb352d);
    return (high ^ (high >>> 15)) >>> 0;
  },
  low: (text) => {
    let low = 0x85ebca6b;
    for (let at = 0; at < text.length; at += 1) {
      low = Math.imul(low ^ text.charCodeAt(at), 0x5bd1e995);
      low ^= low >>> 15;
    }
    low = Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
    return (low ^ (low >>> 16)) >>> 0;
  },
};

/** Maps texts to numbers from 1 to 2³²−1; 0 means absent. Texts are kept as 64-bit hashes. */
export class Places {
  readonly #table = new KeyTable('wide', hashes);

  /** The place of a text, 0 when it has none. */
  find(text: string): number {
    return this.#table.get(text);
  }

  /** Keeps the place of a text, unless it has one. */
  add(text: string, place: number): void {
    if (this.#table.get(text) === 0) this.#table.set(text, place);
  }
}
