// Texts on a terminal: cut, broken and padded by the cells that they take, whatever they are written in. Pure.
import { eastAsianWidth } from 'get-east-asian-width';
import { breakWords } from './phrases.ts';

/** Texts of which every character takes one cell; most are, and need no tables. */
const plain = /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027]*$/;

interface Tools {
  readonly segmenter: Intl.Segmenter;
  readonly emoji: RegExp;
  /** Marks that join the sign before them. */
  readonly joining: RegExp;
}

/** Made when they are needed: that takes as long as starting the program. */
let tools: Tools | undefined;

function toolsOf(): Tools {
  tools ??= {
    segmenter: new Intl.Segmenter('en'),
    emoji: new RegExp('^\\p{RGI_Emoji}$', 'v'),
    joining: new RegExp('^[\\p{Mn}\\p{Me}\\p{Cf}]+$', 'u'),
  };
  return tools;
}

/** What a reader takes for one sign, in order. */
function signsOf(text: string): string[] {
  return Array.from(toolsOf().segmenter.segment(text), ({ segment }) => segment);
}

function cellsOfSign(sign: string): number {
  const { emoji, joining } = toolsOf();
  if (emoji.test(sign)) return 2;
  return joining.test(sign) ? 0 : eastAsianWidth(sign.codePointAt(0) ?? 0x20);
}

/** The cells that a text without control characters takes. */
export function cellsOf(text: string): number {
  return plain.test(text) ? text.length : signsOf(text).reduce((sum, sign) => sum + cellsOfSign(sign), 0);
}

/** The longest start of a text that takes no more cells; signs stay whole. */
function startOf(text: string, cells: number): string {
  let [start, taken] = ['', 0];
  for (const sign of signsOf(text)) {
    taken += cellsOfSign(sign);
    if (taken > cells) break;
    start += sign;
  }
  return start;
}

/** A line that is no longer than the terminal is wide. */
export function cut(text: string, width: number): string {
  return cellsOf(text) <= width ? text : `${startOf(text, width - 1)}…`;
}

/** A text with spaces after it, so that a column of them is so many cells wide. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - cellsOf(text)));
}

/** A sentence broken between words; all lines but the first are indented. */
export function wrap(text: string, width: number, indent: string): string {
  return breakWords(text, { width, indent, lengthOf: cellsOf });
}
