// Words for terminals: spans of time, numbers of things, and foreign text that is safe to print. Pure.
import { stripVTControlCharacters } from 'node:util';

/** A span of time for people: `8 s`, `3 min`, `2.5 h`. */
export function duration(ms: number): string {
  if (ms < 90_000) return `${Math.ceil(ms / 1000)} s`;
  if (ms < 5_400_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 360_000) / 10} h`;
}

/** `1 call`, `2 calls`. */
export function many(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`;
}

/** Text of a file or the API, safe on a terminal: no control characters, no escapes, no direction marks. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\uFFFD');
}

/** How a sentence is broken: all lines but the first are indented. */
export interface Breaking {
  readonly width: number;
  readonly indent: string;
  readonly lengthOf: (text: string) => number;
}

/** A sentence broken between words. */
export function breakWords(text: string, { width, indent, lengthOf }: Breaking): string {
  const [, lead = '', rest = ''] = /^(\s*)([\s\S]*)$/.exec(text) ?? [];
  const lines = [lead];
  for (const word of rest.split(' ')) {
    const line = lines.at(-1) ?? '';
    const isFresh = line === lead || line === indent;
    if (isFresh || lengthOf(line) + 1 + lengthOf(word) <= width)
      lines[lines.length - 1] = isFresh ? `${line}${word}` : `${line} ${word}`;
    else lines.push(`${indent}${word}`);
  }
  return lines.join('\n');
}
