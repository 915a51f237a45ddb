// The words of the page: the headline, and what changed, by whom and when.
import type { ActionName } from '../../../model.ts';
import { manyGrouped } from '../../../text/phrases.ts';
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

/** A verb and nouns per action. */
const verbs = {
  'get-last-active': ['read when', 'person was last active', 'people were last active'],
  'suspend-user': ['suspended', 'person', 'people'],
  'restore-user': ['gave access back to', 'person', 'people'],
  'remove-user': ['removed', 'person', 'people'],
  'invite-user': ['invited', 'person', 'people'],
  'create-group': ['created', 'group', 'groups'],
  'delete-group': ['deleted', 'group', 'groups'],
  'add-user-to-group': ['made', 'addition to a group', 'additions to groups'],
  'remove-user-from-group': ['took', 'person out of a group', 'people out of groups'],
  'assign-group-roles': ['gave roles to', 'group', 'groups'],
  'revoke-group-roles': ['took roles from', 'group', 'groups'],
  'grant-user-role': ['gave', 'role to a person', 'roles to people'],
  'revoke-user-role': ['took', 'role from a person', 'roles from people'],
} as const satisfies Record<ActionName, readonly [string, string, string]>;

/** Sentences: what changed, who ran it, when, and over which manifests. */
export function story({ runs, counts, from, to, requests, throttled, throttledMs }: RunSummary): Markup {
  const [first] = runs;
  if (first === undefined) return markup``;
  const { start } = first;
  const did = Object.entries(verbs).flatMap(([action, [verb, one, more]]) => {
    const done = counts[action]?.done ?? 0;
    return done === 0 ? [] : [`${verb} ${manyGrouped(done, one, more)}`];
  });
  const manifests = [...new Set(runs.flatMap((run) => run.start.manifests.map(({ path }) => baseOf(path))))];
  const runWords = runs.length === 1 ? 'One run' : `${runs.length} runs`;
  const limit =
    throttled === 0
      ? ''
      : ` The organization asked to wait ${manyGrouped(throttled, 'time')}, ${Math.round(throttledMs / 1000)} s in all.`;
  return markup`<p class="lead">${did.length === 0 ? 'Nothing was changed.' : `${capital(did.join(', '))}.`}</p>
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
