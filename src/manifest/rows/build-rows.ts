// Lines of one file → rows of the run: picked by the job's conditions, spread over its steps, validated, keyed.
import type { SeenRows } from '../checks/duplicates.ts';
import type { TableRow } from '../read/csv.ts';
import { columnNames, placeOf } from './columns.ts';
import { parseDays, type ReadDate } from './iso-dates.ts';
import { failed, isFailed } from '../read/xlsx-formulas.ts';
import { type ColumnMapping, unknownHeader } from './column-mapping.ts';
import type { FilteredOut } from '../checks/filtered-out.ts';
import type { Problem, Issue, Row } from './row.ts';
import { quote, textOf } from '../../text/quote.ts';
import { foldWord, type RowRecipe, type Step } from '../job/row-recipe.ts';
import { validate } from './validate.ts';
import type { RowFilter } from '../job/row-filter.ts';

/** What is settled about a file before its lines are read. */
export interface FileContext {
  readonly file: string;
  readonly recipe: RowRecipe;
  readonly headers: readonly string[];
  readonly layout: ColumnMapping;
  readonly tests: readonly RowFilter[];
  readonly left: FilteredOut;
}

/** The rows that a line becomes, none when the job does not take it. `number` is that of the last row before. */
export function buildRows(
  line: TableRow,
  reading: FileContext,
  { book, number }: { book: SeenRows; number: number },
): Row[] {
  const taken = line.problem ?? isTaken(line, reading);
  if (taken === false) return [];
  const { values, problems } = arrange(line, reading);
  if (taken !== true) problems.push(taken);
  return reading.recipe.steps.map((step, at) =>
    rowOf({ line, values: fix(values, step, reading.recipe.rules.readDate), problems }, reading, {
      book,
      number: number + at + 1,
    }),
  );
}

function isTaken({ cells }: TableRow, { tests, left }: FileContext): boolean | Problem {
  if (tests.length > 0) left.see();
  for (const { column, cell, holds } of tests) {
    const taken = holds(cells[cell]);
    if (taken === false) left.add(column, textOf(cells[cell]).trim());
    if (taken !== true) return taken;
  }
  return true;
}

interface Draft {
  readonly line: TableRow;
  readonly values: readonly unknown[];
  readonly problems: readonly Problem[];
}

function rowOf(
  { line: { line }, values, problems }: Draft,
  { file, recipe }: FileContext,
  { book, number }: { book: SeenRows; number: number },
): Row {
  const read = problems.length > 0 ? problems : validate(values, recipe.rules);
  if (!('action' in read)) return invalid(read, { row: number, file, line, key: book.enterInvalid(values) });
  const { key, duplicate, redated, problem } = book.enter(read);
  if (problem !== undefined) return invalid([problem], { row: number, file, line, key });
  const record = { key, row: number, file, line, action: read.action, fields: read.fields };
  if (duplicate) return { kind: 'duplicate', record };
  return redated ? { kind: 'record', record, redated } : { kind: 'record', record };
}

function invalid(problems: readonly Problem[], at: { row: number; file: string; line: number; key: string }): Row {
  const issues = problems.map((problem): Issue => ({ file: at.file, line: at.line, ...problem }));
  return { kind: 'invalid', ...at, issues };
}

/** The values of a row before any is read. */
const nothing: readonly unknown[] = columnNames.map(() => undefined);

/** A line's cells in the order of our columns; empty ones are undefined. */
function arrange(
  { cells }: TableRow,
  { headers, layout, recipe }: FileContext,
): { values: unknown[]; problems: Problem[] } {
  const values = [...nothing];
  const problems: Problem[] = [];
  for (const { cell, place } of layout.pairs) {
    const value = filled(cells[cell], recipe.nulls);
    if (value === undefined) continue;
    if (isFailed(value)) problems.push(failed(columnNames[place] ?? '', value));
    if (values[place] !== undefined)
      problems.push({ message: `two of the row's keys mean ${columnNames[place]}; keep one`, cause: 'header' });
    values[place] = value;
  }
  problems.push(...undated(values, layout, recipe));
  for (const cell of layout.unknown) if (cells[cell] !== undefined) problems.push(unknownHeader(headers, cell));
  return { values, problems };
}

/** A row without the date that a job reads would run at once, and nobody has said so. */
function undated(values: readonly unknown[], { mapping }: ColumnMapping, { renaming }: RowRecipe): Problem[] {
  if (renaming?.columns.notBefore === undefined || values[placeOf.notBefore] !== undefined) return [];
  const header = quote(mapping.find(({ column }) => column === 'notBefore')?.header);
  const message = `is empty under ${header}, so nobody knows when the row is due; fill in the date, or leave such rows out by the job's where (notIn [""])`;
  return [{ column: 'notBefore', message, cause: 'no date' }];
}

function filled(value: unknown, nulls: ReadonlySet<string>): unknown {
  if (value === null) return undefined;
  if (typeof value !== 'string') return value;
  const text = value.trim();
  return text === '' || (nulls.size > 0 && nulls.has(foldWord(text))) ? undefined : text;
}

function fix(values: readonly unknown[], step: Step, readDate: ReadDate): readonly unknown[] {
  if (step.length === 0) return values;
  const fixed = [...values];
  for (const { place, value } of step) {
    const days = place === placeOf.notBefore && typeof value === 'string' ? parseDays(value) : undefined;
    fixed[place] = days === undefined ? value : putOff(values[place], days, readDate);
  }
  return fixed;
}

/** The row's own date and so much time after it; what is no date is left for validation to refuse. */
function putOff(value: unknown, ms: number, readDate: ReadDate): unknown {
  const read = typeof value === 'string' || value instanceof Date ? readDate(value) : undefined;
  return typeof read === 'string' ? new Date(Date.parse(read) + ms).toISOString() : value;
}
