// selectLine: decides whether a line becomes rows, is left out (and counted), or is invalid. Its values are read later.
import { foldWord } from '../job/row-recipe.ts';
import type { TableRow } from '../read/csv.ts';
import { checkWidth, isFilled } from '../read/table.ts';
import { errorValueProblem, isErrorValue } from '../read/xlsx-formulas.ts';
import { didYouMean } from '../../text/suggest.ts';
import { quote, quoteAll, textOf } from '../../text/quote.ts';
import type { FileContext, PersonIndex } from './file-context.ts';
import { minuteOf, type ReadDate } from './iso-dates.ts';
import { FieldError, type Problem } from './row.ts';

/** True for a line that becomes rows, false for one that is left out. */
export type Selection = boolean | Problem;

/** Decides about one line. Values are validated only in a line about a person that the conditions select. */
export function selectLine(
  line: TableRow,
  file: FileContext,
  { people, readDate }: { people: PersonIndex | undefined; readDate: ReadDate },
): Selection {
  if (line.problem !== undefined) return line.problem;
  if (isFooter(line, { file, readDate })) {
    file.filteredOut.addFooter(line.line);
    return false;
  }
  const broken = damage(line, file) ?? misfit(line, file) ?? unknownWord(line, file);
  if (broken !== undefined) return broken;
  const comparison = people === undefined ? undefined : comparePerson(line, file, people);
  if (comparison === false) return false;
  return isSelected(line, file, readDate) ?? comparison ?? true;
}

/**
 * True for a total, a count of rows or a remark: a line without a person that the conditions do not select, or whose cells for conditions
 * and dates are empty. A line without a person that is selected is an error, because a leaver's address is missing.
 */
function isFooter({ cells }: TableRow, { file, readDate }: { file: FileContext; readDate: ReadDate }): boolean {
  const { personCells, statusCells, recipe, filter } = file;
  const isBlank = (cell: number) => isEmpty(cells[cell], recipe.nulls);
  if (personCells.length === 0 || !personCells.every(isBlank)) return false;
  return statusCells.every(isBlank) || filter.select({ cells, readDate }) !== true;
}

function isEmpty(value: unknown, nulls: ReadonlySet<string>): boolean {
  return value === undefined || !isFilled(value) || (typeof value === 'string' && nulls.has(foldWord(value)));
}

function damage({ cells, damaged = [] }: TableRow, { headers, used }: FileContext): Problem | undefined {
  const cell = damaged.find((each) => used.has(each));
  if (cell === undefined) return undefined;
  const message = `${quote(cells[cell])} under ${quote(headers[cell])} has text after its closing quote; put the whole cell in quotes and double every quote in it`;
  return { message, cause: 'quotes' };
}

function misfit(line: TableRow, { width, recipe }: FileContext): Problem | undefined {
  return width === undefined ? undefined : checkWidth(line, width, recipe.renaming !== undefined);
}

function unknownWord({ cells }: TableRow, { known, recipe }: FileContext): Problem | undefined {
  for (const { column, cell, words, folded } of known) {
    const text = textOf(cells[cell]);
    if (folded.has(foldWord(text))) continue;
    if (isErrorValue(text) && !recipe.nulls.has(foldWord(text))) return errorValueProblem(column, text);
    const hint = didYouMean(text, words);
    const message = `${quote(text)} is not among the known words of input.known (${quoteAll(words)})${hint || ';'} correct the cell, or add the word to the job and decide what it means`;
    return { column: quote(column), message, cause: `unknown word under ${column}` };
  }
  return undefined;
}

/** False for a line about an earlier employment; a problem if the lines do not show which employment is the latest. */
function comparePerson(
  line: TableRow,
  file: FileContext,
  { employments, places }: PersonIndex,
): false | Problem | undefined {
  const employment = personLine(line, file, places.placeOf(file.file, line.line));
  if (employment === undefined) return undefined;
  const standing = employments.standing(employment);
  if (standing.kind === 'latest') return undefined;
  const other = places.describe(standing.place);
  if (standing.kind === 'earlier') {
    file.filteredOut.addEarlier(line.line, other);
    return false;
  }
  const name = quote(file.person?.name);
  const why =
    standing.kind === 'tie'
      ? `has the same ${name} as ${other}, which is about the same person`
      : `and ${other} are about the same person, and at least one has no date under ${name}`;
  const message = `${why}, so it is unclear which of the two counts; correct the date, or remove one of the lines`;
  return { message, cause: 'two lines about one person' };
}

/** The person and the employment date of a line; undefined if it names no person. */
export function personLine({ cells }: TableRow, file: FileContext, place: number) {
  const { person, recipe, used } = file;
  const first = (places: readonly number[]) =>
    places.map((cell) => cells[cell]).find((value) => !isEmpty(value, recipe.nulls));
  const names = person?.by.map((each) => foldWord(textOf(first(each)))) ?? [];
  if (names.every((name) => name === '')) return undefined;
  const value = person?.latest === undefined ? undefined : first(person.latest);
  const readDate = readerFor(cells, file);
  const isDate = typeof value === 'string' || value instanceof Date;
  const read =
    isDate && !(readDate instanceof FieldError)
      ? readDate(typeof value === 'string' ? value.trim() : value)
      : undefined;
  const content = [...used].map((cell) => textOf(cells[cell]).trim()).join('\u001f');
  return { person: names.join('\u001f'), date: typeof read === 'string' ? minuteOf(read) : 0, place, content };
}

/** Reads dates in the time zone of the line. */
export function readerFor(cells: readonly unknown[], { recipe, zone }: FileContext): ReadDate | FieldError {
  if (zone === undefined) return recipe.readDateIn();
  return recipe.readDateIn(textOf(zone.map((cell) => cells[cell]).find(isFilledCell)).trim());
}

function isFilledCell(value: unknown): boolean {
  return value !== undefined && isFilled(value);
}

/** False for a line that the conditions exclude, a problem for a cell that can't be compared. */
function isSelected({ cells }: TableRow, file: FileContext, readDate: ReadDate): false | Problem | undefined {
  if (file.recipe.conditions.length === 0) return undefined;
  file.filteredOut.see();
  const selected = file.filter.select({ cells, readDate });
  if (selected === true) return undefined;
  if ('message' in selected) return selected;
  file.filteredOut.add(selected.column, selected.text);
  return false;
}
