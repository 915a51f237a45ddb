// renderPeoplePage: lists of people as one self-contained page, in the design of the report's page. It runs no script.
import { createHash } from 'node:crypto';
import { manyGrouped } from '../../text/phrases.ts';
import { Markup, markup } from './html/markup.ts';
import { style } from './html/stylesheet.ts';

export interface PageSection {
  /** Anchor in the page. */
  readonly id: string;
  readonly title: string;
  /** The outcome whose colour the section takes. */
  readonly mood: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface PeoplePage {
  readonly isRehearsal: boolean;
  readonly eyebrow: string;
  readonly title: string;
  /** Decides the colour of the header. */
  readonly isGood: boolean;
  readonly lead: readonly string[];
  readonly sections: readonly PageSection[];
  /** Names and values at the end. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly version: string;
  /** ISO 8601. */
  readonly at: string;
}

const styleHash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;
const policy = `default-src 'none'; style-src ${styleHash}; base-uri 'none'; form-action 'none'`;

/** The page as one text. */
export function renderPeoplePage(page: PeoplePage): string {
  const { isRehearsal, eyebrow, title, isGood, lead, sections, facts, version, at } = page;
  const notice = markup`<p class="rehearsal" role="note"><strong>REHEARSAL on the simulated organization.</strong></p>`;
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">
<title>${isRehearsal ? 'REHEARSAL: ' : ''}${title}</title><style>${new Markup(style)}</style></head>
<body><a class="skip" href="#main">Skip to content</a>
${isRehearsal ? notice : undefined}<header class="${isGood ? 'good' : 'bad'}"><div><p class="eyebrow">${eyebrow}</p><h1>${title}</h1>${lead.map((each) => markup`<p>${each}</p>`)}</div></header>
<main id="main">
<ul class="tiles">${sections.map(tile)}</ul>
${sections.map(table)}
<h2>Details</h2><dl>${facts.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl></main>
<footer><p>Made by leavers ${version} on ${at}. It loads nothing and sends nothing; it can be kept, mailed and printed.</p></footer></body></html>
`.text;
}

function tile({ id, title, mood, rows }: PageSection): Markup {
  const words = title.replace(/^\d+ /, '').replace(/[;,].*$/, '');
  return markup`<li class="t-${mood}"><a href="#${id}"><b>${rows.length.toLocaleString('en')}</b><span>${words}</span></a></li>`;
}

function table({ id, title, columns, rows }: PageSection): Markup {
  if (rows.length === 0) return markup`<h2 id="${id}">${title}</h2><p>${manyGrouped(0, 'row')}.</p>`;
  const cell = (text: string, at: number) =>
    markup`<td class="${at === 0 ? 'who' : at === columns.length - 1 ? 'why' : ''}">${text}</td>`;
  return markup`<h2 id="${id}">${title}</h2>
<div class="scroll" tabindex="0" role="region" aria-labelledby="${id}"><table><thead><tr>${columns.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead><tbody>
${rows.map((row) => markup`<tr>${row.map(cell)}</tr>\n`)}</tbody></table></div>`;
}
