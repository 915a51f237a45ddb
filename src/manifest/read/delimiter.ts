// The separator of a CSV file, from its header line alone; cells further down hold any of them.
import { LeaversError } from '../../errors.ts';
import { columnOf } from '../rows/columns.ts';
import { quote } from '../../text/quote.ts';

export interface Separator {
  readonly delimiter: string;
  /** 1-based line where the header may stand: 2 after Excel's `sep=;`. */
  readonly from: number;
}

const candidates = [',', ';', '\t', '|'];
const hint = /^"?sep=(.)"?\r?(?:\n|$)/i;

/** What separates cells, as the file's own hint, as `--delimiter`, or as what splits the header line into known columns. */
export function detectDelimiter(head: string, given: string | undefined, headerRow: number): Separator {
  const hinted = hint.exec(head)?.[1];
  const from = Math.max(headerRow, hinted === undefined ? 1 : 2);
  if (given !== undefined) return { delimiter: readDelimiter(given), from };
  if (hinted !== undefined) return { delimiter: hinted, from };
  const line = headerLine(head, headerRow);
  const [best = ','] = candidates.toSorted((a, b) => score(line, b) - score(line, a));
  return { delimiter: best, from };
}

/** The separator that a flag or a job file asks for; `where` names its place in the error. Throws LeaversError `usage` when it is none. */
export function readDelimiter(given: string, where = '--delimiter'): string {
  const delimiter = given === 'tab' || given === '\\t' ? '\t' : given;
  if (/^.$/su.test(delimiter) && !/["\r\n]/.test(delimiter)) return delimiter;
  throw new LeaversError(
    'usage',
    `${where} ${quote(given)} is not one character; give one of , ; | or tab (in quotes, for the shell)`,
  );
}

/** The header line, or the first that is not blank after it. */
function headerLine(head: string, headerRow: number): string {
  const lines = head.split(/\r\n|\n|\r/);
  return lines.slice(headerRow - 1).find((line) => line.trim() !== '') ?? '';
}

/** Known columns count first, then how often the separator stands outside quotes. */
function score(line: string, delimiter: string): number {
  const cells = line.replace(/"(?:[^"]|"")*"/g, (cell) => cell.replaceAll(delimiter, '\u0000')).split(delimiter);
  const known = cells.filter((cell) => columnOf(cell.replace(/^"|"$/g, '')) !== undefined).length;
  return known * 1000 + cells.length - 1;
}
