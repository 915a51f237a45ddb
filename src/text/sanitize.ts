// Defines the characters that are unsafe in a terminal, a line or a page, and the ways to replace them.
import { stripVTControlCharacters } from 'node:util';

/**
 * Control characters (C0, DEL, C1), format characters (bidirectional marks and isolates, zero-width characters, byte order marks),
 * line and paragraph separators, and lone surrogates.
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** The same without C0: JSON has escaped those already, and text for a terminal needs its line ends and colours. */
const unsafeInJson = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** Invisible characters: unsafe ones, and all spaces except the plain one. */
const invisible = /(?! )[\p{Cc}\p{Cf}\p{Z}\p{Cs}]/gu;

/** External text for a terminal or a page: escape sequences are removed, unsafe characters become U+FFFD. */
export function neutralize(text: string): string {
  return stripVTControlCharacters(text).replace(unsafe, '\uFFFD');
}

/** The text with every invisible character written as `<U+200B>`, for values in error messages. */
export function revealInvisible(text: string): string {
  return text.replace(invisible, (char) => `<${codePointOf(char)}>`);
}

/** The invisible characters of a text as `U+200B, U+00A0`, or undefined when there are none. */
export function listInvisible(text: string): string | undefined {
  return text.match(invisible)?.map(codePointOf).join(', ');
}

function codePointOf(char: string): string {
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** JSON, or lines for a terminal, with unsafe characters as `\u202e`: the JSON keeps its meaning. */
export function escapeUnsafe(json: string): string {
  return json.replace(unsafeInJson, (char) =>
    char.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}

/** One line of at most `max` characters for reports: unsafe characters become spaces, and repeated spaces one. */
export function sanitize(text: string, max = 300): string {
  const line = text
    .slice(0, max * 4)
    .toWellFormed()
    .replace(unsafe, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return line.length > max ? `${line.slice(0, max - 1).toWellFormed()}…` : line;
}
