// buildRows: turns a line of a file into rows: selects it by the job's conditions, splits lists, applies the steps, validates, adds keys.
import type { SeenRows } from '../checks/duplicates.ts';
import type { TableRow } from '../read/csv.ts';
import { columnNames, placeOf } from './columns.ts';
import { isoInstant, parseDays, type ReadDate } from './iso-dates.ts';
import { errorValueProblem, isErrorValue } from '../read/xlsx-formulas.ts';
import { type ColumnMapping, unknownHeader } from './column-mapping.ts';
import type { FileContext, PersonIndex } from './file-context.ts';
import { FieldError, type Problem, type Issue, type Row } from './row.ts';
import { quote } from '../../text/quote.ts';
import { foldWord, type RowRecipe, type Split, type Step } from '../job/row-recipe.ts';
import { readerFor, selectLine } from './select-line.ts';
import { validate } from './validate.ts';

/** State from earlier rows. */
export interface RowsSoFar {
  readonly seenRows: SeenRows;
  /** The number of the last row. */
  readonly number: number;
  readonly people: PersonIndex | undefined;
}

/** The rows of a line; none if the job leaves it out. */
export function buildRows(line: TableRow, reading: FileContext, { seenRows, number, people }: RowsSoFar): Row[] {
  const reader = readerFor(line.cells, reading);
  const readDate = reader instanceof FieldError ? () => reader : reader;
  const selected = selectLine(line, reading, { people, readDate });
  if (selected === false) return [];
  const { values, problems } = arrange(line, reading);
  if (selected !== true) problems.push(selected);
  const parts = problems.length > 0 ? [values] : splitLists(values, reading.recipe.splits);
  const rows = parts.flatMap((part) => reading.recipe.steps.map((step) => fix(part, step, readDate)));
  return rows.map((row, at) =>
    rowOf({ line, values: row, problems, readDate }, reading, { seenRows, number: number + at + 1 }),
  );
}

interface Draft {
  readonly line: TableRow;
  readonly values: readonly unknown[];
  readonly problems: readonly Problem[];
  readonly readDate: ReadDate;
}

function rowOf(
  { line: { line }, values, problems, readDate }: Draft,
  { file, recipe }: FileContext,
  { seenRows, number }: { seenRows: SeenRows; number: number },
): Row {
  const read = problems.length > 0 ? problems : validate(values, { readDate, lenient: recipe.lenient });
  if (!('action' in read)) return invalid(read, { row: number, file, line, key: seenRows.enterInvalid(values) });
  const { key, duplicate, redated, problem, firstPlace } = seenRows.enter(read, { file, line });
  if (problem !== undefined) return invalid([problem], { row: number, file, line, key });
  const record = { key, row: number, file, line, action: read.action, fields: read.fields };
  if (duplicate) return { kind: 'duplicate', record, ...(firstPlace === undefined ? {} : { firstPlace }) };
  return redated ? { kind: 'record', record, redated } : { kind: 'record', record };
}

function invalid(problems: readonly Problem[], at: { row: number; file: string; line: number; key: string }): Row {
  const issues = problems.map((problem): Issue => ({ file: at.file, line: at.line, ...problem }));
  return { kind: 'invalid', ...at, issues };
}

/** A row without values. */
const nothing: readonly unknown[] = columnNames.map(() => undefined);

/** A line's cells in the order of our columns; empty ones are undefined. */
export function arrange(
  { cells }: TableRow,
  { headers, layout, recipe }: FileContext,
): { values: unknown[]; problems: Problem[] } {
  const values = [...nothing];
  const problems: Problem[] = [];
  for (const { cells: places, place } of layout.pairs) {
    const value = firstFilled(cells, places, recipe.nulls);
    if (value === undefined) continue;
    if (isErrorValue(value)) problems.push(errorValueProblem(columnNames[place] ?? '', value));
    if (values[place] !== undefined)
      problems.push({ message: `two of the row's keys mean ${columnNames[place]}; keep one`, cause: 'header' });
    values[place] = value;
  }
  problems.push(...undated(values, layout, recipe), ...listed(values, recipe));
  for (const cell of layout.unknown) if (cells[cell] !== undefined) problems.push(unknownHeader(headers, cell));
  return { values, problems };
}

/** Refuses an empty date, because a row without a date would run at once. */
function undated(values: readonly unknown[], { mapping }: ColumnMapping, { renaming }: RowRecipe): Problem[] {
  if (renaming?.columns.notBefore === undefined || values[placeOf.notBefore] !== undefined) return [];
  const header = quote(mapping.find(({ column }) => column === 'notBefore')?.header);
  const message = `is empty under ${header}, so the row has no due date; fill in the date, or exclude such rows with the job's where (notIn [""])`;
  return [{ column: 'notBefore', message, cause: 'no date' }];
}

/** Refuses several groups in one cell, because they would be looked up as one group, which does not exist. */
function listed(values: readonly unknown[], { renaming, splits, singleValued: whole }: RowRecipe): Problem[] {
  const place = placeOf.groupName;
  const value = values[place];
  const isRead = renaming?.columns.groupName !== undefined && values[placeOf.groupId] === undefined;
  const isSplit = splits.some((split) => split.place === place) || whole.has('groupName');
  if (!isRead || isSplit || typeof value !== 'string' || !/[,;\n]/.test(value)) return [];
  const message = `${quote(value)} looks like a list; give its separator as input.split of the job, like {"groupName": ","}, or {"groupName": false} if it is one group`;
  return [{ column: 'groupName', message, cause: 'a list in a cell' }];
}

function firstFilled(cells: readonly unknown[], places: readonly number[], nulls: ReadonlySet<string>): unknown {
  for (const place of places) {
    const value = filled(cells[place], nulls);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Excel's notation for digits as text. */
const textFormula = /^="(.*)"$/s;

const plainSpaces: ReadonlySet<string | undefined> = new Set([' ', '\t', '\r', '\n']);

/**
 * The value without plain spaces around it. Other, invisible spaces are kept, so that they are refused. A loop, because a regular expression
 * takes quadratic time for a cell full of spaces.
 */
function trimPlain(value: string): string {
  let [start, end] = [0, value.length];
  while (start < end && plainSpaces.has(value[start])) start += 1;
  while (end > start && plainSpaces.has(value[end - 1])) end -= 1;
  return value.slice(start, end);
}

function filled(value: unknown, nulls: ReadonlySet<string>): unknown {
  if (value === null) return undefined;
  if (typeof value !== 'string') return value;
  const trimmed = trimPlain(value);
  const text = textFormula.exec(trimmed)?.[1]?.replaceAll('""', '"') ?? trimmed;
  return text.trim() === '' || (nulls.size > 0 && nulls.has(foldWord(text))) ? undefined : text;
}

/** One list of values for each entry of the lists in the cells that the job splits. */
function splitLists(values: readonly unknown[], splits: readonly Split[]): (readonly unknown[])[] {
  let parts: (readonly unknown[])[] = [values];
  for (const { place, separator } of splits) {
    const value = values[place];
    const entries = (
      Array.isArray(value) ? (value as unknown[]) : typeof value === 'string' ? value.split(separator) : []
    )
      .map((entry) => (typeof entry === 'string' ? trimPlain(entry) : entry))
      .filter((entry) => entry !== '');
    if (entries.length > 0) parts = parts.flatMap((part) => entries.map((entry) => part.with(place, entry)));
  }
  return parts;
}

function fix(values: readonly unknown[], step: Step, readDate: ReadDate): readonly unknown[] {
  if (step.length === 0) return values;
  const changed = [...values];
  for (const { place, value } of step) {
    const days = place === placeOf.notBefore && typeof value === 'string' ? parseDays(value) : undefined;
    changed[place] = days === undefined ? value : putOff(values[place], days, readDate);
  }
  return changed;
}

/** The row's date plus `ms`. A value that is not a date is returned unchanged, and validation refuses it. */
function putOff(value: unknown, ms: number, readDate: ReadDate): unknown {
  const read = typeof value === 'string' || value instanceof Date ? readDate(value) : undefined;
  return typeof read === 'string' ? isoInstant(Date.parse(read) + ms) : value;
}
