// FreedSeats: which seats of which people are free, in a few bytes a person.
import { KeyTable } from '../storage/key-table.ts';

/** Seats in one number of the table. The last bit is always set, because the table holds no zeros. */
const bits = 31;
const marker = 2 ** bits;

/** A seat is the site and the product. An organization has few of them, so each is a bit of a person's numbers. */
export class FreedSeats {
  readonly #seats: string[] = [];
  readonly #masks = new KeyTable('wide');

  /** False when the seat was free before. */
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

  /** The free seats of a person, which are no longer free afterwards. */
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
