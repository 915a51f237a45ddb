// findCells: finds the cells of the headers that a job file names.
import type { ColumnSource, Header } from '../job/schema.ts';
import { quote, quoteAll } from '../../text/quote.ts';
import { foldHeader } from './columns.ts';
import type { Problem } from './row.ts';

/** A header in a job, and the part of the job that names it, for error messages. */
export interface HeaderRequest {
  readonly source: ColumnSource;
  /** As in `email` or `where`. */
  readonly column: string;
}

/** The headers of a source, in order. */
export function headersOf(source: ColumnSource): readonly Header[] {
  if (Array.isArray(source)) return source;
  return typeof source === 'object' && 'firstOf' in source ? source.firstOf : [source];
}

/** The text of a header. */
export function textOfHeader(header: Header): string {
  return typeof header === 'string' ? header : header.header;
}

/** A header in words: `"Status"`, or `"Status" (2)` for the second of several. */
export function describeHeader(header: Header): string {
  return typeof header === 'string' ? quote(header) : `${quote(header.header)} (${header.nth})`;
}

/**
 * The indexes of a source's cells: one, or several in order of preference for `firstOf`. Headers match after folding; none, or more than
 * one, is a problem that lists the headers of the file.
 */
export function findCells(headers: readonly string[], { source, column }: HeaderRequest): readonly number[] | Problem {
  const isList = Array.isArray(source);
  const found = headersOf(source).map((header) => findHeader(headers, header, column));
  const cells = found.filter((each) => typeof each === 'number');
  const wrong = found.find((each) => typeof each === 'object');
  const isAmbiguous = wrong !== undefined && wrong.cause !== missing;
  // The file need not have all alternatives.
  if (wrong !== undefined && (isAmbiguous || !isList || cells.length === 0))
    return isList && !isAmbiguous ? lacking(headers, headersOf(source), column) : wrong;
  const different = [...new Set(cells)];
  if (!isList || different.length === 1) return different;
  const matches = quoteAll(different.map((cell) => headers[cell] ?? ''));
  const message = `is read from ${headersOf(source).map(describeHeader).join(' or ')}, and ${different.length} headers match: ${matches}; name the right one in the job file, or give them as { "firstOf": […] }`;
  return { column, message, cause: 'header' };
}

const missing = 'missing header';

function findHeader(headers: readonly string[], header: Header, column: string): number | Problem {
  const folded = foldHeader(textOfHeader(header));
  const cells = headers.flatMap((each, cell) => (foldHeader(each) === folded ? [cell] : []));
  const cell = typeof header === 'string' ? cells[0] : cells[header.nth - 1];
  if (cell === undefined) return lacking(headers, [header], column);
  if (typeof header === 'object' || cells.length === 1) return cell;
  const places = cells.map((each) => each + 1).join(' and ');
  const example = JSON.stringify({ header: headers[cell], nth: 2 });
  const message = `is read from ${quote(header)}, and ${cells.length} headers match (columns ${places}): ${quoteAll(cells.map((each) => headers[each] ?? ''))}; say in the job file which one is meant, like ${example}`;
  return { column, message, cause: 'header' };
}

function lacking(headers: readonly string[], wanted: readonly Header[], column: string): Problem {
  const message = `is read from ${wanted.map(describeHeader).join(' or ')}, which the file does not have; its headers are ${quoteAll(headers)}`;
  return { column, message, cause: missing };
}
