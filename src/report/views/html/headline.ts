// The words of the page: the headline, and what changed, by whom and when.
import { sentenceOf } from '../../../text/action-words.ts';
import { duration, manyGrouped } from '../../../text/phrases.ts';
import type { RunSummary } from '../../summary.ts';
import { type Markup, markup } from './markup.ts';

export function baseOf(path: string): string {
  return path.split('/').at(-1) ?? path;
}

/** One sentence with the result of the run. */
export function headline({ total, rows, complete }: RunSummary): string {
  const good = total.done + total.already;
  const bad = total.failed + total.unknown + total.invalid;
  const end = complete ? '' : '; the run did not reach its end';
  if (rows === 0) return `No rows were run${end}`;
  if (good === rows)
    return `${rows === 1 ? 'The row' : `All ${manyGrouped(rows, 'row')}`} succeeded or needed no change${end}`;
  const rest = rows - good - bad;
  const parts = [
    `${good.toLocaleString('en')} of ${manyGrouped(rows, 'row')} succeeded or needed no change`,
    ...(bad > 0 ? [`${bad.toLocaleString('en')} need your attention`] : []),
    ...(rest > 0
      ? [`${rest.toLocaleString('en')} ${total.planned === rest ? 'planned' : 'excluded or scheduled'}`]
      : []),
  ];
  return parts.join(', ') + end;
}

/** Sentences: what changed, who ran it, when, and over which manifests. */
export function story({ runs, counts, from, to, requests, throttled, throttledMs }: RunSummary): Markup {
  const [first] = runs;
  if (first === undefined) return markup``;
  const { start } = first;
  const done = Object.fromEntries(Object.entries(counts).map(([action, of]) => [action, of.done ?? 0]));
  const did = sentenceOf('did', done) ?? 'Nothing was changed.';
  const manifests = [...new Set(runs.flatMap((run) => run.start.manifests.map(({ path }) => baseOf(path))))];
  const runWords = runs.length === 1 ? 'One run' : `${runs.length} runs`;
  const limit =
    throttled === 0
      ? ''
      : ` It was rate-limited ${throttled === 1 ? 'once' : `${throttled.toLocaleString('en')} times`} (${duration(throttledMs)}).`;
  return markup`<p class="lead">${did}</p>
<p>${runWords} by ${start.operator} over ${manifests.join(', ')}, ${span(Date.parse(from ?? ''), Date.parse(to ?? ''))}, with ${manyGrouped(requests, 'request')} to organization ${start.org}.${limit}</p>`;
}

export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** Names the date once if the run ended on the same day. */
function span(from: number, to: number): string {
  const [start, end] = [moment(from), moment(to)];
  if (Number.isNaN(from) || Number.isNaN(to)) return 'at an unknown time';
  if (start.slice(0, 10) !== end.slice(0, 10)) return `from ${start} to ${end}`;
  return `on ${start.slice(0, 10)} from ${start.slice(11, 19)} to ${end.slice(11)}`;
}

/** `2026-11-24 05:13:35 UTC`. */
export function moment(at: number): string {
  return Number.isNaN(at) ? 'an unknown time' : `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
