// mapOwnColumns, mapJobColumns: map cells to columns, for manifest headers and for the headers that a job file names.
import { type ColumnName, columnNames, columnOf, foldHeader, placeOf } from './columns.ts';
import { didYouMean } from '../../text/suggest.ts';
import type { ColumnSource } from '../job/schema.ts';
import { findCells } from './find-headers.ts';
import type { Problem } from './row.ts';
import { quote, quoteAll } from '../../text/quote.ts';
import { listInvisible } from '../../text/sanitize.ts';

/** A manifest column and the header it is read from; `index` is 1-based. */
export interface Mapped {
  readonly column: ColumnName;
  readonly header: string;
  readonly index: number;
}

/** The mapping of cells to columns. */
export interface ColumnMapping {
  /** Cells, of which the first filled one counts → index in the row's values. */
  readonly pairs: readonly { readonly cells: readonly number[]; readonly place: number }[];
  readonly mapping: readonly Mapped[];
  /** Headers that are not read. */
  readonly ignored: readonly string[];
  /** Cells under unknown headers, if unknown headers are errors. */
  readonly unknown: readonly number[];
  readonly problems: readonly Problem[];
}

/** The headers of a job file. */
export interface Renaming {
  readonly columns: Readonly<Partial<Record<ColumnName, ColumnSource>>>;
}

/** The layout of a file with manifest headers. Unknown ones are problems, unless `ignoreColumns`. */
export function mapOwnColumns(headers: readonly string[], ignoreColumns: boolean): ColumnMapping {
  const mapping = headers.flatMap((header, cell): Mapped[] => {
    const column = columnOf(header);
    return column === undefined ? [] : [{ column, header, index: cell + 1 }];
  });
  const unknownNames = headers.flatMap((header, cell) => (columnOf(header) === undefined ? [cell] : []));
  return {
    pairs: mapping.map(({ column, index }) => ({ cells: [index - 1], place: placeOf[column] })),
    mapping,
    ignored: ignoreColumns ? unknownNames.map((cell) => headers[cell] ?? '') : [],
    unknown: ignoreColumns ? [] : unknownNames,
    problems: [...twice(mapping), ...(ignoreColumns ? [] : unknownHeaders(headers, unknownNames))],
  };
}

/** The layout of a file whose headers a job file names. */
export function mapJobColumns(headers: readonly string[], { columns }: Renaming): ColumnMapping {
  const problems: Problem[] = [];
  const pairs: { cells: readonly number[]; place: number }[] = [];
  const mapping = columnNames.flatMap((column): Mapped[] => {
    const source = columns[column];
    if (source === undefined) return [];
    const cells = findCells(headers, { source, column });
    if ('message' in cells) {
      problems.push(cells);
      return [];
    }
    pairs.push({ cells, place: placeOf[column] });
    const names = cells.map((cell) => headers[cell] ?? '');
    return [{ column, header: names.join('" or else "'), index: (cells[0] ?? 0) + 1 }];
  });
  const read = new Set(pairs.flatMap(({ cells }) => cells));
  const ignored = headers.filter((_, cell) => !read.has(cell));
  return { pairs, mapping, ignored, unknown: [], problems };
}

function twice(mapping: readonly Mapped[]): Problem[] {
  return columnNames.flatMap((column) => {
    const headers = mapping.filter((mapped) => mapped.column === column).map(({ header }) => header);
    if (headers.length < 2) return [];
    return [{ message: `${headers.map(quote).join(' and ')} all mean ${column}; keep one of them`, cause: 'header' }];
  });
}

/** The problems of unknown headers. A header that resembles a column, or has no visible name, is its own problem; the others share one. */
function unknownHeaders(headers: readonly string[], cells: readonly number[]): Problem[] {
  const plain = cells.filter((cell) => isPlain(headers[cell] ?? ''));
  const separate = cells.filter((cell) => plain.length < 2 || !plain.includes(cell));
  const problems = separate.map((cell) => unknownHeader(headers, cell));
  if (plain.length < 2) return problems;
  const names = quoteAll(plain.map((cell) => headers[cell] ?? ''));
  const message = `${names} are not columns; the columns are ${columnNames.join(' ')}; rename or remove them, or give --ignore-columns`;
  return [{ message, cause: 'unknown column' }, ...problems];
}

function isPlain(header: string): boolean {
  return header.trim() !== '' && listInvisible(header) === undefined && nearestColumn(header) === '';
}

/** Why a header is not a column, with the nearest one that is. */
export function unknownHeader(headers: readonly string[], cell: number): Problem {
  const header = headers[cell] ?? '';
  const hidden = listInvisible(header);
  const problem = header.trim() === '' ? `column ${cell + 1} has no name` : `${quote(header)} is not a column`;
  const why = hidden === undefined ? '' : ` (it contains ${hidden}, which can't be seen)`;
  const near = nearestColumn(header);
  return {
    message: `${problem}${why}${near || '; the columns are '.concat(columnNames.join(' '))}${near ? ' Rename' : '; rename'} or remove it, or give --ignore-columns`,
    cause: 'unknown column',
  };
}

/** `; did you mean "email"?` for a header that resembles a column; empty for others. */
function nearestColumn(header: string): string {
  const hint = didYouMean(foldHeader(header), columnNames.map(foldHeader));
  return hint === '' ? '' : didYouMean(header, columnNames) || hint;
}
