// wrapText: text for a terminal, broken between words and never inside a command or a quoted word. Estimates widths, because loading string-width takes 50 ms, as long as a command.
import { stripVTControlCharacters } from 'node:util';

/** A command in a sentence: `leavers`, the command's name, its flags with their values, paths, quoted words and placeholders. */
const command = /`?leavers [a-z]+(?: (?:--?[\w-]+(?: (?!-)\S+)?|'[^']*'|[A-Z][A-Z-]+|[>|]|\S*[./]\S*))*/g;
/** A command to copy, in bold or not, up to the end of the line. */
const nextCommand = new RegExp(`(?:^ *|Next:? +|then: )(?:${String.fromCodePoint(27)}\\[[\\d;]*m)?leavers .*$`, 'g');
/** A word in single quotes, as a shell takes it. */
const quoted = /(?<=^|[ (])'[^']+'(?=$|[ ,;:.)])/g;

/** Wraps a text at `width` columns. Continuation lines are indented below the text. */
export function wrapText(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => wrapLine(line, width))
    .join('\n');
}

function wrapLine(line: string, width: number): string {
  const plain = stripVTControlCharacters(line);
  if (maxColumnsOf(plain) <= width) return line;
  const joined = join(line);
  const indent = hangingIndent(joined, width);
  const rows: string[] = [];
  let [row, used] = ['', 0];
  for (const { 1: gap = '', 2: word = '', index } of joined.matchAll(/( *)([^ ]+)/g)) {
    const size = maxColumnsOf(word);
    // A column of a table goes to the next row as a whole.
    const [column = ''] = joined.slice(index).trimStart().split(/ {2,}/, 1);
    const needed = gap.length > 1 ? Math.min(maxColumnsOf(column), width - indent) : size;
    // A word that fits no line is not broken, so that it can be copied from a terminal as one line.
    const isNewRow = used > indent && used + gap.length + needed > width && indent + size <= width;
    if (isNewRow) rows.push(row);
    row = isNewRow ? ' '.repeat(indent) + word : row + gap + word;
    used = isNewRow ? indent + size : used + gap.length + size;
  }
  return [...rows, row].join('\n').replaceAll(noBreak, ' ');
}

const noBreak = '\0';

/** The line with commands and quoted words as one word each. */
function join(line: string): string {
  const unbreakable = (text: string) => text.replaceAll(' ', noBreak);
  return line.replace(nextCommand, unbreakable).replace(command, unbreakable).replace(quoted, unbreakable);
}

/** Below the last column of a table that begins in its left half and whose words all fit there, else two columns right of the line's beginning. */
function hangingIndent(joined: string, width: number): number {
  const plain = stripVTControlCharacters(joined);
  const columns = [...plain.matchAll(/(?<=\S) {2,}(?=\S)/g)].map(({ index, 0: gap }) => index + gap.length);
  const at = columns.findLast((each) => each <= width / 2);
  const lead = plain.length - plain.trimStart().length;
  if (at === undefined) return lead + 2;
  const widest = Math.max(...plain.slice(at).split(' ').map(maxColumnsOf));
  return at + widest <= width || lead + 2 + widest > width ? at : lead + 2;
}

/** An upper bound of the width of a text: each character that may be wide counts as two columns. */
function maxColumnsOf(text: string): number {
  return stripVTControlCharacters(text)
    .replace(/(?!\uFE0F)\p{Mn}/gu, '')
    .replace(/\p{Emoji_Presentation}|[\u1100-\u1dff\u2e80-\uffff]|[\u{10000}-\u{10ffff}]/gu, '--').length;
}
