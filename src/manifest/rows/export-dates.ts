// Dates as exports write them: by a job's formats, in its zone, at the start or the end of the day. Loads the date library.
import { DateTime, IANAZone } from 'luxon';
import { InputError } from '../../errors.ts';
import { parseIso, type ReadDate } from './iso-dates.ts';
import type { Dates } from '../job/schema.ts';
import { FieldError } from './row.ts';
import { quote, quoteAll } from '../../text/quote.ts';

/** Tokens of a format that say a time of day (in luxon's spelling). */
const timeTokens = /[HhmsSatTfFZzx]/;
/** Days and years in the spelling of others, which mean something else here, or nothing. */
const foreign = /[DY]/;
const isoDate = /^\d{4}-\d\d-\d\d$/;
const isoZoned = /[T ].*(?:Z|[+-]\d\d:?\d\d)$/i;

/** What is wrong with a job's dates, or undefined. */
export function datesProblem({ format, zone, locale }: Dates): string | undefined {
  if (zone !== undefined && !IANAZone.isValidZone(zone))
    return `zone ${quote(zone)} is not known; give an IANA name like Europe/Berlin or UTC`;
  if (locale !== undefined && !isLocale(locale))
    return `locale ${quote(locale)} is not known; give a language like en, de or pt-BR`;
  const sample = DateTime.fromObject({ year: 2026, month: 11, day: 23 }, { zone: 'utc', locale: 'en' });
  for (const each of formatsOf(format)) {
    const read = DateTime.fromFormat(sample.toFormat(each), each, { zone: 'utc', locale: 'en' });
    if (read.isValid && read.hasSame(sample, 'day') && !foreign.test(unquoted(each))) continue;
    return `format ${quote(each)} does not say day, month and year; write it like dd.MM.yyyy, MM/dd/yyyy or d MMM yyyy`;
  }
  return undefined;
}

/** A reader for a job's dates. Without a format only ISO is taken. Throws InputError when zone or format are impossible. */
export function jobDates(dates: Dates): ReadDate {
  const wrong = datesProblem(dates);
  if (wrong !== undefined) throw new InputError(`dates: ${wrong}`);
  const { zone = 'utc', at = 'start-of-day', locale = 'en' } = dates;
  const formats = formatsOf(dates.format);
  return (text) => {
    if (text instanceof Date) return instant(wallClock(text, zone), at) ?? refuse(text.toISOString(), formats);
    if (isoZoned.test(text)) return instantOf(text) ?? refuse(text, formats);
    const read = formats.length === 0 ? readIso(text, zone) : readAs(text, formats, { zone, locale });
    return (read === undefined ? undefined : instant(read, at)) ?? refuse(text, formats);
  };
}

function instant({ date, timed }: Read, at: Dates['at']): string | undefined {
  // Spreadsheets show nought as a day of 1899 or 1900, and HR systems no day at all.
  if (date.year <= 1900) return undefined;
  const moment = timed ? date : at === 'end-of-day' ? date.endOf('day') : date.startOf('day');
  return moment.toUTC().toISO() ?? undefined;
}

/** A workbook's date in the job's zone; midnight is a date without a time. */
function wallClock(value: Date, zone: string): Read {
  const date = DateTime.fromJSDate(value, { zone: 'utc' });
  return { date: date.setZone(zone, { keepLocalTime: true }), timed: value.getTime() % 86_400_000 !== 0 };
}

function formatsOf(format: Dates['format']): readonly string[] {
  return format === undefined ? [] : typeof format === 'string' ? [format] : format;
}

interface Read {
  readonly date: DateTime;
  readonly timed: boolean;
}

function instantOf(text: string): string | undefined {
  const ms = parseIso(text);
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

function readIso(text: string, zone: string): Read | undefined {
  if (parseIso(text) === undefined) return undefined;
  const date = DateTime.fromISO(text.replace(' ', 'T'), { zone });
  return date.isValid ? { date, timed: !isoDate.test(text) } : undefined;
}

function readAs(text: string, formats: readonly string[], options: { zone: string; locale: string }): Read | undefined {
  const read = formats.flatMap((format): Read[] => {
    const date = DateTime.fromFormat(text, format, options);
    // Words in quotes are no tokens.
    return date.isValid ? [{ date, timed: timeTokens.test(unquoted(format)) }] : [];
  });
  // 01/02/2026 in two formats is two days, and nobody knows which is meant.
  return read.some(({ date }) => date.toMillis() !== read[0]?.date.toMillis()) ? undefined : read[0];
}

/** A format without its words in quotes, which are no tokens. */
function unquoted(format: string): string {
  return format.replace(/'[^']*'/g, '');
}

function isLocale(locale: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(locale).length > 0;
  } catch {
    return false;
  }
}

function refuse(text: string, formats: readonly string[]): FieldError {
  const allowed = formats.length === 0 ? 'YYYY-MM-DD (or name the format in the job file)' : quoteAll(formats);
  const what = formats.length > 1 ? 'not one certain date' : 'not a date';
  return new FieldError(`${quote(text)} is ${what}; the job takes ${allowed}`, 'not a date');
}
