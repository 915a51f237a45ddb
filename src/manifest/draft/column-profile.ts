// ColumnProfile: statistics about the cells of one column of an unknown export.
import { fieldParsers } from '../rows/field-parsers.ts';
import { jobDates } from '../rows/export-dates.ts';
import { type ReadDate, readIsoDate } from '../rows/iso-dates.ts';
import { FieldError } from '../rows/row.ts';
import { textOf } from '../../text/quote.ts';

/** Date formats of exports, in the notation of job files; the first is ISO, which needs no format. */
const forms = [
  undefined,
  'dd.MM.yyyy',
  'd.M.yyyy',
  'MM/dd/yyyy',
  'dd/MM/yyyy',
  'M/d/yyyy',
  'd/M/yyyy',
  'dd-MM-yyyy',
  'yyyy/MM/dd',
  'd MMM yyyy',
  'dd-MMM-yyyy',
  'M/d/yyyy h:mm:ss a',
  'dd.MM.yyyy HH:mm:ss',
  'yyyy/MM/dd HH:mm:ss',
] as const;
export type DateForm = (typeof forms)[number];

const readers: readonly (readonly [DateForm, ReadDate])[] = forms.map((format) => [format, readerOf(format)]);

/** Most distinct words of a column to count; a column with more is not a status. */
const maxWords = 12;
/** Words that mean empty. */
const nothing: ReadonlySet<string> = new Set([
  '',
  '-',
  'n/a',
  'na',
  'null',
  'none',
  '0000-00-00',
  'never accessed',
  'never logged in',
]);

export class ColumnProfile {
  readonly header: string;
  /** 1-based among identical headers; 0 when there is only one. */
  readonly nth: number;
  filled = 0;
  addresses = 0;
  /** Words that mean empty and occur. */
  readonly nulls = new Set<string>();
  readonly #words = new Map<string, number>();
  #isWordy = false;
  #readers = readers;

  constructor(header: string, nth: number) {
    this.header = header;
    this.nth = nth;
  }

  see(value: unknown): void {
    const text = textOf(value).trim();
    if (nothing.has(text.toLowerCase())) {
      this.nulls.add(text);
      return;
    }
    this.filled += 1;
    if (text.includes('@') && !(fieldParsers.email(text, readIsoDate) instanceof FieldError)) this.addresses += 1;
    this.#readers = this.#readers.filter(
      ([, read]) => !(read(value instanceof Date ? value : text) instanceof FieldError),
    );
    if (this.#isWordy) return;
    this.#words.set(text, (this.#words.get(text) ?? 0) + 1);
    this.#isWordy = this.#words.size > maxWords;
  }

  /** The date formats that fit all filled cells. */
  get dateForms(): readonly DateForm[] {
    if (this.filled === 0) return [];
    const fitting = this.#readers.map(([format]) => format);
    // If days and months always have two digits, the one-digit format is redundant.
    return fitting.filter(
      (form) => !fitting.some((each) => each !== form && each !== undefined && shortened(each) === form),
    );
  }

  /** The words with their counts, most frequent first; undefined when there are too many. */
  get words(): readonly (readonly [string, number])[] | undefined {
    return this.#isWordy ? undefined : [...this.#words].toSorted(([, a], [, b]) => b - a);
  }
}

function shortened(format: string): string {
  return format.replace('dd', 'd').replace('MM', 'M');
}

function readerOf(format: DateForm): ReadDate {
  const read = jobDates(format === undefined ? {} : { format })();
  return read instanceof FieldError ? () => read : read;
}
