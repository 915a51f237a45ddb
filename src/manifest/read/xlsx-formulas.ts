// Formulas of a spreadsheet that failed or were never calculated: their cells must pass neither as values nor as empty ones.
import type { Problem } from '../rows/row.ts';
import { quote } from '../../text/quote.ts';

/** What such a cell shows, in English and in German. */
const words: ReadonlySet<string> = new Set(
  '#N/A #REF! #VALUE! #DIV/0! #NAME? #NUM! #NULL! #SPILL! #CALC! #GETTING_DATA #NV #BEZUG! #WERT! #ZAHL!'.split(' '),
);

/** True for what the cell of a formula that has failed shows. */
export function isFailed(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('#') && words.has(value);
}

/** Why the cell is refused. */
export function failed(column: string, value: string): Problem {
  const message = `${quote(value)} is a formula without a value; correct it in the spreadsheet (or name it in input.nulls of the job, when it means nothing)`;
  return { column, message, cause: 'a formula without a value' };
}

/** The opening tag of a cell; no attribute holds a bare `<`, so broken XML takes no longer than whole one. */
const opening = /<((?:\w+:)?)c\b([^<>]*)>/g;

/** The XML of a worksheet in which such cells hold their words as text, because the library that reads it takes them for empty. */
export function tellFailed(xml: string): string {
  let told = '';
  let [from, end] = [0, 0];
  for (const { 0: tag, 1: prefix = '', 2: attributes = '', index } of xml.matchAll(opening)) {
    // Cells don't hold cells.
    if (index < end || attributes.endsWith('/')) continue;
    const body = index + tag.length;
    end = xml.indexOf(`</${prefix}c>`, body);
    if (end === -1) break;
    const text = failedText(attributes, xml.slice(body, end));
    if (text === undefined) continue;
    const rest = attributes.replace(/\bt="\w+"/, '');
    told += `${xml.slice(from, index)}<${prefix}c${rest} t="inlineStr"><${prefix}is><${prefix}t>${text}</${prefix}t></${prefix}is>`;
    from = end;
  }
  return told + xml.slice(from);
}

/** What the cell of such a formula shows; undefined for any other. */
function failedText(attributes: string, body: string): string | undefined {
  const value = /<(?:\w+:)?v>([^<]*)</.exec(body)?.[1];
  if (/\bt="e"/.test(attributes)) return value ?? '#N/A';
  return value === undefined && /<(?:\w+:)?f\b/.test(body) ? '#N/A' : undefined;
}
