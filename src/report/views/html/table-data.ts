// Report lines → rows of the page's table: texts that repeat become numbers, and of a long report only what needs a person is kept.
import { outcomes, subjectOf } from '../../../model.ts';
import { neutralize } from '../../../text/sanitize.ts';
import type { RowLine } from '../../events.ts';
import type { PageData, PageRow } from './browser-script.ts';
import { mostRows } from './chart-data.ts';

/** Texts by number, in the order they came. */
class Words {
  readonly list: string[] = [];
  readonly #places = new Map<string, number>();

  place(word: string): number {
    const found = this.#places.get(word);
    if (found !== undefined) return found;
    this.#places.set(word, this.list.length);
    return this.list.push(word) - 1;
  }
}

/** Rows for the table of a report of so many rows; above `mostRows` only those that need attention, as many as fit. */
export async function collectRows(lines: AsyncIterable<RowLine>, total: number): Promise<PageData> {
  const [actions, why] = [new Words(), new Words()];
  const rows: PageRow[] = [];
  for await (const line of lines) {
    if (total > mostRows && (line.outcome === 'done' || line.outcome === 'already')) continue;
    if (rows.length === mostRows) break;
    rows.push([
      neutralize(subjectOf(line)),
      neutralize(line.reference ?? ''),
      actions.place(line.action ?? 'invalid'),
      outcomes.indexOf(line.outcome),
      why.place(neutralize(whyOf(line))),
      Date.parse(line.time),
      neutralize(`${line.file.split('/').at(-1)}:${line.line}`),
    ]);
  }
  return { actions: actions.list, outcomes, why: why.list, rows };
}

const mostWords = 200;

/** Why a row ended as it did, in the API's words or ours; empty when there is nothing to say. */
function whyOf({ reason, status, error, message, ambiguous }: RowLine): string {
  const refused =
    error === null ? undefined : [status === null ? '' : `HTTP ${status}`, error.code, error.title, error.detail];
  const words = refused?.filter(Boolean).join(' ') ?? message ?? reason ?? '';
  return `${words.slice(0, mostWords)}${ambiguous ? ' (an earlier attempt may have arrived)' : ''}`.trim();
}
