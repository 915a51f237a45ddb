// Which lines a job takes: its conditions against a line's cells.
import { parseDays, parseIso } from '../rows/iso-dates.ts';
import { failed, isFailed } from '../read/xlsx-formulas.ts';
import type { Condition } from './schema.ts';
import { findHeader } from '../rows/column-mapping.ts';
import { type Problem, FieldError } from '../rows/row.ts';
import { textOf } from '../../text/quote.ts';
import { foldWord, type RowRecipe } from './row-recipe.ts';

export interface RowFilter {
  /** The header as the job names it. */
  readonly column: string;
  /** Place of the cell that is looked at. */
  readonly cell: number;
  /** True when the line is taken, false when not; a problem when a date can't be read. */
  readonly holds: (value: unknown) => boolean | Problem;
}

/** The tests of a file, or a problem for each condition whose header is not there. */
export function rowFilters(headers: readonly string[], recipe: RowRecipe): { tests: RowFilter[]; problems: Problem[] } {
  const tests: RowFilter[] = [];
  const problems: Problem[] = [];
  for (const condition of recipe.conditions) {
    const cell = findHeader(headers, { names: [condition.column], column: 'where' });
    if (typeof cell === 'number')
      tests.push({ column: condition.column, cell, holds: (value) => holds(condition, value, recipe) });
    else problems.push(cell);
  }
  return { tests, problems };
}

function holds(condition: Condition, value: unknown, recipe: RowRecipe): boolean | Problem {
  const text = textOf(value).trim();
  if (isFailed(text) && !recipe.nulls.has(foldWord(text))) return failed(condition.column, text);
  if (condition.in !== undefined) return isAmong(condition.in, text);
  if (condition.notIn !== undefined) return !isAmong(condition.notIn, text);
  if (condition.matches !== undefined) return new RegExp(condition.matches, 'iu').test(text);
  if (text === '' || recipe.nulls.has(foldWord(text))) return false;
  const read = recipe.rules.readDate(value instanceof Date ? value : text);
  if (read instanceof FieldError) return { column: condition.column, message: read.message, cause: read.cause };
  const at = Date.parse(read);
  const { before, after } = condition;
  return (before === undefined || at < moment(before, recipe)) && (after === undefined || at > moment(after, recipe));
}

function isAmong(words: readonly string[], text: string): boolean {
  const word = foldWord(text);
  return words.some((each) => foldWord(each) === word);
}

/** An ISO date, or days from now. The job file was checked to hold one of the two. */
function moment(text: string, { now }: RowRecipe): number {
  const days = parseDays(text);
  return days === undefined ? (parseIso(text) ?? Number.NaN) : now + days;
}
