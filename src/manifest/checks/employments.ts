// Employments: finds the line with the latest employment of each person. Takes about 40 bytes per person.
import { KeyTable } from '../../storage/key-table.ts';

/** A line about a person. */
export interface EmploymentLine {
  /** Identifies the person. */
  readonly person: string;
  /** The date of the employment as a number; 0 when the line has none. */
  readonly date: number;
  /** Place of the line, from 1, counted over all files. */
  readonly place: number;
  /** The relevant cells as one text: two equal lines are not a tie. */
  readonly content: string;
}

/** The rank of a line among the lines about its person; `place` is that of the other line. */
export type Standing =
  | { readonly kind: 'latest' }
  | { readonly kind: 'earlier' | 'tie' | 'undated'; readonly place: number };

const latest: Standing = { kind: 'latest' };

export class Employments {
  readonly #people = new KeyTable('wide');
  #places = new Uint32Array(1024);
  #dates = new Uint32Array(1024);
  /** Hashes of the lines' content. */
  #contents = new Uint32Array(1024);
  /** The other line of a tie, or of a person with a line without a date; 0 when there is none. */
  #others = new Uint32Array(1024);

  /** Adds a line. Add all lines before calling `standing`. */
  add(line: EmploymentLine): void {
    const slot = this.#people.get(line.person);
    if (slot === 0) {
      this.#enter(line);
      return;
    }
    const { date, place, content } = line;
    const before = this.#dates[slot] ?? 0;
    if (date === before && this.#contents[slot] === hashOf(content)) return;
    if (before === 0 || date === 0 || date === before) {
      if (date === 0) this.#dates[slot] = 0;
      if (this.#others[slot] === 0) this.#others[slot] = place;
    } else if (date > before) {
      this.#set(slot, line);
      this.#others[slot] = 0;
    }
  }

  /** The rank of a line, after all were added. */
  standing(line: EmploymentLine): Standing {
    const slot = this.#people.get(line.person);
    const [winner = 0, date = 0, other = 0] = [this.#places[slot], this.#dates[slot], this.#others[slot]];
    if (slot === 0 || (winner === line.place && other === 0)) return latest;
    const place = winner === line.place ? other : winner;
    if (date === 0) return other === 0 ? latest : { kind: 'undated', place };
    if (line.date < date) return { kind: 'earlier', place: winner };
    return other === 0 ? latest : { kind: 'tie', place };
  }

  #enter(line: EmploymentLine): void {
    const index = this.#people.size + 1;
    this.#people.set(line.person, index);
    if (index >= this.#places.length) this.#grow();
    this.#set(index, line);
  }

  #set(index: number, { date, place, content }: EmploymentLine): void {
    this.#places[index] = place;
    this.#dates[index] = date;
    this.#contents[index] = hashOf(content);
  }

  #grow(): void {
    this.#places = doubled(this.#places);
    this.#dates = doubled(this.#dates);
    this.#contents = doubled(this.#contents);
    this.#others = doubled(this.#others);
  }
}

function doubled(column: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(column.length * 2);
  larger.set(column);
  return larger;
}

/** A multiplicative hash of 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
