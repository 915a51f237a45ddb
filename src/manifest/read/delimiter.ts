// detectDelimiter: the separator of a CSV file, from its header line alone, because cells below may contain any of them.
import { LeaversError } from '../../errors.ts';
import { columnOf } from '../rows/columns.ts';
import { quote } from '../../text/quote.ts';

export interface Separator {
  readonly delimiter: string;
  /** 1-based line where the header may stand: below Excel's `sep=;` and PowerShell's `#TYPE`. */
  readonly from: number;
  /** The first line, if it is not part of the table. */
  readonly skipped?: string;
}

const candidates = [',', ';', '\t', '|'];
const hint = /^"?sep=(.)"?\r?(?:\n|$)/i;
/** Windows PowerShell writes it unless -NoTypeInformation is given. */
const typeLine = /^"?#TYPE [^\r\n]*/i;
/** Most characters of a header line. */
const maxHeader = 32_768;

/** The separator: from `--delimiter`, from the file's `sep=` line, or the one that splits the header line into the most known columns. */
export function detectDelimiter(head: string, option: string | undefined, headerRow: number): Separator {
  const hinted = hint.exec(head)?.[1];
  const type = typeLine.exec(head)?.[0];
  const from = Math.max(headerRow, hinted === undefined && type === undefined ? 1 : 2);
  const skipped = type === undefined ? {} : { skipped: type };
  if (option !== undefined) return { delimiter: readDelimiter(option), from, ...skipped };
  if (hinted !== undefined) return { delimiter: hinted, from, ...skipped };
  const line = headerLine(head, from);
  const [best = ','] = candidates.toSorted((a, b) => score(line, b) - score(line, a));
  return { delimiter: best, from, ...skipped };
}

/** Parses the separator of a flag or job file; `where` is its source for the error. Throws LeaversError `usage`. */
export function readDelimiter(text: string, where = '--delimiter'): string {
  const delimiter = text === 'tab' || text === '\\t' ? '\t' : text;
  if (/^.$/su.test(delimiter) && !/["\r\n]/.test(delimiter)) return delimiter;
  throw new LeaversError(
    'usage',
    `${where} ${quote(text)} is not one character; give one of , ; | or tab (in quotes, for the shell)`,
  );
}

/** The first line from `from` on that is not blank. Line breaks within quotes belong to it. */
function headerLine(head: string, from: number): string {
  const lines = head.split(/\r\n|\n|\r/).slice(from - 1);
  const first = lines.findIndex((line) => line.trim() !== '');
  if (first === -1) return '';
  const below = lines.slice(first).join('\n').slice(0, maxHeader);
  return below.slice(0, endOfRow(below) ?? lines[first]?.length);
}

/** The first line break outside quotes, or the end of the text; undefined if a quote is not closed. A regular expression would take exponential time. */
function endOfRow(text: string): number | undefined {
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') isQuoted = !isQuoted;
    else if (text[at] === '\n' && !isQuoted) return at;
  }
  return isQuoted ? undefined : text.length;
}

/** Known columns count first, then how often the separator stands outside quotes. */
function score(line: string, delimiter: string): number {
  const cells = line.replace(/"(?:[^"]|"")*"/g, (cell) => cell.replaceAll(delimiter, '\u0000')).split(delimiter);
  const knownColumns = cells.filter((cell) => columnOf(cell.replace(/^"|"$/g, '')) !== undefined).length;
  return knownColumns * 1000 + cells.length - 1;
}
