// explainLine: shows one line of a file, how its cells are read, and why it becomes rows or is left out.
import { columnNames } from './rows/columns.ts';
import { FilteredOut } from './checks/filtered-out.ts';
import type { Manifest } from './manifest.ts';
import type { TableRow } from './read/csv.ts';
import { arrange } from './rows/build-rows.ts';
import type { FileContext, PersonIndex } from './rows/file-context.ts';
import type { ReadDate } from './rows/iso-dates.ts';
import { FieldError } from './rows/row.ts';
import { readerFor, selectLine } from './rows/select-line.ts';
import { utcMinute } from '../text/phrases.ts';
import { quote, textOf } from '../text/quote.ts';

/** The explanation of a line. */
export interface Explanation {
  readonly file: string;
  /** First line of the row that the line belongs to. */
  readonly line: number;
  /** `"Work Email": "ada@example.com"` for each cell. */
  readonly cells: readonly string[];
  /** `email: "ada@example.com"` for each of our columns that has a value. */
  readonly values: readonly string[];
  /** The date in the line and the instant that it means; undefined without a date. */
  readonly date: string | undefined;
  /** Whether the line is selected, or why not. */
  readonly selection: string;
}

/** Explains the row that begins on a line or contains it; undefined when the file has none there. */
export async function explainLine(
  manifest: Manifest,
  lineNumber: number,
  people: PersonIndex | undefined,
): Promise<Explanation | undefined> {
  const row = await rowAt(manifest, lineNumber);
  if (row === undefined) return undefined;
  const filteredOut = new FilteredOut();
  const file: FileContext = { ...manifest.refreshLayout(), filteredOut };
  const reader = readerFor(row.cells, file);
  const readDate = reader instanceof FieldError ? () => reader : reader;
  const selected = selectLine(row, file, { people, readDate });
  const { values, problems } = arrange(row, file);
  const wrong = [...(typeof selected === 'object' ? [selected] : []), ...(selected === false ? [] : problems)];
  const notBefore = values[columnNames.indexOf('notBefore')];
  return {
    file: manifest.path,
    line: row.line,
    cells: row.cells.flatMap((cell, at) => (cell === undefined ? [] : [`${quote(file.headers[at])}: ${quote(cell)}`])),
    values: values.flatMap((value, at) => (value === undefined ? [] : [`${columnNames[at]}: ${quote(value)}`])),
    date: notBefore === undefined ? undefined : dateIn(notBefore, { readDate, file, row }),
    selection:
      selected === false
        ? filteredOut.sentences.join('; ')
        : wrong.map(({ message }) => message).join('; ') || selectedBy(file, row),
  };
}

async function rowAt({ table }: Manifest, lineNumber: number): Promise<TableRow | undefined> {
  let found: TableRow | undefined;
  for await (const batch of table.lines())
    for (const row of batch) {
      if (row.line > lineNumber) return found;
      found = row;
    }
  return found;
}

/** The instant, and the rules that lead to it. */
function dateIn(
  value: unknown,
  { readDate, file, row }: { readDate: ReadDate; file: FileContext; row: TableRow },
): string {
  const read = readDate(value instanceof Date ? value : textOf(value));
  if (read instanceof FieldError) return read.message;
  const { format = 'ISO', zone = 'UTC', at = 'start-of-day' } = file.recipe.dates ?? {};
  const own = file.zone?.map((cell) => textOf(row.cells[cell])).find((text) => text !== '');
  const rules = [[format].flat().join(' or '), own ?? (typeof zone === 'string' ? zone : 'UTC'), at];
  return `${quote(value)} means ${utcMinute(read)} (${rules.join(', ')})`;
}

function selectedBy({ recipe: { conditions }, filter, headers }: FileContext, { cells }: TableRow): string {
  if (conditions.length === 0) return 'selected, because there are no conditions';
  const seen = [...new Set(filter.cells)].map((cell) => `${quote(headers[cell])} is ${quote(cells[cell])}`);
  return `selected by where: ${seen.join(', ')}`;
}
