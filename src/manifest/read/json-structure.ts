// The structure of JSON texts beyond what JSON.parse tells: nesting, repeated keys, where elements stand, comments.
import { createScanner, type JSONVisitor, visit } from 'jsonc-parser';

/** Nesting that a manifest row or a job file may have, with room. */
export const maxDepth = 8;

/** What is known of a text without parsing it into values. */
export interface JsonStructure {
  /** The nesting exceeds the limit; nothing else is known then. */
  readonly isTooDeep: boolean;
  /** The first key that stands twice in one object. */
  readonly repeatedKey: string | undefined;
  /** `key: value` pairs of the outermost object. */
  readonly topKeys: number;
  /** The first place where the text is not JSON, counted from 1. */
  readonly error: { readonly line: number; readonly column: number; readonly isAtEnd: boolean } | undefined;
}

class TooDeep extends Error {}

/** Inspects any text, and stops at the first bracket beyond the limit: a text of five million brackets costs as much as one of ten. */
export function inspectJson(text: string, limit: number): JsonStructure {
  /** The keys of each open object; an open list has none. */
  const open: Set<string>[] = [];
  let repeatedKey: string | undefined;
  let topKeys = 0;
  let error: JsonStructure['error'];
  const begin = () => {
    if (open.push(new Set()) > limit) throw new TooDeep();
  };
  const end = () => void open.pop();
  const onObjectProperty = (key: string) => {
    if (open.length === 1) topKeys += 1;
    if (open.at(-1)?.has(key)) repeatedKey ??= key;
    open.at(-1)?.add(key);
  };
  const visitor: JSONVisitor = {
    onObjectBegin: begin,
    onArrayBegin: begin,
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
    if (!(thrown instanceof TooDeep)) throw thrown;
    return { isTooDeep: true, repeatedKey: undefined, topKeys, error };
  }
  return { isTooDeep: false, repeatedKey, topKeys, error };
}

/** An element of a list. */
export interface JsonElement {
  readonly text: string;
  /** 1-based line where it starts. */
  readonly line: number;
}

/** The elements of the first list in a text that is valid JSON. */
export function* elementsOf(text: string): Generator<JsonElement> {
  const scanner = createScanner(text, true);
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
    } else if (depth === 1 && start < 0) [start, line] = [offset, scanner.getTokenStartLine() + 1];
    end = offset + scanner.getTokenLength();
    if (sign === '[' || sign === '{') depth += 1;
    if (sign === ']' || sign === '}') depth -= 1;
    if (depth === 0) return;
  }
}

/** The text with comments replaced by spaces, so that everything else keeps its place. */
export function withoutComments(text: string): string {
  const scanner = createScanner(text);
  let made = '';
  for (;;) {
    scanner.scan();
    const token = text.slice(scanner.getTokenOffset(), scanner.getPosition());
    if (token === '') return made;
    made += /^\/[/*]/.test(token) ? token.replace(/[^\r\n]/g, ' ') : token;
  }
}
