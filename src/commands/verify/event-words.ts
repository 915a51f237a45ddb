// Recognizes an event of the audit log by the words of its name. Pure.
import type { Wording } from '../../actions/action.ts';

/** The words of an event's display name and id, in lower case, each with a space before it. */
export function wordsOfEvent(id: string, displayName: string | undefined): string {
  return ` ${displayName ?? ''} ${id}`.replaceAll(/[^\p{L}]+/gu, ' ').toLowerCase();
}

/** Whether an event with these words fits an action's wording. */
export function isCalled(words: string, wording: Wording | undefined): boolean {
  const has = (beginning: string) => words.includes(` ${beginning}`);
  return wording !== undefined && wording.all.every((some) => some.some(has)) && !wording.none?.some(has);
}
