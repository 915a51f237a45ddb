// How many cells of a terminal a text takes: two for East Asian signs and emoji, none for marks that join the sign before. Pure.
import { eastAsianWidth } from 'get-east-asian-width';

/** Texts of which every character takes one cell; most are, and need no tables. */
const plain = /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027]*$/;
const emoji = /^\p{RGI_Emoji}$/v;
const joining = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;

/** Made when it is needed: that takes longer than starting the program. */
let segmenter: Intl.Segmenter | undefined;

/** What a reader takes for one sign, in order. */
function signsOf(text: string): string[] {
  segmenter ??= new Intl.Segmenter('en');
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function cellsOfSign(sign: string): number {
  if (emoji.test(sign)) return 2;
  return joining.test(sign) ? 0 : eastAsianWidth(sign.codePointAt(0) ?? 0x20);
}

/** The cells that a text without control characters takes. */
export function cellsOf(text: string): number {
  return plain.test(text) ? text.length : signsOf(text).reduce((sum, sign) => sum + cellsOfSign(sign), 0);
}

/** The longest start of a text that takes no more cells; signs stay whole. */
export function startOf(text: string, cells: number): string {
  if (plain.test(text)) return text.slice(0, Math.max(0, cells));
  let [start, taken] = ['', 0];
  for (const sign of signsOf(text)) {
    taken += cellsOfSign(sign);
    if (taken > cells) break;
    start += sign;
  }
  return start;
}
