// chooseLookUp(): the cheapest way to look up the people of a run: by name in batches, or by reading the whole directory.
import type { Directory } from './directory.ts';
import { batchSize, searchSizes } from './people.ts';

/** Distinct people whom a run names. */
export interface PeopleCount {
  /** Account ids without an e-mail. */
  readonly ids: number;
  readonly emails: number;
}

export interface LookUpChoice {
  /** Read the whole directory instead of looking people up by name. */
  readonly readsAll: boolean;
  /** Most calls for the look-ups of a plan, not counting people who hide their e-mail. */
  readonly calls: number;
}

/** Calls of a look-up by name. */
function callsByName({ ids, emails }: PeopleCount, generation: 'v1' | 'v2'): number {
  const { accountId, email } = searchSizes[generation];
  return Math.ceil(ids / accountId) + Math.ceil(emails / email);
}

/** Requests the size of the directory (one call) only if reading all of it can save calls. */
export async function chooseLookUp(people: PeopleCount, directory: Directory | undefined): Promise<LookUpChoice> {
  const generation = directory?.address.generation ?? 'v2';
  const byName = callsByName(people, generation);
  // The directory has at least as many people as are looked up.
  const minCallsForAll = 1 + Math.ceil((people.ids + people.emails) / batchSize);
  if (directory === undefined || generation === 'v1' || byName <= minCallsForAll)
    return { readsAll: false, calls: byName };
  const size = await directory.size();
  if (size === undefined) return { readsAll: false, calls: byName };
  const pages = Math.max(1, Math.ceil(size / batchSize));
  return pages < byName ? { readsAll: true, calls: pages + 1 } : { readsAll: false, calls: byName + 1 };
}
