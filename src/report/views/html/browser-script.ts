// What runs in the reader's browser: search, filter, sort and pages over the rows of the table. The page holds the source of these functions, so
// each stands alone and is handed what it uses.

/** A row: subject, reference, action, outcome, why, ended at (epoch ms), place. Texts that repeat are numbers of the list they come from. */
export type PageRow = readonly [string, string, number, number, number, number, string];

/** The data of the table. */
export interface PageData {
  readonly actions: readonly string[];
  readonly outcomes: readonly string[];
  readonly why: readonly string[];
  readonly rows: readonly PageRow[];
}

/** The reader's filters; an empty text filters nothing, column -1 keeps the order of the report. */
interface Asked {
  readonly words: string;
  readonly outcome: string;
  readonly action: string;
  readonly column: number;
  readonly descending: boolean;
}

/** The texts of a row's cells. */
function cellsOf([who, reference, action, outcome, why, at, place]: PageRow, data: PageData): string[] {
  const time = at > 0 ? new Date(at).toISOString().slice(0, 19).replace('T', ' ') : '';
  return [who, reference, data.actions[action] ?? '', data.outcomes[outcome] ?? '', data.why[why] ?? '', time, place];
}

/** Numbers of the matching rows, in order. `texts` are the rows in lower case. */
function select(
  asked: Asked,
  data: PageData,
  { texts, cells }: { texts: readonly string[]; cells: typeof cellsOf },
): number[] {
  const words = asked.words.toLowerCase().split(/\s+/).filter(Boolean);
  const [outcome, action] = [data.outcomes.indexOf(asked.outcome), data.actions.indexOf(asked.action)];
  const found: number[] = [];
  data.rows.forEach((row, at) => {
    const fits = (outcome < 0 || row[3] === outcome) && (action < 0 || row[2] === action);
    if (fits && words.every((word) => texts[at]?.includes(word))) found.push(at);
  });
  if (asked.column < 0) return found;
  const { compare } = new Intl.Collator('en', { numeric: true });
  const keys = new Map(found.map((at) => [at, cells(data.rows[at] as PageRow, data)[asked.column] ?? '']));
  const sign = asked.descending ? -1 : 1;
  return found.toSorted((a, b) => compare(keys.get(a) ?? '', keys.get(b) ?? '') * sign || a - b);
}

/** One line of the table, built from text nodes only. */
function drawLine(cells: readonly string[]): HTMLTableRowElement {
  const line = document.createElement('tr');
  cells.forEach((text, place) => {
    const cell = line.insertCell();
    cell.className = ['who', '', 'num', 'num', 'why', 'num', 'num'][place] ?? '';
    const into = place === 3 ? cell.appendChild(document.createElement('span')) : cell;
    if (place === 3) into.className = `mark ${text}`;
    into.textContent = text;
  });
  return line;
}

/** Makes buttons of the column heads and reports which one was pressed. */
function takeHeads(pressed: (column: number, descending: boolean) => void): void {
  const heads = [...document.querySelectorAll<HTMLElement>('#people th')];
  heads.forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    head.replaceChildren(button);
    head.setAttribute('aria-sort', 'none');
    button.addEventListener('click', () => {
      const descending = head.getAttribute('aria-sort') === 'ascending';
      for (const each of heads) each.setAttribute('aria-sort', 'none');
      head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      pressed(column, descending);
    });
  });
}

interface Parts {
  readonly cells: typeof cellsOf;
  readonly find: typeof select;
  readonly draw: typeof drawLine;
  readonly heads: typeof takeHeads;
}

/** Replaces the static table with an interactive one. */
function browse({ cells, find, draw, heads }: Parts): void {
  const part = (id: string) => document.getElementById(id) as HTMLInputElement & HTMLButtonElement;
  const data = JSON.parse(part('rows').textContent) as PageData;
  const texts = data.rows.map((row) => cells(row, data).join(' ').toLowerCase());
  const [perPage, mostPrinted] = [100, 2000];
  let [page, column, descending] = [0, -1, false];
  let shown: number[] = [];
  const render = (printed = 0) => {
    const some = printed > 0 ? shown.slice(0, printed) : shown.slice(page * perPage, (page + 1) * perPage);
    const lines = some.map((at) => draw(cells(data.rows[at] as PageRow, data)));
    document.querySelector('#people tbody')?.replaceChildren(...lines);
    const pages = Math.max(1, Math.ceil(shown.length / perPage));
    const place =
      printed > 0
        ? shown.length > printed
          ? `, the first ${printed.toLocaleString('en')} printed`
          : ''
        : `, page ${page + 1} of ${pages}`;
    part('count').textContent =
      `${shown.length.toLocaleString('en')} of ${data.rows.length.toLocaleString('en')} rows${place}`;
    part('back').disabled = page === 0;
    part('next').disabled = page >= pages - 1;
  };
  const update = () => {
    const asked = { words: part('search').value, outcome: part('outcome').value, action: part('action').value };
    shown = find({ ...asked, column, descending }, data, { texts, cells });
    page = 0;
    render();
  };
  const turn = (by: number) => {
    page += by;
    render();
    part('people').scrollIntoView({ block: 'start' });
  };
  heads((pressed, down) => {
    [column, descending] = [pressed, down];
    update();
  });
  for (const id of ['search', 'outcome', 'action']) part(id).addEventListener('input', update);
  part('back').addEventListener('click', () => turn(-1));
  part('next').addEventListener('click', () => turn(1));
  for (const tile of document.querySelectorAll<HTMLElement>('[data-outcome]'))
    tile.addEventListener('click', () => {
      part('outcome').value = tile.dataset['outcome'] ?? '';
      update();
    });
  // Print shows all rows, without paging.
  addEventListener('beforeprint', () => render(mostPrinted));
  addEventListener('afterprint', () => render());
  for (const tools of document.querySelectorAll<HTMLElement>('[data-script]')) tools.hidden = false;
  part('static').hidden = true;
  update();
}

const parts = Object.entries({ cells: cellsOf, find: select, draw: drawLine, heads: takeHeads });
/** The script of the page. */
export const script = `(${browse.toString()})({${parts.map(([name, part]) => `${name}:${part.toString()}`).join(',')}})`;
