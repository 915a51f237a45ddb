// prepareFile: locates the cells of a file for values, conditions, persons and known words, before its lines are read.
import type { Employments } from '../checks/employments.ts';
import type { FilteredOut } from '../checks/filtered-out.ts';
import type { LinePlaces } from '../checks/line-places.ts';
import { compileFilter, type RowFilter } from '../job/row-filter.ts';
import { foldWord, type RowRecipe } from '../job/row-recipe.ts';
import type { ColumnSource } from '../job/schema.ts';
import type { Table } from '../read/table.ts';
import { type ColumnMapping, mapJobColumns, mapOwnColumns } from './column-mapping.ts';
import { foldHeader, placeOf } from './columns.ts';
import { findCells, headersOf, textOfHeader } from './find-headers.ts';
import type { Problem } from './row.ts';

/** A column with a list of allowed words (`input.known`). */
export interface KnownWords {
  readonly column: string;
  readonly cell: number;
  readonly words: readonly string[];
  readonly folded: ReadonlySet<string>;
}

/** The cells that identify a person and date an employment (`input.person`). */
export interface PersonCells {
  readonly by: readonly (readonly number[])[];
  /** Undefined when the file has no such column. */
  readonly latest: readonly number[] | undefined;
  /** The name of the date column, for messages. */
  readonly name: string;
}

/** The persons of all files of a run. */
export interface PersonIndex {
  readonly employments: Employments;
  readonly places: LinePlaces;
}

export interface FileContext {
  readonly file: string;
  readonly recipe: RowRecipe;
  readonly headers: readonly string[];
  /** Cells of a whole line; undefined for JSON. */
  readonly width: number | undefined;
  readonly layout: ColumnMapping;
  readonly filter: RowFilter;
  readonly known: readonly KnownWords[];
  readonly person: PersonCells | undefined;
  /** The cells with a line's time zone. */
  readonly zone: readonly number[] | undefined;
  /** Cells that identify a person; a line in which all are empty is a footer. Empty when the job reads none. */
  readonly personCells: readonly number[];
  /** Cells of conditions and dates: if one is filled, a line without a person is not a footer. */
  readonly statusCells: readonly number[];
  /** All cells that are read. */
  readonly used: ReadonlySet<number>;
  readonly filteredOut: FilteredOut;
}

export interface Prepared {
  readonly context: FileContext;
  readonly problems: readonly Problem[];
}

export interface FileToPrepare {
  readonly file: string;
  readonly table: Table;
  readonly recipe: RowRecipe;
  readonly ignoreColumns: boolean;
  readonly filteredOut: FilteredOut;
}

/** Finds every cell that the recipe reads; a header that the file lacks is a problem. */
export function prepareFile({ file, table, recipe, ignoreColumns, filteredOut }: FileToPrepare): Prepared {
  const headers = [...table.headers];
  const problems: Problem[] = [];
  const find = (source: ColumnSource, column: string) => {
    const cells = findCells(headers, { source, column });
    if (!('message' in cells)) return cells;
    problems.push(cells);
    return [];
  };
  const { renaming } = recipe;
  const layout = renaming === undefined ? mapOwnColumns(headers, ignoreColumns) : mapJobColumns(headers, renaming);
  const filter = compileFilter(headers, recipe);
  const known = Object.entries(recipe.known ?? {}).flatMap(([column, words]): KnownWords[] =>
    find(column, 'known').map((cell) => ({ column, cell, words, folded: new Set(words.map(foldWord)) })),
  );
  const person = recipe.person === undefined ? undefined : findPersonCells(headers, recipe.person, find);
  const zone = recipe.zone === undefined ? undefined : find(recipe.zone, 'dates.zone');
  const at = (...places: readonly number[]) =>
    layout.pairs.filter(({ place }) => places.includes(place)).flatMap(({ cells }) => cells);
  const context: FileContext = {
    file,
    recipe,
    headers,
    width: table.width,
    layout,
    filter,
    known,
    person,
    zone,
    personCells: renaming === undefined ? [] : at(placeOf.accountId, placeOf.email),
    statusCells: [...filter.cells, ...at(placeOf.notBefore)],
    used: new Set([
      ...layout.pairs.flatMap(({ cells }) => cells),
      ...filter.cells,
      ...known.map(({ cell }) => cell),
      ...(person?.by.flat() ?? []),
      ...(person?.latest ?? []),
      ...(zone ?? []),
    ]),
    filteredOut,
  };
  return { context, problems: [...filter.problems, ...problems] };
}

function findPersonCells(
  headers: readonly string[],
  { by, latest }: NonNullable<RowRecipe['person']>,
  find: (source: ColumnSource, column: string) => readonly number[],
): PersonCells {
  const cells = findCells(headers, { source: latest, column: 'person.latest' });
  // Without the column, only a person with several lines is in doubt; those lines are refused.
  const isAbsent = 'message' in cells && !headersOf(latest).some((header) => isIn(headers, textOfHeader(header)));
  return {
    by: by.map((source) => find(source, 'person.by')),
    latest: isAbsent ? undefined : find(latest, 'person.latest'),
    name: headersOf(latest).map(textOfHeader).join(' or '),
  };
}

function isIn(headers: readonly string[], name: string): boolean {
  return headers.some((header) => foldHeader(header) === foldHeader(name));
}
