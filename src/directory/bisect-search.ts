// bisectSearch: halves a search that the API refuses because of one name, until that name is isolated and all others are found.
import { StopError } from '../errors.ts';
import type { Refused } from '../model.ts';

/** A search that was refused for what it asks for. Uncaught it stops the run, because no row can be planned without it. */
export class SearchRefused extends StopError {
  readonly refused: Refused;

  constructor(message: string, refused: Refused) {
    super('stopped', message);
    this.refused = refused;
  }
}

/** The results, and the names that the API refuses to search for, each with its error. */
export interface Searched<T> {
  readonly found: T[];
  readonly refused: ReadonlyMap<string, Refused>;
}

/** After this many single refusals without an accepted search, the search itself is wrong. */
const maxRefusals = 5;

/**
 * Searches for `size` values per call, and halves only refused searches: 14 more calls for one bad name in a hundred, at most two
 * for each name. Throws SearchRefused when the search itself is refused, whatever values it is for.
 */
export async function bisectSearch<T>(
  values: readonly string[],
  size: number,
  search: (values: readonly string[]) => Promise<readonly T[]>,
): Promise<Searched<T>> {
  const found: T[] = [];
  const refused = new Map<string, Refused>();
  let taken = false;
  const readFlag = async (names: readonly string[]): Promise<void> => {
    try {
      found.push(...(await search(names)));
      taken = true;
    } catch (error) {
      const [only = '', ...others] = names;
      if (!(error instanceof SearchRefused)) throw error;
      if (others.length === 0) refused.set(only, error.refused);
      if (!taken && refused.size >= maxRefusals) throw error;
      if (others.length === 0) return;
      const half = Math.ceil(names.length / 2);
      await readFlag(names.slice(0, half));
      await readFlag(names.slice(half));
    }
  };
  for (let from = 0; from < values.length; from += size) await readFlag(values.slice(from, from + size));
  return { found, refused };
}
