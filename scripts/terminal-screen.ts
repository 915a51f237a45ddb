// `screenOf`: what a terminal shows after a program wrote to it, as lines of coloured texts.

/** A text in one style: names of CSS classes, empty for plain text. */
export interface Span {
  readonly text: string;
  readonly style: string;
}

const styles: Readonly<Record<string, string>> = {
  '1': 'bold',
  '2': 'dim',
  '31': 'red',
  '32': 'green',
  '33': 'yellow',
};

const escape = String.fromCharCode(27);
/** A control sequence, the end of a line, or text. */
const pattern = new RegExp(`${escape}\\[([?0-9;]*)([A-Za-z])|\\r|\\n|([^\\r\\n${escape}]+)|${escape}`, 'g');

interface Cell {
  readonly char: string;
  readonly style: string;
}

/** The lines that are on the screen at the end, the first one at the top; nothing scrolls away. */
export function screenOf(raw: string): readonly (readonly Span[])[] {
  const lines: Cell[][] = [[]];
  let [row, column, style] = [0, 0, ''];
  const parts = raw.matchAll(pattern);
  for (const [all, numbers = '', code, text] of parts) {
    if (all === '\r') column = 0;
    else if (all === '\n') lines[(row += 1)] ??= [];
    else if (code === 'm') style = styleAfter(style, numbers);
    else if (code === 'A') row = Math.max(0, row - Number(numbers || 1));
    else if (code === 'G') column = Number(numbers || 1) - 1;
    else if (code === 'K') lines[row] = numbers === '2' ? [] : (lines[row] ?? []).slice(0, column);
    else if (code === 'J') lines.splice(row, lines.length, (lines[row] ?? []).slice(0, column));
    for (const char of text ?? '') (lines[row] ??= [])[column++] = { char, style };
  }
  return lines.map(spansOf);
}

function styleAfter(before: string, numbers: string): string {
  const codes = numbers.split(';');
  if (codes.some((code) => ['', '0', '22', '39'].includes(code))) return '';
  return [before, ...codes.map((code) => styles[code] ?? '')].filter(Boolean).join(' ');
}

function spansOf(cells: readonly (Cell | undefined)[]): Span[] {
  const spans: Span[] = [];
  for (const cell of Array.from(cells)) {
    const { char, style } = cell ?? { char: ' ', style: '' };
    const last = spans.at(-1);
    if (last?.style === style) spans.splice(-1, 1, { text: last.text + char, style });
    else spans.push({ text: char, style });
  }
  return spans;
}
