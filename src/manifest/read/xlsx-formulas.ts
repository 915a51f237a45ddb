// Finds cells whose formula failed or was never calculated. They must not be read as values or as empty cells.
import type { Problem } from '../rows/row.ts';
import { quote } from '../../text/quote.ts';

/** The error values of spreadsheets in English and German. */
const words: ReadonlySet<string> = new Set(
  '#N/A #REF! #VALUE! #DIV/0! #NAME? #NUM! #NULL! #SPILL! #CALC! #GETTING_DATA #NV #BEZUG! #WERT! #ZAHL!'.split(' '),
);

/** True for the error value of a formula. */
export function isErrorValue(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('#') && words.has(value);
}

/** The problem of a cell with an error value. */
export function errorValueProblem(column: string, value: string): Problem {
  const message = `${quote(value)} is a formula without a value; correct it in the spreadsheet (or name it in input.nulls of the job, when it means nothing)`;
  return { column, message, cause: 'a formula without a value' };
}

/** The opening tag of a cell. `[^<>]` keeps the search linear in broken XML too. */
const opening = /<((?:\w+:)?)c\b([^<>]*)>/g;

/** The XML of a worksheet with error values as text, because the library reads them as empty cells. */
export function keepErrorValues(xml: string): string {
  let result = '';
  let [from, end] = [0, 0];
  for (const { 0: tag, 1: prefix = '', 2: attributes = '', index } of xml.matchAll(opening)) {
    // Cells are never nested.
    if (index < end || attributes.endsWith('/')) continue;
    const body = index + tag.length;
    end = xml.indexOf(`</${prefix}c>`, body);
    if (end === -1) break;
    const text = errorValueOf(attributes, xml.slice(body, end));
    if (text === undefined) continue;
    const rest = attributes.replace(/\bt="\w+"/, '');
    result += `${xml.slice(from, index)}<${prefix}c${rest} t="inlineStr"><${prefix}is><${prefix}t>${text}</${prefix}t></${prefix}is>`;
    from = end;
  }
  return result + xml.slice(from);
}

/** The error value of a cell; `#N/A` for a formula that was not calculated; undefined for other cells. */
function errorValueOf(attributes: string, body: string): string | undefined {
  const value = /<(?:\w+:)?v>([^<]*)</.exec(body)?.[1];
  if (/\bt="e"/.test(attributes)) return value ?? '#N/A';
  return value === undefined && /<(?:\w+:)?f\b/.test(body) ? '#N/A' : undefined;
}
