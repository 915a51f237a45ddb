// Renders external values for messages: quoted, shortened, and safe for a terminal.
import { revealInvisible } from './sanitize.ts';

/** Most characters of a value in a message. */
const shown = 60;
/** The value in double quotes, cut at 60 characters; invisible characters are written as code points. */
export function quote(value: unknown): string {
  const text = textOf(value);
  const head = text.length > shown ? `${text.slice(0, shown)}…` : text;
  return `"${revealInvisible(head)}"`;
}

/** A cell's value as text. A date becomes an ISO day or instant, an empty cell an empty text, and any other value JSON. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  if (value instanceof Date) return value.toISOString().replace('T00:00:00.000Z', '');
  return JSON.stringify(value);
}

/** Several values in a sentence: `"a", "b", "c"`, the first 30 of them. */
export function quoteAll(values: readonly string[]): string {
  const more = values.length > 30 ? ` and ${values.length - 30} more` : '';
  return `${values.slice(0, 30).map(quote).join(', ')}${more}`;
}
