// `renderPage`: the report as one self-contained HTML page - headline, counts, charts, causes, every row, run details.
import { createHash } from 'node:crypto';
import { outcomes } from '../../../model.ts';
import type { ReportLine, RowLine } from '../../events.ts';
import { isRehearsal, rehearsalNotice, type RunSummary } from '../../summary.ts';
import { type PageData, script } from './browser-script.ts';
import { renderCharts } from './charts.ts';
import type { Chart } from './svg.ts';
import { ChartDataBuilder, mostRows } from './chart-data.ts';
import { data, type Markup, markup, Markup as Raw } from './markup.ts';
import { provenance, type ProvenanceSource } from './provenance.ts';
import { collectRows } from './table-data.ts';
import { baseOf, capital, headline, moment, story } from './headline.ts';
import { manyGrouped } from '../../../text/phrases.ts';
import { style } from './stylesheet.ts';

/** The data of the page. */
export interface PageSource extends ProvenanceSource {
  /** All lines; can be called again. */
  readonly lines: () => AsyncIterable<ReportLine>;
  /** The last line of each row. */
  readonly rows: () => AsyncIterable<RowLine>;
  /** The command that continues. */
  readonly next: string | undefined;
  readonly version: string;
  /** Epoch ms. */
  readonly now: number;
}

/** Rows in the page's HTML, for readers without script. */
const staticRows = 1000;

const sha = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The page, piece by piece. Holds 50,000 rows at the most. */
export async function* renderPage(source: PageSource): AsyncGenerator<string> {
  const gathering = new ChartDataBuilder();
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
<title>${isRehearsed(summary) ? 'REHEARSAL: ' : ''}${headline(summary)} – ${paths.map(baseOf).join(', ')}</title><style>${new Raw(style)}</style></head>
<body><a class="skip" href="#main">Skip to content</a>
${notice(summary)}<header class="${mood(summary)}"><div><p class="eyebrow">Report ${paths.map(baseOf).join(', ')}</p><h1>${headline(summary)}</h1>${story(summary)}</div></header>
`;
}

function isRehearsed({ runs }: RunSummary): boolean {
  return runs.some(({ start }) => isRehearsal(start));
}

/** A band above the page, so that nobody takes a rehearsal for the real thing. */
function notice(summary: RunSummary): Markup {
  return isRehearsed(summary)
    ? markup`<p class="rehearsal" role="note"><strong>${rehearsalNotice}.</strong></p>`
    : markup``;
}

/** The class of the header's colour; the headline says the same in words. */
function mood({ total, complete }: RunSummary): string {
  if (total.failed + total.unknown + total.invalid > 0) return 'bad';
  return complete ? 'good' : 'open';
}

function tiles({ total }: RunSummary): Markup {
  const used = outcomes.filter((name) => total[name] > 0);
  return markup`<ul class="tiles">${used.map((name) => markup`<li class="t-${name}"><a href="#people-title" data-outcome="${name}"><b>${total[name].toLocaleString('en')}</b><span>${name}</span></a></li>`)}</ul>`;
}

function chartsOf(charts: readonly Chart[]): Markup {
  if (charts.length === 0) return markup``;
  const figures = charts.map(
    ({ title, words, svg, numbers }) =>
      markup`<figure><h3>${title}</h3>${svg}<figcaption>${words}</figcaption>${numbersOf(title, numbers)}</figure>`,
  );
  return markup`<h2>At a glance</h2><div class="charts">${figures}</div>`;
}

/** The chart's figures as a table, to copy and for screen readers. */
function numbersOf(title: string, [heads = [], ...rows]: Chart['numbers']): Markup {
  const line = ([name = '', ...cells]: readonly (string | number)[]) =>
    markup`<tr><th scope="row">${name}</th>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>`;
  return markup`<details><summary>The numbers</summary><table><caption>${title}</caption><thead><tr>${heads.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead><tbody>${rows.map(line)}</tbody></table></details>`;
}

function troubles({ summary: { causes }, next }: PageSource): Markup {
  if (causes.length === 0) return markup``;
  const grave = (cause: string) => (/^(failed|unknown|invalid)/.test(cause) ? 0 : 1);
  const sorted = causes.toSorted((a, b) => grave(a.cause) - grave(b.cause));
  const items = sorted.slice(0, 50).map(({ cause, hint, count, rows }) => {
    const where = rows.map(({ file, line, subject }) => `${subject} (${baseOf(file)}:${line})`).join(', ');
    const [outcome = '', ...words] = cause.split(': ');
    return markup`<li class="b-${outcome}"><h3><span class="mark ${outcome}">${count.toLocaleString('en')} ${outcome}</span> ${words.join(': ')}</h3><p>${capital(hint)}.</p><p class="rows">${where}${count > rows.length ? ', …' : ''}</p></li>`;
  });
  const command = next === undefined ? markup`` : markup`<p>To go on: <code class="whole">${next}</code></p>`;
  return markup`<h2>Rows that need attention, and why</h2><ul class="causes">${items}</ul>${command}`;
}

const columns = ['Person or group', 'Reference', 'Action', 'Outcome', 'Why', 'Finished (UTC)', 'Row'];

async function* people(table: PageData, { rows }: RunSummary): AsyncGenerator<string> {
  const used = outcomes.filter((_, at) => table.rows.some((row) => row[3] === at));
  const options = (names: readonly string[]) => names.map((name) => markup`<option>${name}</option>`);
  const left =
    rows > mostRows
      ? markup`<p>A report of ${manyGrouped(rows, 'row')} is too long for one page: here are the rows that need attention. <code>leavers report --csv</code> writes them all.</p>`
      : markup``;
  const some = Math.min(staticRows, table.rows.length);
  yield markup`<h2 id="people-title">Every row</h2>${left}
<p id="static">${some === table.rows.length ? 'All rows are shown.' : `The first ${some.toLocaleString('en')} of ${manyGrouped(table.rows.length, 'row')} are shown; with script allowed, all of them can be searched, filtered and sorted.`}</p>
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
