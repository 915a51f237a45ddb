// A table from keys to small numbers, in 9 or 12 bytes a slot: what was seen, what is done, over millions of rows.

const start = 1024;

/** The number that eight lower-case hex digits mean: what `parseInt` of a slice finds, in a fifth of its time. */
function eightDigits(key: string, from: number): number {
  let number = 0;
  for (let at = from; at < from + 8; at += 1) {
    const code = key.charCodeAt(at);
    number = (number << 4) | (code < 58 ? code - 48 : code - 87);
  }
  return number >>> 0;
}

/** Two numbers of 32 bits that tell a key from all others. */
export interface Halves {
  high(key: string): number;
  low(key: string): number;
}

/** Of hex keys of at least 16 digits, as hashes are: the first 64 bits. */
const digits: Halves = { high: (key) => eightDigits(key, 0), low: (key) => eightDigits(key, 8) };

/** Maps keys to numbers from 1 to 255, or 2³² − 1 in a wide one; 0 means absent. */
export class KeyTable {
  readonly #halves: Halves;
  /** The halves of a key beside each other, because a look somewhere else in so large a table costs more than all the rest. */
  #keys = new Uint32Array(2 * start);
  #values: Uint8Array | Uint32Array;
  #size = 0;
  /** The key that was asked for last: it is mostly set right after it was got. */
  #last = '';
  #high = 0;
  #low = 0;
  #slot = 0;

  constructor(width: 'narrow' | 'wide' = 'narrow', halves = digits) {
    this.#halves = halves;
    this.#values = width === 'wide' ? new Uint32Array(start) : new Uint8Array(start);
  }

  get size(): number {
    return this.#size;
  }

  /** Forgets all keys, and keeps the room for them. */
  clear(): void {
    this.#values.fill(0);
    this.#size = 0;
    this.#last = '';
  }

  get(key: string): number {
    this.#find(key);
    return this.#values[this.#slot] ?? 0;
  }

  set(key: string, value: number): void {
    this.#find(key);
    if (this.#values[this.#slot] === 0) {
      this.#size += 1;
      this.#keys[2 * this.#slot] = this.#high;
      this.#keys[2 * this.#slot + 1] = this.#low;
    }
    this.#values[this.#slot] = value;
    if (this.#size * 3 > this.#values.length * 2) this.#grow();
  }

  #find(key: string): void {
    if (key === this.#last) return;
    this.#last = key;
    this.#high = this.#halves.high(key);
    this.#low = this.#halves.low(key);
    this.#slot = this.#slotOf(this.#high, this.#low);
  }

  /** The slot that holds the key, or the free one where it belongs. */
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
    this.#last = '';
    for (let old = 0; old < values.length; old += 1) {
      if (values[old] === 0) continue;
      const slot = this.#slotOf(keys[2 * old] as number, keys[2 * old + 1] as number);
      this.#keys[2 * slot] = keys[2 * old] as number;
      this.#keys[2 * slot + 1] = keys[2 * old + 1] as number;
      this.#values[slot] = values[old] as number;
    }
  }
}
