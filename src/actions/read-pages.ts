// Reads a list page by page: follows its cursors and detects a list that repeats itself or never ends.
import type { Answer, ApiRequest } from './action.ts';

/** More pages than a list can have: 2 million people at 100 a page. */
export const maxPages = 20_000;

/** Empty pages in a row that end the reading; a server that filters a page afterwards may send a few. */
export const maxEmptyPages = 100;

/**
 * A list whose end was not reached, so an entry that is missing from it may still exist. A TypeError, like every other answer that lacks the
 * data it was asked for.
 */
export class IncompleteList extends TypeError {
  override readonly name = 'IncompleteList';

  constructor(why: string) {
    super(`the list could not be read completely: ${why}`);
  }
}

/**
 * Yields the request of each page and expects its answer. `entriesOf` reads the entries of one answer and may throw. Throws IncompleteList
 * when a cursor or a page comes back, a cursor is unreadable, or there are too many pages.
 */
export function* readPages(
  request: (cursor: string | undefined) => ApiRequest,
  entriesOf: (answer: Answer) => readonly unknown[],
): Generator<ApiRequest, void, Answer> {
  const progress = new Progress();
  let cursor: string | undefined;
  do {
    const answer = yield request(cursor);
    const entries = entriesOf(answer);
    cursor = nextCursor(answer.body);
    if (cursor !== undefined) progress.add(cursor, entries);
  } while (cursor !== undefined);
}

/** The pages of one list that have a next one. */
class Progress {
  readonly #cursors = new Set<string>();
  #empty = 0;
  #last = '';

  add(cursor: string, entries: readonly unknown[]): void {
    if (this.#cursors.has(cursor)) throw new IncompleteList('a page repeats an earlier cursor');
    this.#cursors.add(cursor);
    if (this.#cursors.size >= maxPages) throw new IncompleteList(`it has more than ${maxPages} pages`);
    this.#empty = entries.length === 0 ? this.#empty + 1 : 0;
    if (this.#empty >= maxEmptyPages) throw new IncompleteList(`${maxEmptyPages} pages in a row are empty`);
    const page = entries.length === 0 ? '' : JSON.stringify(entries);
    if (page !== '' && page === this.#last) throw new IncompleteList('the same page was returned twice in a row');
    this.#last = page;
  }
}

interface Paged {
  readonly links?: { readonly next?: unknown };
  readonly meta?: { readonly next?: unknown };
}

/** The cursor of the next page, from `links.next` or `meta.next`; undefined on the last page. */
function nextCursor(body: unknown): string | undefined {
  const { links, meta } = (body ?? {}) as Paged;
  const next = [links?.next, meta?.next].find((each) => each !== undefined && each !== null && each !== '');
  return next === undefined ? undefined : cursorIn(next);
}

/** A cursor is a bare token or the `cursor` parameter of a whole address (both are published). */
function cursorIn(next: unknown): string {
  if (typeof next !== 'string') throw new IncompleteList('the cursor of the next page is not text');
  if (!/^https?:\/\/|[?&]cursor=/i.test(next)) return next;
  const at = next.indexOf('?');
  const cursor = at < 0 ? null : new URLSearchParams(next.slice(at)).get('cursor');
  if (!cursor) throw new IncompleteList('the address of the next page has no cursor');
  return cursor;
}
