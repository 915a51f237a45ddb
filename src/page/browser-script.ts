// Code for the reader's browser: search, filter, sort and pages over the rows of the table, and dates in the reader's zone. The page contains
// the source of these functions, so each is self-contained and gets its dependencies as arguments.
import type { Cell, Column, TableData } from './row-table.ts';

/** The reader's filters: an empty text filters nothing, column -1 keeps the order of the page, group -1 shows all. */
interface Filters {
  readonly words: string;
  /** The wanted text of each filtered column, by its number. */
  readonly values: ReadonlyMap<number, string>;
  readonly group: number;
  readonly column: number;
  readonly descending: boolean;
}

type Row = readonly Cell[];

/** Dates in the reader's zone. */
interface Dates {
  /** `24 Nov 2026, 13:00`, with the zone's name if wanted. */
  readonly moment: (at: number, named: boolean) => string;
  /** A text with each `2026-12-31 22:59 UTC` in it as a moment. */
  readonly text: (text: string) => string;
}

/** Created once, because a format costs as much as formatting a hundred dates. */
function localDates(): Dates {
  const parts = { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' } as const;
  const plain = new Intl.DateTimeFormat('en-GB', parts);
  const zoned = new Intl.DateTimeFormat('en-GB', { ...parts, timeZoneName: 'short' });
  const moment = (at: number, named: boolean) => (named ? zoned : plain).format(at);
  const text = (whole: string) =>
    whole.replace(/(\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC/g, (all, day: string, time: string) => {
      const at = Date.parse(`${day}T${time}:00Z`);
      return Number.isNaN(at) ? all : moment(at, true);
    });
  return { moment, text };
}

/** The text of a row's cell. */
function cellText(cell: Cell, column: Column, dates: Dates): string {
  if (column.kind === 'time') return Number(cell) > 0 ? dates.moment(Number(cell), false) : '';
  const text = typeof cell === 'number' ? (column.words?.[cell] ?? '') : cell;
  return column.kind === 'why' ? dates.text(text) : text;
}

/** Numbers of the matching rows, in order. `texts` are the rows in lower case. */
function select(filters: Filters, { columns, rows }: TableData, texts: readonly string[]): number[] {
  const words = filters.words.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = [...filters.values].map(([at, value]) => [at, columns[at]?.words?.indexOf(value) ?? -1] as const);
  const found: number[] = [];
  rows.forEach((row, at) => {
    const fits = wanted.every(([column, value]) => row[column] === value);
    const isIn = filters.group < 0 || row[columns.length] === filters.group;
    if (fits && isIn && words.every((word) => texts[at]?.includes(word))) found.push(at);
  });
  const { column, descending } = filters;
  if (column < 0) return found;
  const { compare } = new Intl.Collator('en', { numeric: true });
  const of = columns[column];
  const keyOf = (at: number) => {
    const cell = rows[at]?.[column] ?? '';
    return typeof cell === 'number' && of?.kind !== 'time' ? (of?.words?.[cell] ?? '') : cell;
  };
  const order = (a: Cell, b: Cell) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : compare(String(a), String(b));
  const sign = descending ? -1 : 1;
  return found.toSorted((a, b) => order(keyOf(a), keyOf(b)) * sign || a - b);
}

/** One line of the table, built from text nodes only. */
function drawLine(texts: readonly string[], row: Row, columns: readonly Column[]): HTMLTableRowElement {
  const line = document.createElement('tr');
  line.setAttribute('role', 'row');
  columns.forEach(({ name, kind, marks }, at) => {
    const cell = line.insertCell();
    cell.setAttribute('role', 'cell');
    cell.className = kind;
    cell.dataset['label'] = name;
    const into = kind === 'state' ? cell.appendChild(document.createElement('span')) : cell;
    if (kind === 'state') into.className = `mark ${marks?.[Number(row[at])] ?? ''}`;
    into.textContent = texts[at] ?? '';
  });
  return line;
}

/** Turns the column heads into buttons for sorting. On a phone, where a card has no heads, the list of orders does the same. */
function takeHeads(pressed: (column: number, descending: boolean) => void): void {
  const heads = [...document.querySelectorAll<HTMLElement>('#people th')];
  const orders = document.getElementById('sort') as HTMLSelectElement;
  const sort = (column: number, descending: boolean) => {
    for (const each of heads) each.setAttribute('aria-sort', 'none');
    heads[column]?.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
    orders.value = column < 0 ? '' : `${column} ${descending ? 'down' : 'up'}`;
    pressed(column, descending);
  };
  orders.addEventListener('input', () => {
    const [column = '', direction] = orders.value.split(' ');
    sort(column === '' ? -1 : Number(column), direction === 'down');
  });
  heads.forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    head.replaceChildren(button);
    head.setAttribute('aria-sort', 'none');
    button.addEventListener('click', () => sort(column, head.getAttribute('aria-sort') === 'ascending'));
  });
}

/** Shows every moment outside of the table in the reader's zone, and names the zone above the table. */
function localizePage({ moment, text }: Dates): void {
  const zone = new Intl.DateTimeFormat('en-GB').resolvedOptions().timeZone;
  for (const time of document.querySelectorAll('time')) time.textContent = moment(Date.parse(time.dateTime), true);
  for (const part of document.querySelectorAll('[data-dates]')) part.textContent = text(part.textContent);
  const zoneNote = document.getElementById('zone');
  if (zoneNote !== null) zoneNote.textContent = `Times are in the time zone of this device, ${zone}.`;
}

/** The state of the screen: number of matching rows, the page, and the number of printed rows. */
interface View {
  readonly total: number;
  readonly matching: number;
  readonly page: number;
  readonly perPage: number;
  /** 0 on a screen. */
  readonly printed: number;
}

/** Puts lines into the table and shows which part of the rows they are. */
function showLines(lines: readonly HTMLTableRowElement[], { total, matching, page, perPage, printed }: View): void {
  const part = (id: string) => document.getElementById(id) as HTMLButtonElement;
  const number = (count: number) => count.toLocaleString('en');
  document.querySelector('#people tbody')?.replaceChildren(...lines);
  const pages = Math.max(1, Math.ceil(matching / perPage));
  const cut = matching > printed ? `, the first ${number(printed)} printed` : '';
  const place = printed > 0 ? cut : pages > 1 ? `, page ${page + 1} of ${pages}` : '';
  part('count').textContent = `${number(matching)} of ${number(total)} rows${place}`;
  part('no-match').hidden = matching > 0;
  part('table').hidden = matching === 0;
  part('pager').hidden = pages === 1;
  part('back').disabled = page === 0;
  part('next').disabled = page >= pages - 1;
}

interface Parts {
  readonly dates: typeof localDates;
  readonly cell: typeof cellText;
  readonly find: typeof select;
  readonly draw: typeof drawLine;
  readonly heads: typeof takeHeads;
  readonly local: typeof localizePage;
  readonly show: typeof showLines;
}

/** Shows dates in the reader's zone, and replaces the static table with an interactive one. */
function browse({ dates, cell, find, draw, heads, local, show }: Parts): void {
  const part = (id: string) => document.getElementById(id) as HTMLInputElement & HTMLButtonElement;
  const zoned = dates();
  local(zoned);
  const data = JSON.parse(part('rows').textContent) as TableData;
  const { columns, rows, groups } = data;
  const textsOf = (row: Row) => columns.map((column, at) => cell(row[at] ?? '', column, zoned));
  const texts = rows.map((row) => textsOf(row).join(' ').toLowerCase());
  const selects = [...document.querySelectorAll<HTMLSelectElement>('select[data-column]')];
  const [perPage, mostPrinted] = [100, 2000];
  let [page, column, descending, group] = [0, -1, false, -1];
  let shown: number[] = [];
  const render = (printed = 0) => {
    const some = printed > 0 ? shown.slice(0, printed) : shown.slice(page * perPage, (page + 1) * perPage);
    const lines = some.map((at) => draw(textsOf(rows[at] ?? []), rows[at] ?? [], columns));
    show(lines, { total: rows.length, matching: shown.length, page, perPage, printed });
  };
  const update = () => {
    const used = selects.filter(({ value }) => value !== '');
    const values = new Map(used.map((each) => [Number(each.dataset['column']), each.value]));
    shown = find({ words: part('search').value, values, group, column, descending }, data, texts);
    page = 0;
    part('only').hidden = group < 0;
    part('only-name').textContent = groups[group] ?? '';
    render();
  };
  const turn = (by: number) => {
    page += by;
    render();
    part('people').scrollIntoView({ block: 'start' });
  };
  /** Drops all filters but these. */
  const filter = (wanted: DOMStringMap) => {
    part('search').value = '';
    for (const each of selects) each.value = each.dataset['column'] === wanted['column'] ? (wanted['value'] ?? '') : '';
    group = Number(wanted['group'] ?? -1);
    update();
  };
  heads((pressed, down) => {
    [column, descending] = [pressed, down];
    update();
  });
  for (const each of [part('search'), ...selects]) each.addEventListener('input', update);
  part('back').addEventListener('click', () => turn(-1));
  part('next').addEventListener('click', () => turn(1));
  // Buttons that clear the filters have no data, links to rows do.
  for (const link of document.querySelectorAll<HTMLElement>('[data-show]'))
    link.addEventListener('click', () => filter(link.dataset));
  // Print shows all rows that match, without pages of the screen.
  addEventListener('beforeprint', () => render(mostPrinted));
  addEventListener('afterprint', () => render());
  for (const tools of document.querySelectorAll<HTMLElement>('[data-script]')) tools.hidden = false;
  part('static').hidden = true;
  update();
}

const parts = {
  dates: localDates,
  cell: cellText,
  find: select,
  draw: drawLine,
  heads: takeHeads,
  local: localizePage,
  show: showLines,
} satisfies Parts;

/** The script of the page. */
export const script = `(${browse.toString()})({${Object.entries(parts)
  .map(([name, part]) => `${name}:${part.toString()}`)
  .join(',')}})`;
