// `collectRows`: report lines → rows of the page's table. Repeated texts become numbers; a long report keeps only rows that need attention.
import { outcomes, subjectOf } from '../../../model.ts';
import { neutralize } from '../../../text/sanitize.ts';
import type { RowLine } from '../../events.ts';
import type { PageData, PageRow } from './browser-script.ts';
import { mostRows } from './chart-data.ts';

/** Texts by number, in order of appearance. */
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

/** Rows for the table; above `mostRows` rows only those that need attention, as many as fit. */
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

/** The reason for a row's outcome, in the API's words or ours; may be empty. */
function whyOf({ reason, status, error, message, ambiguous }: RowLine): string {
  const refused =
    error === null
      ? undefined
      : [...new Set([status === null ? '' : `HTTP ${status}`, error.code, error.title, error.detail])];
  const words = refused?.filter(Boolean).join(' ') ?? message ?? reason ?? '';
  return `${words.slice(0, mostWords)}${ambiguous ? ' (an earlier attempt may have arrived)' : ''}`.trim();
}
