// `renderPage`: the report as one self-contained HTML page - headline, counts, causes, charts, every row, run details.
import { closeDocument, openDocument, type PageHead } from '../../../page/document.ts';
import { type Markup, markup } from '../../../page/markup.ts';
import { renderTable } from '../../../page/row-table.ts';
import { manyGrouped } from '../../../text/phrases.ts';
import { type OutcomeName, outcomes } from '../../../model.ts';
import type { ReportLine, RowLine } from '../../events.ts';
import { isRehearsal, rehearsalNotice, type RunSummary } from '../../summary.ts';
import { attention } from './attention.ts';
import { ChartDataBuilder, maxPageRows } from './chart-data.ts';
import { renderCharts } from './charts.ts';
import { baseOf, headline, story } from './headline.ts';
import { provenance, type ProvenanceSource } from './provenance.ts';
import { seatSection } from './seats.ts';
import type { Chart } from './svg.ts';
import { collectRows, type ReportTable } from './table-data.ts';

/** The data of the page. */
export interface PageSource extends ProvenanceSource {
  /** All lines; can be called again. */
  readonly lines: () => AsyncIterable<ReportLine>;
  /** The last line of each row. */
  readonly rows: () => AsyncIterable<RowLine>;
  readonly version: string;
  /** Epoch ms. */
  readonly now: number;
}

/** The page, piece by piece. At most 50,000 rows. */
export async function* renderPage(source: PageSource): AsyncGenerator<string> {
  const { summary } = source;
  const gathering = new ChartDataBuilder();
  for await (const line of source.lines()) gathering.add(line);
  const table = await collectRows(source.rows(), summary);
  yield openDocument(headOf(source, table));
  yield markup`${tiles(summary)}${attention(summary, table)}${seatSection(summary)}${chartsOf(renderCharts(summary, gathering.done()))}`
    .text;
  yield* renderTable('Every row', tableData(table), shortened(summary));
  yield provenance(source).text;
  yield closeDocument({ ...source, interactive: true });
}

/** The data of the table for the browser. */
function tableData({ columns, rows, groups }: ReportTable) {
  return { columns, rows, groups };
}

function headOf({ summary, paths }: PageSource, { nextDue }: ReportTable): PageHead {
  const { runs } = summary;
  const files = paths.map(baseOf).join(', ');
  const isRehearsed = runs.some(({ start }) => isRehearsal(start));
  return {
    kind: 'report',
    interactive: true,
    title: `${headline(summary)} – ${files}`,
    notice: isRehearsed ? `${rehearsalNotice}.` : undefined,
    eyebrow: `${organizationOf(summary)} · report ${files}`,
    headline: headline(summary),
    mood: mood(summary),
    lead: story(summary, nextDue),
  };
}

/** The names of the organizations, or their ids if the name is unknown. */
function organizationOf({ runs }: RunSummary): string {
  const names = new Set(runs.map(({ start }) => start.orgName ?? `Organization ${start.org}`));
  return [...names].join(', ');
}

/** The colour of the header; the headline has the same information in words. */
function mood({ total, leftOut, complete }: RunSummary): PageHead['mood'] {
  if (total.failed + total.unknown + total.invalid > 0) return 'bad';
  if (leftOut > 0) return 'warn';
  return complete ? 'good' : 'open';
}

/** Explanations of outcomes, for readers who do not run the program. */
const meanings: Readonly<Record<OutcomeName, string>> = {
  done: 'changed or read, confirmed by Atlassian',
  already: 'no change was needed',
  failed: 'refused, or given up after several attempts',
  unknown: 'sent, but the answer was lost; a person must check',
  skipped: 'not changed, for the reason given',
  held: 'waits for its date',
  invalid: 'the row has an error and was not run',
  planned: 'a dry run: nothing was sent',
};

/** One tile for each outcome that occurs, linked to its rows. */
function tiles({ total }: RunSummary): Markup {
  const used = outcomes.filter((name) => total[name] > 0);
  return markup`<ul class="tiles">${used.map(
    (name) =>
      markup`<li class="${name}"><a href="#people-title" data-show data-column="3" data-value="${name}"><b>${total[name].toLocaleString('en')}</b><span>${name}</span><small>${meanings[name]}</small></a></li>`,
  )}</ul>`;
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

function shortened({ rows }: RunSummary): Markup {
  if (rows <= maxPageRows) return markup``;
  return markup`<p>A report of ${manyGrouped(rows, 'row')} is too long for one page: here are the rows that need attention. The run details say how to write them all into a table.</p>`;
}
