// Words that came over the wire, made fit for a report line and a terminal. Masking the key in them is secret.ts.

/** C0, DEL, C1, line and paragraph separators, bidirectional marks and byte order marks. */
const controls = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu;

/** One line without control characters or lone surrogates, cut at `max` characters. */
export function sanitize(text: string, max = 300): string {
  const line = text
    .slice(0, max * 4)
    .toWellFormed()
    .replace(controls, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return line.length > max ? `${line.slice(0, max - 1).toWellFormed()}…` : line;
}
