// headline, story: the first sentences of the page: the result, what changed, by whom and when.
import { sentenceOf } from '../../../text/action-words.ts';
import { duration, manyGrouped } from '../../../text/phrases.ts';
import { timeElement } from '../../../page/page-dates.ts';
import { type Markup, markup } from '../../../page/markup.ts';
import type { RunSummary } from '../../summary.ts';

export function baseOf(path: string): string {
  return path.split('/').at(-1) ?? path;
}

/** One sentence with the result of the run. */
export function headline({ total, rows, leftOut, complete }: RunSummary): string {
  const good = total.done + total.already;
  const bad = total.failed + total.unknown + total.invalid;
  const end = complete ? '' : '; the run did not reach its end';
  if (rows === 0) return `No rows were run${end}`;
  if (good === rows)
    return `${rows === 1 ? 'The row' : `All ${manyGrouped(rows, 'row')}`} succeeded or needed no change${end}`;
  const rest = rows - good - bad - leftOut;
  const number = (count: number) => count.toLocaleString('en');
  const parts = [
    `${number(good)} of ${manyGrouped(rows, 'row')} succeeded or needed no change`,
    ...(leftOut > 0 ? [`${number(leftOut)} ${leftOut === 1 ? 'leaves a person' : 'leave people'} with access`] : []),
    ...(bad > 0 ? [`${number(bad)} need${bad === 1 ? 's' : ''} your attention`] : []),
    ...(rest > 0 ? [`${number(rest)} ${total.planned === rest ? 'planned' : 'excluded or scheduled'}`] : []),
  ];
  return parts.join(', ') + end;
}

/** Sentences: what changed, what waits, who ran it, when, and over which manifests. */
export function story(summary: RunSummary, nextDue: number | undefined): Markup {
  const { runs, counts, from, to, requests, throttled, throttledMs } = summary;
  const [first] = runs;
  if (first === undefined) return markup``;
  const done = Object.fromEntries(Object.entries(counts).map(([action, of]) => [action, of.done ?? 0]));
  const manifests = [...new Set(runs.flatMap((run) => run.start.manifests.map(({ path }) => baseOf(path))))];
  const runWords = runs.length === 1 ? 'One run' : `${runs.length} runs`;
  const limit =
    throttled === 0
      ? ''
      : ` It was rate-limited ${throttled === 1 ? 'once' : `${throttled.toLocaleString('en')} times`} (${duration(throttledMs)}).`;
  return markup`<p class="lead">${sentenceOf('did', done) ?? 'Nothing was changed.'}${waiting(summary, nextDue)}</p>
<p class="soft">${runWords} by ${first.start.operator} over ${manifests.join(', ')}, ${span(Date.parse(from ?? ''), Date.parse(to ?? ''))}, with ${manyGrouped(requests, 'request')}.${limit}</p>`;
}

/** Rows that wait for their date, and the next of these dates. */
function waiting({ total: { held } }: RunSummary, nextDue: number | undefined): Markup {
  if (held === 0) return markup``;
  const rows = manyGrouped(held, 'row waits for its date', 'rows wait for their dates');
  return nextDue === undefined ? markup` ${rows}.` : markup` ${rows}, the next on ${timeElement(nextDue)}.`;
}

/** When the run was; one moment if it ended within the minute. */
function span(from: number, to: number): Markup {
  if (Number.isNaN(from) || Number.isNaN(to)) return markup`at an unknown time`;
  if (Math.floor(from / 60_000) === Math.floor(to / 60_000)) return markup`on ${timeElement(from)}`;
  return markup`from ${timeElement(from)} to ${timeElement(to)}`;
}
