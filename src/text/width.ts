// Texts on a terminal, cut, wrapped and padded by the columns that they take. Loads width tables, so only what prints tables imports it.
import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** The columns that a text takes. */
export function columnsOf(text: string): number {
  return stringWidth(text);
}

/** A line that is at most `width` columns wide, with `…` in place of its end if it is longer. */
export function cut(text: string, width: number): string {
  return cliTruncate(text, width);
}

/** A text with spaces after it, up to `width` columns. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columnsOf(text)));
}

/** A sentence broken between words; all lines but the first are indented. A word that is wider than a line is not broken. */
export function wrap(text: string, width: number, indent: string): string {
  const [, lead = '', words = ''] = /^(\s*)([\s\S]*)$/.exec(text.normalize()) ?? [];
  const [first = ''] = wrapAnsi(words, width - lead.length).split('\n');
  const rest = words.slice(first.length).trimStart();
  const more = rest === '' ? [] : wrapAnsi(rest, width - indent.length).split('\n');
  return [lead + first, ...more.map((line) => indent + line)].join('\n');
}
