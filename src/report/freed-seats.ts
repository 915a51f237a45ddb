// FreedSeats: the freed seats of each person, in a few bytes per person.
import { KeyTable } from '../storage/key-table.ts';

/** Seats per number of the table. The last bit is always set, because the table can't store 0. */
const bits = 31;
const marker = 2 ** bits;

/** A seat is a site and a product. An organization has few, so each is one bit in a person's numbers. */
export class FreedSeats {
  readonly #seats: string[] = [];
  readonly #masks = new KeyTable('wide');

  /** Marks a seat as free. False when it was free before. */
  add(accountId: string, seat: string): boolean {
    if (this.has(accountId, seat)) return false;
    if (!this.#seats.includes(seat)) this.#seats.push(seat);
    const { name, mask } = this.#placeOf(accountId, seat);
    this.#masks.set(name, (this.#masks.get(name) | marker | mask) >>> 0);
    return true;
  }

  has(accountId: string, seat: string): boolean {
    if (!this.#seats.includes(seat)) return false;
    const { name, mask } = this.#placeOf(accountId, seat);
    return (this.#masks.get(name) & mask) !== 0;
  }

  /** Returns the free seats of a person, and unmarks them. */
  take(accountId: string): string[] {
    const taken = this.#seats.filter((seat) => this.has(accountId, seat));
    for (const { name } of taken.map((seat) => this.#placeOf(accountId, seat))) this.#masks.set(name, marker);
    return taken;
  }

  #placeOf(accountId: string, seat: string): { name: string; mask: number } {
    const at = this.#seats.indexOf(seat);
    return { name: `${accountId} ${Math.floor(at / bits)}`, mask: 1 << (at % bits) };
  }
}
