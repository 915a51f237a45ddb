// nearestWord, didYouMean: find the known word that resembles an unknown one.
import { closest, distance } from 'fastest-levenshtein';

/** The first known word that starts with `word`, otherwise the most similar one (a third of the letters may differ), if any. */
export function nearestWord(word: string, words: readonly string[]): string | undefined {
  if (words.length === 0 || word.length > 60) return undefined;
  const begun = word.length < 3 ? undefined : words.find((each) => each.startsWith(word));
  if (begun !== undefined) return begun;
  const found = nearestOf(word, words);
  if (distance(word, found) <= word.length / 3) return found;
  // A word that is incomplete and misspelt resembles the beginning of a known word more than the whole word.
  const begins = words.map((each) => each.slice(0, word.length));
  const begin = closest(word, begins);
  if (word.length > 2 && distance(word, begin) === 1) return words[begins.indexOf(begin)];
  return distance(word, found) <= 2 ? found : undefined;
}

/** The most similar word. Among equals, one with the same letters in another order, or with the same first letter. */
function nearestOf(word: string, words: readonly string[]): string {
  const leastDistance = distance(word, closest(word, words));
  const near = words.filter((each) => distance(word, each) === leastDistance);
  const letters = sorted(word);
  const found = near.find((each) => sorted(each) === letters) ?? near.find((each) => each[0] === word[0]) ?? near[0];
  return found ?? word;
}

function sorted(word: string): string {
  return word.split('').toSorted().join('');
}

/** `; did you mean "email"?`, or nothing. */
export function didYouMean(word: string, words: readonly string[]): string {
  const found = nearestWord(word, words);
  return found === undefined ? '' : `; did you mean "${found}"?`;
}
