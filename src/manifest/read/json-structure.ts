// inspectJson, elementsOf: facts about JSON texts that JSON.parse does not report: nesting, repeated keys, positions, comments.
import { createScanner, type JSONVisitor, visit } from 'jsonc-parser';

/** The deepest nesting allowed in a manifest row or a job file. Valid ones need less. */
export const maxDepth = 8;

/** The structure of a JSON text, found without parsing it into values. */
export interface JsonStructure {
  /** The nesting exceeds the limit; the other facts are incomplete then. */
  readonly isTooDeep: boolean;
  /** The line, from 1, on which an object, or the text so far, has too many different keys; the other facts are incomplete then. */
  readonly crowded: { readonly line: number; readonly where: 'object' | 'text' } | undefined;
  /** The first key that occurs twice in one object. */
  readonly repeatedKey: string | undefined;
  /** `key: value` pairs of the outermost object. */
  readonly topKeys: number;
  /** The start of the list at the requested path: an offset, and a line from 1. */
  readonly list: { readonly offset: number; readonly line: number } | undefined;
  /** The first position where the text is not JSON, counted from 1. */
  readonly error: { readonly line: number; readonly column: number; readonly isAtEnd: boolean } | undefined;
}

/** Depth of the brackets around the list of rows, including its own. */
const maxListDepth = 4;

/** Most keys of one object, and of one file. An object with a million keys is an attack or not a table. */
export const maxKeys = 1000;
/** Most different keys of a whole text, including nested ones. JSON.parse would take seconds and hundreds of megabytes for a million. */
export const maxDistinctKeys = 10_000;

class Refused extends Error {}

/** The path of the list of rows; undefined is the outermost value. */
type Path = string | undefined;

/** Inspects any text, and stops at the first bracket beyond the limit: a text of five million brackets costs as much as one of ten. */
export function inspectJson(text: string, limit: number, rows?: Path): JsonStructure {
  /** The keys of each open object; an open list has none. */
  const open: Set<string>[] = [];
  const distinct = new Set<string>();
  let repeatedKey: string | undefined;
  let topKeys = 0;
  let error: JsonStructure['error'];
  let list: JsonStructure['list'];
  let crowded: JsonStructure['crowded'];
  const begin = () => {
    if (open.push(new Set()) > limit) throw new Refused();
  };
  const end = () => void open.pop();
  const onObjectProperty: JSONVisitor['onObjectProperty'] = (...[key, , , line]) => {
    if (open.length === 1) topKeys += 1;
    if (open.at(-1)?.has(key)) repeatedKey ??= key;
    const isCrowded = (open.at(-1)?.add(key).size ?? 0) > maxKeys;
    if (!isCrowded && distinct.add(key).size <= maxDistinctKeys) return;
    crowded = { line: line + 1, where: isCrowded ? 'object' : 'text' };
    throw new Refused();
  };
  const visitor: JSONVisitor = {
    onObjectBegin: begin,
    onArrayBegin: (...[offset, , line, , path]) => {
      begin();
      if (list === undefined && open.length <= maxListDepth && isAt(path(), rows)) list = { offset, line: line + 1 };
    },
    onObjectEnd: end,
    onArrayEnd: end,
    onObjectProperty,
    onError: (...[, offset, , line, column]) => {
      error ??= { line: line + 1, column: column + 1, isAtEnd: text.slice(offset).trim() === '' };
    },
  };
  try {
    visit(text, visitor, { disallowComments: true });
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown;
    return { isTooDeep: crowded === undefined, crowded, repeatedKey: undefined, topKeys, list: undefined, error };
  }
  return { isTooDeep: false, crowded, repeatedKey, topKeys, list, error };
}

/** True for the outermost list, or for the one under a dotted name. */
function isAt(path: readonly (string | number)[], rows: Path): boolean {
  return path.length === 0 || (rows !== undefined && path.join('.') === rows);
}

/** An element of a list. */
export interface JsonElement {
  readonly text: string;
  /** 1-based line where it starts. */
  readonly line: number;
}

/** The elements of the list that begins at a place (an offset, and its line) in a text that is valid JSON. */
export function* elementsOf(
  text: string,
  { offset: from, line: firstLine }: { offset: number; line: number },
): Generator<JsonElement> {
  const scanner = createScanner(text, true);
  scanner.setPosition(from);
  let depth = 0;
  let [start, end, line] = [-1, -1, 0];
  for (;;) {
    scanner.scan();
    const offset = scanner.getTokenOffset();
    if (offset >= text.length) return;
    const sign = text[offset];
    if (depth === 0 && sign !== '[') continue;
    if (depth === 1 && (sign === ',' || sign === ']')) {
      if (start >= 0) yield { text: text.slice(start, end), line };
      start = -1;
    } else if (depth === 1 && start < 0) [start, line] = [offset, scanner.getTokenStartLine() + firstLine];
    end = offset + scanner.getTokenLength();
    if (sign === '[' || sign === '{') depth += 1;
    if (sign === ']' || sign === '}') depth -= 1;
    if (depth === 0) return;
  }
}

/** The text with comments replaced by spaces, so that everything else keeps its place. */
export function withoutComments(text: string): string {
  const scanner = createScanner(text);
  let result = '';
  for (;;) {
    scanner.scan();
    const token = text.slice(scanner.getTokenOffset(), scanner.getPosition());
    if (token === '') return result;
    result += /^\/[/*]/.test(token) ? token.replace(/[^\r\n]/g, ' ') : token;
  }
}
