// The section of rows that did not succeed, by cause: people who keep their access first, then failures, then what was excluded on purpose.
import { type Markup, markup } from '../../../page/markup.ts';
import { capital } from '../../../text/phrases.ts';
import type { Cause, RunSummary } from '../../summary.ts';
import type { ReportTable } from './table-data.ts';
import { titleOf, withoutFlags } from './cause-words.ts';

const maxCauses = 50;

/** The two lists, or nothing when every row succeeded. */
export function attention({ causes }: RunSummary, table: ReportTable): Markup {
  const numbered = causes.map((cause, group) => ({ ...cause, group }));
  const kept = numbered.filter(({ leftOut }) => leftOut);
  const bad = numbered.filter(({ leftOut, cause }) => !leftOut && !cause.startsWith('skipped'));
  const excluded = numbered.filter(({ leftOut, cause }) => !leftOut && cause.startsWith('skipped'));
  return markup`${list('Needs your attention', [...kept, ...bad], table)}${list('Excluded, no action needed', excluded, table)}`;
}

type Numbered = Cause & { readonly group: number };

function list(title: string, causes: readonly Numbered[], table: ReportTable): Markup {
  if (causes.length === 0) return markup``;
  return markup`<h2>${title}</h2><ul class="causes">${causes.slice(0, maxCauses).map((cause) => item(cause, table))}</ul>`;
}

function item(cause: Numbered, { names }: ReportTable): Markup {
  const { group, count, hint, leftOut } = cause;
  const [outcome = ''] = cause.cause.split(': ');
  const shown = names[group] ?? [];
  const more = count > shown.length ? ` and ${(count - shown.length).toLocaleString('en')} more` : '';
  const rows = count === 1 ? 'the row' : `all ${count.toLocaleString('en')} rows`;
  return markup`<li class="b-${leftOut ? 'left-out' : outcome}"><h3>${titleOf(cause)}</h3>
<p>${shown.join(', ')}${more} <a class="jump" href="#people-title" data-show data-group="${group}">Show ${rows}</a></p>
<p class="rows">${capital(withoutFlags(hint))}.</p></li>`;
}
