// Values from outside as messages may show them: quoted, short, and harmless to a terminal.

/** Characters of a value that a message shows. */
const shown = 60;
/** Control, format (zero-width, bidirectional), line-breaking and odd space characters, and halves of pairs. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u00a0\u2000-\u200a\u202f\u205f\u3000]/gu;

/** The value in double quotes, cut at 60 characters; hidden characters are written as code points. */
export function quote(value: unknown): string {
  const text = textOf(value);
  const head = text.length > shown ? `${text.slice(0, shown)}…` : text;
  return `"${reveal(head)}"`;
}

/** The text with every hidden character written as `<U+200B>`. */
export function reveal(text: string): string {
  return text.replace(
    hidden,
    (char) => `<U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`,
  );
}

/** The hidden characters of a text as code points, or undefined when there are none. */
export function hiddenIn(text: string): string | undefined {
  return text
    .match(hidden)
    ?.map((char) => reveal(char).slice(1, -1))
    .join(', ');
}

/** A cell's value as text: what it is when it is text, a day or an instant for a date, JSON for the rest; empty for nothing. */
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
