// Reads last-active dates from the `result` of a report's row.
import { type ActionName, subjectOf } from '../model.ts';
import { utcMinute } from '../text/phrases.ts';
import type { RowEnd } from './events.ts';

interface Product {
  readonly key?: string;
  readonly lastActive?: string | null;
}

interface Activity {
  readonly products?: readonly Product[];
  readonly before?: Activity;
  readonly lastActive?: string | null;
}

/** The result of a get-last-active row, in words. */
export interface ReadActivity {
  readonly file: string;
  readonly line: number;
  readonly subject: string;
  readonly words: string;
}

/** The result of a get-last-active row; undefined for other rows, and when nothing was read. */
export function readActivity(row: RowEnd): ReadActivity | undefined {
  const words = row.action === ('get-last-active' satisfies ActionName) ? lastActiveWords(row.result) : undefined;
  return words === undefined ? undefined : { file: row.file, line: row.line, subject: subjectOf(row), words };
}

/** The products with a date, latest first; undefined when the result is about something else. */
function activitiesIn(result: unknown): readonly (Product & { readonly at: number })[] | undefined {
  if (typeof result !== 'object' || result === null) return undefined;
  const { products, before, lastActive } = result as Activity;
  const all = products ?? before?.products ?? (lastActive === undefined ? undefined : [{ lastActive }]);
  return all
    ?.map((product) => ({ ...product, at: Date.parse(product.lastActive ?? '') }))
    .filter(({ at }) => !Number.isNaN(at))
    .toSorted((a, b) => b.at - a.at);
}

/** Epoch ms of the last activity; undefined when none was read, and when the person was never active. */
export function lastActiveAt(result: unknown): number | undefined {
  return activitiesIn(result)?.[0]?.at;
}

/** `last active 2026-10-02 11:00 UTC in confluence`; undefined when nothing was read. */
export function lastActiveWords(result: unknown): string | undefined {
  const all = activitiesIn(result);
  if (all === undefined) return undefined;
  const [last] = all;
  if (last === undefined) return 'never active in any product';
  const where = last.key === undefined || last.key === '' ? '' : ` in ${last.key}`;
  return `last active ${utcMinute(last.lastActive ?? '')}${where}`;
}
