// LinePlaces: numbers the lines of several files, and converts a number back to `file:line`.

interface FilePlaces {
  readonly file: string;
  readonly base: number;
}

export class LinePlaces {
  readonly #files: FilePlaces[] = [];
  #current: FilePlaces | undefined;
  #last = 0;

  /** The place of a line, from 1. Give all lines of one file before the next file. */
  placeOf(file: string, line: number): number {
    if (this.#current?.file !== file)
      this.#current = this.#files.find((each) => each.file === file) ?? this.#enter(file);
    const place = this.#current.base + line;
    this.#last = Math.max(this.#last, place);
    return place;
  }

  /** `file:line` of a place. */
  describe(place: number): string {
    const at = this.#files.findLast(({ base }) => base < place);
    return at === undefined ? `line ${place}` : `${at.file}:${place - at.base}`;
  }

  #enter(file: string): FilePlaces {
    const entry = { file, base: this.#last };
    this.#files.push(entry);
    return entry;
  }
}
