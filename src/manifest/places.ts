// A table from texts to line numbers, in 12 bytes a slot: where something was said first, over millions of rows.

const start = 1024;

/** Maps texts to numbers from 1 to 2³²−1; 0 means absent. Texts are kept as 64-bit hashes. */
export class Places {
  #high = new Uint32Array(start);
  #low = new Uint32Array(start);
  #place = new Uint32Array(start);
  #size = 0;

  /** The place of a text, 0 when it has none. */
  find(text: string): number {
    const [high, low] = digest(text);
    return this.#place[this.#slot(high, low)] ?? 0;
  }

  /** Keeps the place of a text, unless it has one. */
  add(text: string, place: number): void {
    const [high, low] = digest(text);
    const slot = this.#slot(high, low);
    if (this.#place[slot] !== 0) return;
    this.#put(slot, [high, low, place]);
    this.#size += 1;
    if (this.#size * 3 > this.#place.length * 2) this.#grow();
  }

  #put(slot: number, [high, low, place]: readonly [number, number, number]): void {
    this.#high[slot] = high;
    this.#low[slot] = low;
    this.#place[slot] = place;
  }

  #slot(high: number, low: number): number {
    const mask = this.#place.length - 1;
    let slot = (low ^ (high >>> 7)) & mask;
    while (this.#place[slot] !== 0 && (this.#low[slot] !== low || this.#high[slot] !== high)) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const [high, low, place] = [this.#high, this.#low, this.#place];
    this.#high = new Uint32Array(high.length * 2);
    this.#low = new Uint32Array(high.length * 2);
    this.#place = new Uint32Array(high.length * 2);
    for (let old = 0; old < place.length; old += 1) {
      if (place[old] === 0) continue;
      const [h, l, p] = [high[old] as number, low[old] as number, place[old] as number];
      this.#put(this.#slot(h, l), [h, l, p]);
    }
  }
}

/** Two multiplicative hashes of 32 bits: quick, and two million texts meet by chance once in ten million files. */
function digest(text: string): readonly [number, number] {
  let high = 0x9e3779b9;
  let low = 0x85ebca6b;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x5bd1e995);
    low ^= low >>> 15;
  }
  high = Math.imul(high ^ (high >>> 16), 0x7feb352d);
  low = Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  return [(high ^ (high >>> 15)) >>> 0, (low ^ (low >>> 16)) >>> 0];
}
