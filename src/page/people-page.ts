// renderPeoplePage: lists of people as one self-contained page, in the design of the report's page. It runs no script.
import { closeDocument, openDocument, type PageHead } from './document.ts';
import { type Markup, markup } from './markup.ts';

export interface PageSection {
  /** Anchor in the page. */
  readonly id: string;
  readonly title: string;
  /** The outcome whose colour the section has. */
  readonly mood: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface PeoplePage {
  readonly isRehearsal: boolean;
  readonly eyebrow: string;
  readonly title: string;
  /** The colour of the header. */
  readonly mood: PageHead['mood'];
  readonly lead: readonly string[];
  readonly sections: readonly PageSection[];
  /** Names and values at the end. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly version: string;
  /** Epoch ms. */
  readonly now: number;
}

/** The page, piece by piece. */
export function* renderPeoplePage(page: PeoplePage): Generator<string> {
  const { isRehearsal, eyebrow, title, mood, lead, sections, facts, version, now } = page;
  yield openDocument({
    kind: 'reconcile',
    interactive: false,
    title,
    notice: isRehearsal ? 'REHEARSAL on the simulated organization.' : undefined,
    eyebrow,
    headline: title,
    mood,
    lead: markup`${lead.map((each) => markup`<p>${each}</p>`)}`,
  });
  yield markup`<ul class="tiles">${sections.map(tile)}</ul>`.text;
  for (const section of sections) yield table(section).text;
  yield markup`<h2>Details</h2><dl>${facts.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`
    .text;
  yield closeDocument({ version, now, interactive: false });
}

function tile({ id, title, mood, rows }: PageSection): Markup {
  const words = title.replace(/^\d+ /, '').replace(/[;,].*$/, '');
  return markup`<li class="${mood}"><a href="#${id}"><b>${rows.length.toLocaleString('en')}</b><span>${words}</span></a></li>`;
}

function table({ id, title, columns, rows }: PageSection): Markup {
  if (rows.length === 0) return markup`<h2 id="${id}">${title}</h2><p>Nobody.</p>`;
  const cell = (text: string, at: number) =>
    markup`<td role="cell" class="${at === 0 ? 'who' : at === columns.length - 1 ? 'why' : ''}" data-label="${columns[at]}">${text}</td>`;
  return markup`<h2 id="${id}">${title}</h2>
<div class="scroll" tabindex="0" role="region" aria-labelledby="${id}"><table class="people" role="table"><thead role="rowgroup"><tr role="row">${columns.map((name) => markup`<th scope="col" role="columnheader">${name}</th>`)}</tr></thead><tbody role="rowgroup">
${rows.map((row) => markup`<tr role="row">${row.map(cell)}</tr>\n`)}</tbody></table></div>`;
}
