// Did you mean: the known word nearest to one that is not known.
import { closest, distance } from 'fastest-levenshtein';

/** The word that it begins, else the nearest (a third of the letters may differ); undefined when none is near. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  if (words.length === 0 || word.length > 60) return undefined;
  const begun = word.length < 3 ? undefined : words.find((each) => each.startsWith(word));
  if (begun !== undefined) return begun;
  const found = closest(word, words);
  return distance(word, found) <= Math.max(2, word.length / 3) ? found : undefined;
}

/** `; did you mean "email"?`, or nothing. */
export function didYouMean(word: string, words: readonly string[]): string {
  const found = nearest(word, words);
  return found === undefined ? '' : `; did you mean "${found}"?`;
}
