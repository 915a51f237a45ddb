// Cuts and pads texts by their width on a terminal. Loads width tables, so only code that prints tables imports it.
import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';

/** The width of a text in columns. */
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
