// `renderTable`: rows as a table that is complete without script, and can be searched, filtered and sorted with it.
import { jsonScript, type Markup, markup } from './markup.ts';
import { shortMoment } from './page-dates.ts';

/** A text, a moment in epoch ms, or the number of a text in the column's list. */
export type Cell = string | number;

/** A column. Its kind decides how cells are shown and how wide the column is. */
export interface Column {
  readonly name: string;
  readonly kind: 'who' | 'short' | 'state' | 'why' | 'time' | 'place';
  /** Texts that repeat. */
  readonly words?: readonly string[];
  /** The class of each text's colour, for states. */
  readonly marks?: readonly string[];
  /** The reader can filter by this column. */
  readonly filtered?: boolean;
}

/** The data of the table. After its cells, a row has the number of its group, or -1. */
export interface TableData {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** Names of the groups of rows that links of the page lead to. */
  readonly groups: readonly string[];
}

/** A list without doubles: texts by number, in order of appearance. */
export class WordList {
  readonly list: string[] = [];
  readonly #places = new Map<string, number>();

  place(word: string): number {
    const found = this.#places.get(word);
    if (found !== undefined) return found;
    this.#places.set(word, this.list.length);
    return this.list.push(word) - 1;
  }
}

/** Rows in the page's HTML, for readers without script. */
const staticRows = 1000;

/** The section with its title, in pieces. `note` is about rows that are left out. */
export function* renderTable(title: string, table: TableData, note: Markup): Generator<string> {
  const { columns, rows } = table;
  const shownCount = Math.min(staticRows, rows.length);
  const total = rows.length.toLocaleString('en');
  const extent =
    shownCount === rows.length
      ? 'All rows are shown.'
      : `The first ${shownCount.toLocaleString('en')} of ${total} rows are shown; with JavaScript enabled, all of them can be searched, filtered and sorted.`;
  yield markup`<h2 id="people-title">${title}</h2>${note}
<p id="static">${extent}</p>
<div class="tools" data-script hidden role="search"><label for="search">Search<input id="search" type="search" autocomplete="off" placeholder="people, references, reasons"></label>
${columns.flatMap((column, at) => (column.filtered === true ? [filterOf(column, at, table)] : []))}${orders(columns)}</div>
<p id="only" hidden>Only <strong id="only-name"></strong> <button type="button" data-show>Show all rows</button></p>
<p id="zone" class="soft">Times are in UTC.</p>
<p id="count" role="status" aria-live="polite"></p>
<p id="no-match" hidden>No row matches. <button type="button" data-show>Clear search and filters</button></p>
<div id="table" class="scroll" tabindex="0" role="region" aria-labelledby="people-title"><table id="people" class="people" role="table"><thead role="rowgroup"><tr role="row">${columns.map(({ name, kind }) => markup`<th scope="col" role="columnheader" class="${kind}">${name}</th>`)}</tr></thead><tbody role="rowgroup">
`.text;
  for (const row of rows.slice(0, staticRows)) yield staticRow(row, columns).text;
  yield markup`</tbody></table></div>
<div id="pager" class="pager" hidden><button id="back" type="button">Previous</button><button id="next" type="button">Next</button></div>
<script type="application/json" id="rows">${jsonScript(table)}</script>
`.text;
}

/** The control that sorts the cards on a phone; elsewhere the column heads are buttons. */
function orders(columns: readonly Column[]): Markup {
  const options = columns.map(({ name, kind }, at) => {
    const [up, down] = kind === 'time' ? ['earliest first', 'latest first'] : ['A to Z', 'Z to A'];
    return markup`<option value="${at} up">${name}, ${up}</option><option value="${at} down">${name}, ${down}</option>`;
  });
  return markup`<label for="sort" class="orders">Sort by<select id="sort"><option value="">as listed</option>${options}</select></label>`;
}

function filterOf({ name, words = [] }: Column, at: number, { rows }: TableData): Markup {
  const used = words.filter((_, place) => rows.some((row) => row[at] === place));
  const id = name.toLowerCase();
  return markup`<label for="${id}">${name}<select id="${id}" data-column="${at}"><option value="">all</option>${used.map((word) => markup`<option>${word}</option>`)}</select></label>`;
}

function staticRow(row: readonly Cell[], columns: readonly Column[]): Markup {
  const cells = columns.map((column, at) => {
    const cell = row[at] ?? '';
    const text = textOf(cell, column);
    const shown =
      column.kind === 'state' ? markup`<span class="mark ${column.marks?.[Number(cell)] ?? ''}">${text}</span>` : text;
    return markup`<td role="cell" class="${column.kind}" data-label="${column.name}">${shown}</td>`;
  });
  return markup`<tr role="row">${cells}</tr>
`;
}

function textOf(cell: Cell, { kind, words }: Column): string {
  if (kind === 'time') return shortMoment(Number(cell));
  return typeof cell === 'number' ? (words?.[cell] ?? '') : cell;
}
