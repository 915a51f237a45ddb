// One JSON object → cells, one cell a key. Where objects stand in a file is left to json.ts.
import type { TableRow } from './csv.ts';
import { countKeys, maxDepth, measure, repeatedKey } from './json-text.ts';
import { BrokenFile, type Problem } from '../rows/row.ts';
import { quote } from '../../text/quote.ts';

/** Different keys of one file. */
const maxKeys = 1000;

const [space, quoteMark, comma, colon, closing] = [32, 34, 44, 58, 125];
/** What a string may not hold as it is, and the sign that something else is written instead. */
const needsParser = /[\\\p{Cc}]/u;

/** Cells of objects, in the order in which keys were first seen. */
export class Cells {
  readonly headers: string[] = [];
  readonly #cells = new Map<string, number>();
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** The line of an object's text. */
  read(text: string, line: number): TableRow {
    const flat = this.#flat(text);
    if (flat !== undefined) return { line, cells: flat };
    const value = parseRow(text);
    if ('problem' in value) return { line, cells: [], problem: value.problem };
    const cells: unknown[] = [];
    for (const key of Object.keys(value.row)) cells[this.#cell(key, line)] = value.row[key];
    return { line, cells };
  }

  /**
   * The cells of `{"key":"value",…}` cut out at its quotes, which takes half the time of a parser and sees a key that comes twice.
   * Undefined for whatever is written in any other way, and for new keys: that is the parser's.
   */
  #flat(text: string): unknown[] | undefined {
    if (!text.startsWith('{"') || needsParser.test(text)) return undefined;
    const cells: unknown[] = [];
    let at = 1;
    for (let next = 0; text.charCodeAt(at) === quoteMark; next += 1) {
      const keyEnd = text.indexOf('"', at + 1);
      const opening = after(text, keyEnd, colon);
      if (text.charCodeAt(opening) !== quoteMark) return undefined;
      const end = text.indexOf('"', opening + 1);
      // Most lines have the keys of the line before, in their order.
      const header = this.headers[next];
      const isNext = header?.length === keyEnd - at - 1 && text.startsWith(header, at + 1);
      const cell = isNext ? next : this.#cells.get(text.slice(at + 1, keyEnd));
      if (end === -1 || cell === undefined || cells[cell] !== undefined) return undefined;
      cells[cell] = text.slice(opening + 1, end);
      if (text.charCodeAt(end + 1) === closing) return end + 2 === text.length ? cells : undefined;
      at = after(text, end, comma);
      next = cell;
    }
    return undefined;
  }

  #cell(key: string, line: number): number {
    const known = this.#cells.get(key);
    if (known !== undefined) return known;
    if (this.headers.length >= maxKeys)
      throw new BrokenFile({ file: this.#file, line, message: `more than ${maxKeys} different keys`, cause: 'keys' });
    this.#cells.set(key, this.headers.length);
    return this.headers.push(key) - 1;
  }
}

/** The place after a sign that follows `end`, and after one space; 0 when another sign stands there. */
function after(text: string, end: number, sign: number): number {
  if (end === -1 || text.charCodeAt(end + 1) !== sign) return 0;
  return text.charCodeAt(end + 2) === space ? end + 3 : end + 2;
}

type Parsed = { readonly row: Readonly<Record<string, unknown>> } | { readonly problem: Problem };

function parseRow(text: string): Parsed {
  const { pairs, depth } = measure(text);
  if (depth > maxDepth) return refuse(`is nested ${depth} deep; ${maxDepth} is allowed`);
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch {
    return refuse(`${quote(text.trim())} is not valid JSON; give one object`);
  }
  if (typeof row !== 'object' || row === null || Array.isArray(row))
    return refuse(
      `${quote(text.trim())} is not an object; give one like {"action": "suspend-user", "email": "jo@example.com"}`,
    );
  if (countKeys(row) !== pairs)
    return refuse(`holds the key ${quote(repeatedKey(text) ?? '')} twice; keep one of them`);
  return { row: row as Readonly<Record<string, unknown>> };
}

function refuse(message: string): Parsed {
  return { problem: { message: `the row ${message}`, cause: 'not a JSON object' } };
}
