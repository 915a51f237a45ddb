// KeyTable: a map from texts to small numbers, 9 or 12 bytes per slot, for millions of rows.

/** Slots of an empty table. */
const start = 1024;

/** Maps texts to numbers from 1 to 255, or to 2³² − 1 in a wide table; 0 means absent. Only a 64-bit hash of each text is stored. */
export class KeyTable {
  /** The two halves of a hash are adjacent, so that one memory access reads both. */
  #keys = new Uint32Array(2 * start);
  #values: Uint8Array | Uint32Array;
  #size = 0;
  /** The hash of the text that was looked up last. */
  #high = 0;
  #low = 0;

  constructor(width: 'narrow' | 'wide' = 'narrow') {
    this.#values = width === 'wide' ? new Uint32Array(start) : new Uint8Array(start);
  }

  get size(): number {
    return this.#size;
  }

  /** Removes all texts, and keeps the memory for new ones. */
  clear(): void {
    this.#values.fill(0);
    this.#size = 0;
  }

  get(text: string): number {
    return this.#values[this.#find(text)] ?? 0;
  }

  set(text: string, value: number): void {
    this.#setAt(this.#find(text), value);
  }

  /** Sets the number of a text that has none. */
  setOnce(text: string, value: number): void {
    const slot = this.#find(text);
    if (this.#values[slot] === 0) this.#setAt(slot, value);
  }

  #setAt(slot: number, value: number): void {
    if (this.#values[slot] === 0) {
      this.#size += 1;
      this.#keys[2 * slot] = this.#high;
      this.#keys[2 * slot + 1] = this.#low;
    }
    this.#values[slot] = value;
    if (this.#size * 3 > this.#values.length * 2) this.#grow();
  }

  #find(text: string): number {
    this.#hash(text);
    return this.#slotOf(this.#high, this.#low);
  }

  /** Two 32-bit multiplicative hashes: with ten million texts, a collision occurs in one of 400,000 runs. */
  #hash(text: string): void {
    let [high, low] = [0x9e3779b9, 0x85ebca6b];
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      high = Math.imul(high ^ code, 0x01000193);
      low = Math.imul(low ^ code, 0x5bd1e995);
      low ^= low >>> 15;
    }
    high = Math.imul(high ^ (high >>> 16), 0x7feb352d);
    low = Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
    this.#high = (high ^ (high >>> 15)) >>> 0;
    this.#low = (low ^ (low >>> 16)) >>> 0;
  }

  /** The slot of the hash, or the free slot where it belongs. */
  #slotOf(high: number, low: number): number {
    const [keys, values] = [this.#keys, this.#values];
    const mask = values.length - 1;
    let slot = (low ^ (high >>> 7)) & mask;
    while (values[slot] !== 0 && (keys[2 * slot + 1] !== low || keys[2 * slot] !== high)) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const [keys, values] = [this.#keys, this.#values];
    this.#keys = new Uint32Array(keys.length * 2);
    this.#values = new (values.constructor as Uint8ArrayConstructor)(values.length * 2);
    for (let old = 0; old < values.length; old += 1) {
      if (values[old] === 0) continue;
      const slot = this.#slotOf(keys[2 * old] as number, keys[2 * old + 1] as number);
      this.#keys[2 * slot] = keys[2 * old] as number;
      this.#keys[2 * slot + 1] = keys[2 * old + 1] as number;
      this.#values[slot] = values[old] as number;
    }
  }
}
