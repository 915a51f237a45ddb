// `renderPlanPage`: a plan as one self-contained page for the person who approves it - what can't be undone, who is left out, seats, every row.
import { closeDocument, openDocument, type PageHead } from '../../page/document.ts';
import { type Markup, markup } from '../../page/markup.ts';
import { timeElement } from '../../page/page-dates.ts';
import { renderTable } from '../../page/row-table.ts';
import type { Rate } from '../../config/settings.ts';
import type { Prices } from '../../report/events.ts';
import { withoutFlags } from '../../report/views/html/cause-words.ts';
import { sentenceOf } from '../../text/action-words.ts';
import { capital, duration, manyGrouped } from '../../text/phrases.ts';
import { guardNotes } from '../guards.ts';
import type { PlanEntry } from '../plan-entry.ts';
import { planNotice } from '../../report/summary.ts';
import type { PlanSummary } from '../plan-summary.ts';
import { groupKinds, type GroupKind, PlanGroups } from './plan-groups.ts';
import { type Decision, decisionOf, decisions, maxPlanRows, planTable } from './plan-table.ts';
import { seatSection } from './seat-section.ts';

/** The data of the page. */
export interface PlanPageSource {
  readonly summary: PlanSummary;
  readonly refusals: readonly { readonly message: string }[];
  readonly unmatchedGuards: readonly string[] | undefined;
  /** All entries; can be called again. */
  readonly entries: () => Iterable<PlanEntry>;
  /** Reasons for which a person may be left out. */
  readonly accepted: readonly string[];
  readonly rate: Rate | 'none';
  readonly prices: Prices | undefined;
  readonly rehearsal: boolean;
  /** The organization's name, or its id. */
  readonly organization: string;
  /** Of the manifests. */
  readonly paths: readonly string[];
  /** Names and values at the end: organization, manifests, hash of the saved plan, commands. */
  readonly details: readonly (readonly [name: string, value: string, kind?: 'command'])[];
  readonly version: string;
  /** Epoch ms. */
  readonly now: number;
}

/** The page, piece by piece. */
export function* renderPlanPage(source: PlanPageSource): Generator<string> {
  const { entries, details } = source;
  const groups = new PlanGroups(source.accepted);
  const counts: Partial<Record<Decision, number>> = {};
  for (const entry of entries()) {
    groups.add(entry);
    const decision = decisionOf(entry);
    counts[decision] = (counts[decision] ?? 0) + 1;
  }
  const table = planTable(entries, groups);
  yield openDocument(headOf(source, counts, groups));
  yield markup`${refusalsOf(source)}${tiles(counts)}${sections(groups)}${seatSection(source)}${notes(source)}`.text;
  yield* renderTable('Every row', table, shortened(source, table.rows.length));
  yield markup`<h2>Plan details</h2><dl>${details.map(
    ([name, value, kind]) =>
      markup`<dt>${name}</dt>${kind === 'command' ? markup`<dd><code class="whole">${value}</code></dd>` : markup`<dd data-dates>${value}</dd>`}`,
  )}</dl>`.text;
  yield closeDocument({ ...source, interactive: true });
}

type Counts = Readonly<Partial<Record<Decision, number>>>;

function headOf(source: PlanPageSource, counts: Counts, groups: PlanGroups): PageHead {
  const { refusals, rehearsal, organization, paths, now } = source;
  const files = paths.map((path) => path.split('/').at(-1)).join(', ');
  const kept = groups.list().reduce((sum, { kind, count }) => sum + (kind === 'left-out' ? count : 0), 0);
  const headline = headlineOf(source, counts.irreversible ?? 0, kept);
  const mood = refusals.length > 0 ? 'bad' : kept > 0 || (counts.irreversible ?? 0) > 0 ? 'warn' : 'open';
  return {
    kind: 'plan',
    interactive: true,
    title: `Plan: ${headline} – ${files}`,
    notice: rehearsal ? `${planNotice}.` : undefined,
    eyebrow: `${organization} · plan of ${files}`,
    headline,
    mood,
    lead: markup`<p class="lead">${sentenceOf('will', source.summary.toRun) ?? 'Nothing will be changed.'}</p>
<p class="soft">Made on ${timeElement(now)}; nothing has been changed yet. ${effort(source)}</p>`,
  };
}

/** `17 changes, 3 of them can't be undone; 2 people would keep access`. */
function headlineOf({ summary: { changes } }: PlanPageSource, irreversible: number, kept: number): string {
  const undo =
    irreversible === 0
      ? ''
      : irreversible === changes
        ? ", which can't be undone"
        : `, ${irreversible.toLocaleString('en')} of them can't be undone`;
  const leftOutClause =
    kept === 0 ? '' : `; ${manyGrouped(kept, 'row leaves a person', 'rows leave people')} with access`;
  return `${changes === 0 ? 'No changes' : manyGrouped(changes, 'change')}${undo}${leftOutClause}`;
}

function effort({ summary: { calls, lookUps }, rate }: PlanPageSource): string {
  const all = calls + lookUps;
  if (rate === 'none' || all === 0) return '';
  return `The run makes about ${manyGrouped(all, 'call')} and takes about ${duration((all * rate.perMs) / rate.count)}.`;
}

function refusalsOf({ refusals }: PlanPageSource): Markup {
  if (refusals.length === 0) return markup``;
  const items = refusals.map(
    ({ message }) =>
      markup`<li class="b-failed"><p>${capital(withoutFlags(message.replace(/^refused: /, '')))}.</p></li>`,
  );
  return markup`<h2>This plan would not run</h2><ul class="causes">${items}</ul>`;
}

/** Decisions in words. */
const meanings: Readonly<Record<Decision, string>> = {
  irreversible: "can't be undone",
  'left out': 'not changed, for the reason given',
  'will fail': 'Atlassian will probably refuse it',
  unconfirmed: 'a person must check first',
  invalid: 'the row has an error',
  change: 'can be undone',
  read: 'reads only',
  scheduled: 'waits for its date',
  'no change': 'already in the desired state',
};

function tiles(counts: Counts): Markup {
  const used = decisions.filter(([name]) => (counts[name] ?? 0) > 0);
  return markup`<ul class="tiles">${used.map(
    ([name, mark]) =>
      markup`<li class="${mark}"><a href="#people-title" data-show data-column="3" data-value="${name}"><b>${(counts[name] ?? 0).toLocaleString('en')}</b><span>${name}</span><small>${meanings[name]}</small></a></li>`,
  )}</ul>`;
}

const titles: Readonly<Record<GroupKind, string>> = {
  irreversible: "Can't be undone",
  'left-out': 'On the list, but keep their access',
  failing: 'Will not succeed',
  excluded: 'Left out on purpose',
};
const classes: Readonly<Record<GroupKind, string>> = {
  irreversible: 'failed',
  'left-out': 'left-out',
  failing: 'invalid',
  excluded: 'skipped',
};

function sections(groups: PlanGroups): Markup {
  const all = groups.list();
  const used = groupKinds.filter((kind) => all.some((group) => group.kind === kind));
  const item = ({ kind, count, title, about, names, place }: (typeof all)[number]) => {
    const more = count > names.length ? ` and ${(count - names.length).toLocaleString('en')} more` : '';
    const rows = count === 1 ? 'the row' : `all ${count.toLocaleString('en')} rows`;
    const sentence = about === '' ? markup`` : markup`<p class="rows">${about}</p>`;
    return markup`<li class="b-${classes[kind]}"><h3>${title(count)}</h3>
<p>${names.join(', ')}${more} <a class="jump" href="#people-title" data-show data-group="${place}">Show ${rows}</a></p>${sentence}</li>`;
  };
  return markup`${used.map((kind) => markup`<h2>${titles[kind]}</h2><ul class="causes">${all.filter((group) => group.kind === kind).map(item)}</ul>`)}`;
}

function notes({ summary: { past, caveats }, unmatchedGuards }: PlanPageSource): Markup {
  const all = [
    ...(past === 0 ? [] : [`${manyGrouped(past, 'row')} already completed in an earlier run`]),
    ...guardNotes(unmatchedGuards),
    ...caveats,
  ];
  if (all.length === 0) return markup``;
  return markup`<h2>Good to know</h2><ul>${all.map((each) => markup`<li>${capital(each)}.</li>`)}</ul>`;
}

function shortened({ summary: { rows, past } }: PlanPageSource, listed: number): Markup {
  if (listed < maxPlanRows || rows - past <= maxPlanRows) return markup``;
  return markup`<p>A plan of ${manyGrouped(rows, 'row')} is too long for one page. These are the first ${manyGrouped(listed, 'row')}: those that can't be undone, those that are left out, then the others.</p>`;
}
