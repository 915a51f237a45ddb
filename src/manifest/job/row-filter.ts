// compileFilter: the conditions of a job, tested against the cells of a line.
import { isoInstant, parseDays, parseIso, type ReadDate } from '../rows/iso-dates.ts';
import { errorValueProblem, isErrorValue } from '../read/xlsx-formulas.ts';
import type { Condition, Header } from './schema.ts';
import { findCells, textOfHeader } from '../rows/find-headers.ts';
import { type Problem, FieldError } from '../rows/row.ts';
import { textOf } from '../../text/quote.ts';
import { foldWord, type RowRecipe } from './row-recipe.ts';

/** The cell that excludes a line. */
export interface Miss {
  readonly column: string;
  readonly text: string;
}

/** True when the line is selected; a problem when a cell can't be compared. */
export type Selected = true | Miss | Problem;

/** The parts of a line that a condition looks at. */
export interface Line {
  readonly cells: readonly unknown[];
  /** In the time zone of the line. */
  readonly readDate: ReadDate;
}

export interface RowFilter {
  readonly select: (line: Line) => Selected;
  /** Indexes of all cells that are tested. */
  readonly cells: readonly number[];
  /** Problems with headers that the file does not have. */
  readonly problems: readonly Problem[];
}

/** The filter of a file. Without conditions every line is selected. */
export function compileFilter(headers: readonly string[], recipe: RowRecipe): RowFilter {
  const filter = new Compiler(headers, recipe);
  const select = filter.all(recipe.conditions);
  return { select, cells: filter.cells, problems: filter.problems };
}

class Compiler {
  readonly cells: number[] = [];
  readonly problems: Problem[] = [];
  readonly #headers: readonly string[];
  readonly #recipe: RowRecipe;

  constructor(headers: readonly string[], recipe: RowRecipe) {
    this.#headers = headers;
    this.#recipe = recipe;
  }

  all(conditions: readonly Condition[]): RowFilter['select'] {
    const tests = conditions.map((each) => this.#compile(each));
    return (line) => {
      for (const test of tests) {
        const selected = test(line);
        if (selected !== true) return selected;
      }
      return true;
    };
  }

  #any(conditions: readonly Condition[]): RowFilter['select'] {
    const tests = conditions.map((each) => this.#compile(each));
    return (line) => {
      const results = tests.map((test) => test(line));
      const problem = results.find((each) => each !== true && 'message' in each);
      return results.includes(true) ? true : (problem ?? results[0] ?? true);
    };
  }

  #not(condition: Condition): RowFilter['select'] {
    const before = this.cells.length;
    const test = this.#compile(condition);
    const [cell] = this.cells.slice(before);
    const column = this.#headers[cell ?? -1] ?? '';
    return (line) => {
      const selected = test(line);
      if (selected === true) return { column, text: textOf(line.cells[cell ?? -1]).trim() };
      return 'message' in selected ? selected : true;
    };
  }

  #compile(condition: Condition): RowFilter['select'] {
    if (condition.all !== undefined) return this.all(condition.all);
    if (condition.any !== undefined) return this.#any(condition.any);
    if (condition.not !== undefined) return this.#not(condition.not);
    return this.#leaf(condition, condition.column ?? '');
  }

  #leaf(condition: Condition, header: Header): RowFilter['select'] {
    const found = findCells(this.#headers, { source: header, column: 'where' });
    if ('message' in found) {
      this.problems.push(found);
      return () => true;
    }
    const [cell = 0] = found;
    this.cells.push(cell);
    const test = new LeafTest(condition, this.#recipe);
    return ({ cells, readDate }) => test.select(cells[cell], readDate);
  }
}

class LeafTest {
  readonly #condition: Condition;
  readonly #recipe: RowRecipe;
  readonly #column: string;
  readonly #words: ReadonlySet<string>;
  readonly #before: number;
  readonly #after: number;

  constructor(condition: Condition, recipe: RowRecipe) {
    this.#condition = condition;
    this.#recipe = recipe;
    this.#column = textOfHeader(condition.column ?? '');
    this.#words = new Set((condition.in ?? condition.notIn ?? []).map(foldWord));
    this.#before = moment(condition.before, recipe.now) ?? Number.POSITIVE_INFINITY;
    this.#after = moment(condition.after, recipe.now) ?? Number.NEGATIVE_INFINITY;
  }

  select(value: unknown, readDate: ReadDate): Selected {
    const text = textOf(value).trim();
    if (isErrorValue(text) && !this.#recipe.nulls.has(foldWord(text))) return errorValueProblem(this.#column, text);
    const holds = this.#holds(value, text, readDate);
    return holds === false ? { column: this.#column, text } : holds;
  }

  #holds(value: unknown, text: string, readDate: ReadDate): boolean | Problem {
    const { in: among, notIn, matches } = this.#condition;
    if (among !== undefined) return this.#words.has(foldWord(text));
    if (notIn !== undefined) return !this.#words.has(foldWord(text));
    if (matches !== undefined) return this.#recipe.patterns.get(matches)?.(text) ?? false;
    if (text === '' || this.#recipe.nulls.has(foldWord(text))) return false;
    const read = readDate(value instanceof Date ? value : text);
    if (read instanceof FieldError) return { column: this.#column, message: read.message, cause: read.cause };
    const at = Date.parse(read);
    return at < this.#before && at > this.#after;
  }
}

/** An ISO date, or days from now. validate-conditions.ts guarantees one of the two. */
function moment(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const days = parseDays(text);
  return days === undefined ? parseIso(text) : Date.parse(isoInstant(now + days));
}
