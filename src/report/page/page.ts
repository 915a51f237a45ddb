// The report as one page that needs nothing from elsewhere: words first, then counts, charts, what needs a person, every row, and where it comes from.
import { createHash } from 'node:crypto';
import { type ActionName, outcomes } from '../../record.ts';
import type { ReportLine, RowLine } from '../events.ts';
import type { RunSummary } from '../summary.ts';
import { type PageData, script } from './browse.ts';
import { type Chart, renderCharts } from './charts.ts';
import { Gathering, mostRows } from './gather.ts';
import { data, type Markup, markup, Markup as Raw } from './markup.ts';
import { collectRows } from './rows.ts';
import { style } from './style.ts';

/** What the page is made from. */
export interface PageSource {
  readonly summary: RunSummary;
  readonly paths: readonly string[];
  /** All lines, as often as they are asked for. */
  readonly lines: () => AsyncIterable<ReportLine>;
  /** The lines that count, of each row the last. */
  readonly rows: () => AsyncIterable<RowLine>;
  /** The command to go on with. */
  readonly next: string | undefined;
  readonly version: string;
  /** Epoch ms. */
  readonly now: number;
}

/** Rows that stand in the page itself, for readers without script. */
const staticRows = 1000;

const sha = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The page, piece by piece. Holds 50,000 rows at the most. */
export async function* renderPage(source: PageSource): AsyncGenerator<string> {
  const gathering = new Gathering();
  for await (const line of source.lines()) gathering.add(line);
  const table = await collectRows(source.rows(), source.summary.rows);
  yield head(source).text;
  yield markup`<main id="main">
${tiles(source.summary)}
${chartsOf(renderCharts(source.summary, gathering.done()))}
${troubles(source)}`.text;
  yield* people(table, source.summary);
  yield markup`${provenance(source)}</main>
<footer><p>Made by leavers ${source.version} on ${moment(source.now)}. It loads nothing and sends nothing; it can be kept, mailed and printed.</p></footer>
<script>${new Raw(script)}</script></body></html>
`.text;
}

function head({ summary, paths }: PageSource): Markup {
  const policy = `default-src 'none'; style-src ${sha(style)}; script-src ${sha(script)}; base-uri 'none'; form-action 'none'`;
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">
<title>${headline(summary)} – ${paths.map(baseOf).join(', ')}</title><style>${new Raw(style)}</style></head>
<body><a class="skip" href="#main">To the content</a>
<header><div><p class="eyebrow">Report ${paths.map(baseOf).join(', ')}</p><h1>${headline(summary)}</h1>${story(summary)}</div></header>
`;
}

function baseOf(path: string): string {
  return path.split('/').at(-1) ?? path;
}

const many = (count: number, one: string, more = `${one}s`) =>
  `${count.toLocaleString('en')} ${count === 1 ? one : more}`;

function headline({ total, rows, complete }: RunSummary): string {
  const good = total.done + total.already;
  const bad = total.failed + total.unknown + total.invalid;
  const end = complete ? '' : '; the run did not reach its end';
  if (rows === 0) return `No rows were run${end}`;
  if (good === rows) return `${rows === 1 ? 'The row is' : `All ${many(rows, 'row')} are`} as wished${end}`;
  const rest = rows - good - bad;
  const parts = [
    `${good.toLocaleString('en')} of ${many(rows, 'row')} are as wished`,
    ...(bad > 0 ? [`${bad.toLocaleString('en')} need a person`] : []),
    ...(rest > 0 ? [`${rest.toLocaleString('en')} ${total.planned === rest ? 'planned' : 'left out or held'}`] : []),
  ];
  return parts.join(', ') + end;
}

/** What was done, in the words of people. */
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

function story({ runs, counts, from, to, requests, throttled, throttledMs }: RunSummary): Markup {
  const [first] = runs;
  if (first === undefined) return markup``;
  const { start } = first;
  const did = Object.entries(verbs).flatMap(([action, [verb, one, more]]) => {
    const done = counts[action]?.done ?? 0;
    return done === 0 ? [] : [`${verb} ${many(done, one, more)}`];
  });
  const manifests = [...new Set(runs.flatMap((run) => run.start.manifests.map(({ path }) => baseOf(path))))];
  const runWords = runs.length === 1 ? 'One run' : `${runs.length} runs`;
  const limit =
    throttled === 0
      ? ''
      : ` The organization asked to wait ${many(throttled, 'time')}, ${Math.round(throttledMs / 1000)} s in all.`;
  return markup`<p class="lead">${did.length === 0 ? 'Nothing was changed.' : `${capital(did.join(', '))}.`}</p>
<p>${runWords} by ${start.operator} over ${manifests.join(', ')}, from ${moment(Date.parse(from ?? ''))} to ${moment(Date.parse(to ?? ''))}, with ${many(requests, 'request')} to organization ${start.org}.${limit}</p>`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** `2026-11-24 05:13:35 UTC`. */
function moment(at: number): string {
  return Number.isNaN(at) ? 'an unknown time' : `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function tiles({ total }: RunSummary): Markup {
  const used = outcomes.filter((name) => total[name] > 0);
  return markup`<ul class="tiles">${used.map((name) => markup`<li class="t-${name}"><b>${total[name].toLocaleString('en')}</b><span>${name}</span></li>`)}</ul>`;
}

function chartsOf(charts: readonly Chart[]): Markup {
  if (charts.length === 0) return markup``;
  const figures = charts.map(
    ({ title, words, svg }) => markup`<figure><h3>${title}</h3>${svg}<figcaption>${words}</figcaption></figure>`,
  );
  return markup`<h2>At a glance</h2><div class="charts">${figures}</div>`;
}

function troubles({ summary: { causes }, next }: PageSource): Markup {
  if (causes.length === 0) return markup``;
  const grave = (cause: string) => (/^(failed|unknown|invalid)/.test(cause) ? 0 : 1);
  const sorted = causes.toSorted((a, b) => grave(a.cause) - grave(b.cause));
  const items = sorted.slice(0, 50).map(({ cause, hint, count, rows }) => {
    const where = rows.map(({ file, line, subject }) => `${subject} (${baseOf(file)}:${line})`).join(', ');
    return markup`<li class="b-${cause.split(':')[0]}"><h3>${many(count, 'row')}: ${cause}</h3><p>${capital(hint)}.</p><p class="rows">${where}${count > rows.length ? ', …' : ''}</p></li>`;
  });
  const command = next === undefined ? markup`` : markup`<p>To go on: <code>${next}</code></p>`;
  return markup`<h2>What was not done, and why</h2><ul class="causes">${items}</ul>${command}`;
}

const columns = ['Person or group', 'Reference', 'Action', 'Outcome', 'Why', 'Finished (UTC)', 'Row'];

async function* people(table: PageData, { rows }: RunSummary): AsyncGenerator<string> {
  const used = outcomes.filter((_, at) => table.rows.some((row) => row[3] === at));
  const options = (names: readonly string[]) => names.map((name) => markup`<option>${name}</option>`);
  const left =
    rows > mostRows
      ? markup`<p>A report of ${many(rows, 'row')} is too long for one page: here are the rows that did not go as wished. <code>leavers report --csv</code> writes them all.</p>`
      : markup``;
  const some = Math.min(staticRows, table.rows.length);
  yield markup`<h2 id="people-title">Every row</h2>${left}
<p id="static">${some === table.rows.length ? 'All rows are shown.' : `The first ${some.toLocaleString('en')} of ${many(table.rows.length, 'row')} are shown; with script allowed, all of them can be searched, filtered and sorted.`}</p>
<div class="tools" data-script hidden role="search"><label for="search">Search people, references, reasons<input id="search" type="search" autocomplete="off"></label>
<label for="outcome">Outcome<select id="outcome"><option value="">all</option>${options(used)}</select></label>
<label for="action">Action<select id="action"><option value="">all</option>${options(table.actions)}</select></label></div>
<p id="count" role="status" aria-live="polite"></p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="people-title"><table id="people"><thead><tr>${columns.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead><tbody>
`.text;
  for (const row of table.rows.slice(0, staticRows)) yield staticRow(row, table).text;
  yield markup`</tbody></table></div>
<div class="pager" data-script hidden><button id="back" type="button">Previous</button><button id="next" type="button">Next</button></div>
<script type="application/json" id="rows">${data(table)}</script>
`.text;
}

function staticRow(
  [who, reference, action, outcome, why, at, place]: PageData['rows'][number],
  table: PageData,
): Markup {
  const name = table.outcomes[outcome] ?? '';
  return markup`<tr><td class="who">${who}</td><td>${reference}</td><td class="num">${table.actions[action]}</td><td class="num"><span class="mark ${name}">${name}</span></td><td class="why">${table.why[why]}</td><td class="num">${moment(at).slice(0, 19)}</td><td class="num">${place}</td></tr>
`;
}

function provenance({ summary, paths }: PageSource): Markup {
  const { runs, head: hash } = summary;
  const entries = runs
    .slice(-20)
    .flatMap(({ runId, start, end }): [string, string][] => [
      [
        'Run',
        `${runId}, started ${moment(Date.parse(start.time))}, ${end === undefined ? 'no end written' : end.outcome}`,
      ],
      ['By', start.operator],
      [
        'Organization',
        `${start.org}, API ${start.api}${start.directory === null ? '' : `, directory ${start.directory}`}`,
      ],
      ...start.manifests.map(({ path, sha256, rows }): [string, string] => [
        'Manifest',
        `${path}, ${rows} rows, SHA-256 ${sha256}`,
      ]),
      ...(start.job === null ? [] : [['Job', start.job] as [string, string]]),
      ['Settings', settingsOf(start.settings)],
      ['Version', `leavers ${start.version}`],
    ]);
  const list = [...entries, ['Report', paths.join(', ')], ['Report hash', hash ?? '']];
  return markup`<h2>Where this comes from</h2><dl>${list.map(([name = '', value = '']) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
<p>The report hash is the last link of a chain over every line: <code>leavers verify</code> finds any line that was changed since.</p>`;
}

function settingsOf(settings: Readonly<Record<string, unknown>>): string {
  return Object.entries(settings)
    .filter(([, value]) => value !== null && value !== false)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
