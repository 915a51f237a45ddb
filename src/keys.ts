// A table from keys to small numbers, in 9 bytes a slot: what was seen, what is done, over millions of rows.

const start = 1024;

/** Maps hex keys (at least 16 digits, as hashes are) to numbers from 1 to 255; 0 means absent. Only the first 64 bits count. */
export class KeyTable {
  #high = new Uint32Array(start);
  #low = new Uint32Array(start);
  #value = new Uint8Array(start);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: string): number {
    return this.#value[this.#slot(parseInt(key.slice(0, 8), 16), parseInt(key.slice(8, 16), 16))] ?? 0;
  }

  set(key: string, value: number): void {
    const high = parseInt(key.slice(0, 8), 16);
    const low = parseInt(key.slice(8, 16), 16);
    const slot = this.#slot(high, low);
    if (this.#value[slot] === 0) this.#size += 1;
    this.#high[slot] = high;
    this.#low[slot] = low;
    this.#value[slot] = value;
    if (this.#size * 3 > this.#value.length * 2) this.#grow();
  }

  /** The slot that holds the key, or the free one where it belongs. */
  #slot(high: number, low: number): number {
    const mask = this.#value.length - 1;
    let slot = (low ^ (high >>> 7)) & mask;
    while (this.#value[slot] !== 0 && (this.#low[slot] !== low || this.#high[slot] !== high)) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const [high, low, value] = [this.#high, this.#low, this.#value];
    this.#high = new Uint32Array(high.length * 2);
    this.#low = new Uint32Array(high.length * 2);
    this.#value = new Uint8Array(high.length * 2);
    for (let old = 0; old < value.length; old += 1) {
      if (value[old] === 0) continue;
      const slot = this.#slot(high[old] as number, low[old] as number);
      this.#high[slot] = high[old] as number;
      this.#low[slot] = low[old] as number;
      this.#value[slot] = value[old] as number;
    }
  }
}
