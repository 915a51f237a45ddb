// What JSON.parse does not say: where elements stand, which keys come twice, how deep a text is nested. Texts here are valid JSON.

/** Nesting that a manifest row has at the most, with room. */
export const maxDepth = 8;

/** The number of `key: value` pairs in a text, of those at its top, and its deepest nesting. */
export function measure(text: string): { pairs: number; top: number; depth: number } {
  let pairs = 0;
  let top = 0;
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quoteMark) at = endOfString(text, at);
    else if (code === 58) {
      pairs += 1;
      if (depth === 1) top += 1;
    } else if (code === 123 || code === 91) {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (code === 125 || code === 93) depth -= 1;
  }
  return { pairs, top, depth: deepest };
}

const quoteMark = 34;

/** The place of the quote that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text.charCodeAt(at - 1 - slashes) === 92) slashes += 1;
  return slashes % 2 === 1;
}

/** Own keys at all depths. The nesting must have been measured before. */
export function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  const own = Array.isArray(value) ? 0 : inner.length;
  return inner.reduce<number>((sum, each) => sum + (typeof each === 'object' ? countKeys(each) : 0), own);
}

/** A key that an object of the text holds twice, for a message; the first that is found. */
export function repeatedKey(text: string): string | undefined {
  const open: Set<string>[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 123 || code === 91) open.push(new Set());
    else if (code === 125 || code === 93) open.pop();
    else if (code === quoteMark) {
      const end = endOfString(text, at);
      const key = /^\s*:/.test(text.slice(end + 1, end + 40))
        ? (JSON.parse(text.slice(at, end + 1)) as string)
        : undefined;
      if (key !== undefined && open.at(-1)?.has(key)) return key;
      if (key !== undefined) open.at(-1)?.add(key);
      at = end;
    }
  }
  return undefined;
}

export interface Element {
  readonly text: string;
  /** 1-based line where it starts. */
  readonly line: number;
}

/** The elements of the first array in a text: the whole document, or what stands under its only key. */
export function* elementsOf(text: string): Generator<Element> {
  const opening = text.indexOf('[');
  let start = opening + 1;
  let line = 1;
  let counted = 0;
  for (let at = start, depth = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quoteMark) at = endOfString(text, at);
    else if (code === 123 || code === 91) depth += 1;
    else if (depth > 0 && (code === 125 || code === 93)) depth -= 1;
    else if (depth === 0 && (code === 44 || code === 93)) {
      const slice = text.slice(start, at);
      const begin = start + (slice.length - slice.trimStart().length);
      line += breaksBetween(text, counted, begin);
      counted = begin;
      if (slice.trim() !== '') yield { text: slice, line };
      start = at + 1;
      if (code === 93) return;
    }
  }
}

function breaksBetween(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** The text with `//` and block comments blanked out, so that places stay what they were. */
export function withoutComments(text: string): string {
  let made = '';
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text.charCodeAt(at) === quoteMark) at = endOfString(text, at);
    const opening = text.slice(at, at + 2);
    if (opening !== '//' && opening !== '/*') continue;
    const closing = opening === '//' ? text.indexOf('\n', at) : text.indexOf('*/', at + 2) + 2;
    const end = closing <= at + 1 ? text.length : closing;
    made += text.slice(from, at) + text.slice(at, end).replace(/[^\n]/g, ' ');
    from = end;
    at = end - 1;
  }
  return made + text.slice(from);
}
