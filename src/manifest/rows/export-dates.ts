// jobDates: parses the dates of exports by a job's formats and zone, at the start or the end of the day. Loads the date library.
import { DateTime, IANAZone } from 'luxon';
import { InputError } from '../../errors.ts';
import { isoInstant, parseIso, plainSpaces, type ReadDate } from './iso-dates.ts';
import type { Dates } from '../job/schema.ts';
import { FieldError } from './row.ts';
import { quote, quoteAll } from '../../text/quote.ts';

/** Tokens of a format for the time of day (luxon's notation). */
const timeTokens = /[HhmsSatTfFZzx]/;
/** `D` and `Y` from other date libraries, which luxon does not support. */
const foreign = /[DY]/;
/** Characters of the longest date, with the name of its month and day. */
const maxDate = 100;
const isoDate = /^\d{4}-\d\d-\d\d$/;
const isoZoned = /[T ].*(?:Z|[+-]\d\d:?\d\d)$/i;

/** What is wrong with a job's dates, or undefined. */
export function datesProblem({ format, zone, locale }: Dates): string | undefined {
  if (typeof zone === 'string' && !IANAZone.isValidZone(zone))
    return `zone ${quote(zone)} is not known; give an IANA name like Europe/Berlin or UTC`;
  if (locale !== undefined && !isLocale(locale))
    return `locale ${quote(locale)} is not known; give a language like en, de or pt-BR`;
  // A year in the past, because a format without a year reads the present one.
  const sample = DateTime.fromObject({ year: 1999, month: 11, day: 23 }, { zone: 'utc', locale: 'en' });
  for (const each of formatsOf(format)) {
    if (/(?<!y)yy(?!y)/.test(unquoted(each)))
      return `format ${quote(each)} has a two-digit year, so the century is unknown; export four-digit years and write yyyy`;
    if (readsBack(sample, each) && !foreign.test(unquoted(each))) continue;
    return `format ${quote(each)} does not say day, month and year; write it like dd.MM.yyyy, MM/dd/yyyy or d MMM yyyy`;
  }
  return undefined;
}

/** True if a day that is written in the format is read as the same day. */
function readsBack(day: DateTime, format: string): boolean {
  try {
    const read = DateTime.fromFormat(day.toFormat(format), format, { zone: 'utc', locale: 'en' });
    return read.isValid && read.hasSame(day, 'day');
  } catch {
    // The library throws for formats that contradict themselves, such as a day of the year beside a month.
    return false;
  }
}

/**
 * Readers for a job's dates, by time zone. Without a format only ISO is accepted. Throws InputError for a zone or a format that is impossible;
 * a zone in a cell is checked on use.
 */
export function jobDates(dates: Dates): (zone?: string) => ReadDate | FieldError {
  const wrong = datesProblem(dates);
  if (wrong !== undefined) throw new InputError(`dates: ${wrong}`);
  const own = typeof dates.zone === 'string' ? dates.zone : 'utc';
  const readers = new Map<string, ReadDate>();
  return (zone = own) => {
    const cachedReader = readers.get(zone);
    if (cachedReader !== undefined) return cachedReader;
    if (!IANAZone.isValidZone(zone))
      return new FieldError(
        `has the time zone ${quote(zone)}, which is not one; give an IANA name like Europe/Berlin`,
        'not a time zone',
      );
    const reader = dateReader(dates, zone);
    readers.set(zone, reader);
    return reader;
  };
}

function dateReader({ format, at = 'start-of-day', locale = 'en' }: Dates, zone: string): ReadDate {
  const formats = formatsOf(format);
  return (value) => {
    if (value instanceof Date) return instant(wallClock(value, zone), at) ?? refuse(value.toISOString(), formats);
    const text = plainSpaces(value);
    if (text.length > maxDate) return refuse(value, formats);
    const read = isoZoned.test(text)
      ? readInstant(text, { zone, at })
      : formats.length === 0
        ? readIso(text, zone)
        : readAs(text, formats, { zone, locale });
    return (read === undefined ? undefined : instant(read, at)) ?? refuse(value, formats);
  };
}

function instant({ date, precision }: Read, at: Dates['at']): string | undefined {
  // Spreadsheets show 0 as a day of 1899 or 1900, and some HR systems use such days for "none".
  if (date.year <= 1900 || date.year > 9999) return undefined;
  if (precision === 'instant') return isoInstant(date.toMillis());
  const isEndOfDay = at === 'end-of-day' && (precision === 'day' || isMidnight(date));
  return isoInstant((isEndOfDay ? date.endOf('day') : precision === 'day' ? date.startOf('day') : date).toMillis());
}

/** Exports of databases and APIs write a day as midnight. */
function isMidnight({ hour, minute, second, millisecond }: DateTime): boolean {
  return hour + minute + second + millisecond === 0;
}

/** A workbook's date in the job's zone; midnight is a date without a time. */
function wallClock(value: Date, zone: string): Read {
  const date = DateTime.fromJSDate(value, { zone: 'utc' });
  return {
    date: date.setZone(zone, { keepLocalTime: true }),
    precision: value.getTime() % 86_400_000 === 0 ? 'day' : 'time',
  };
}

/** An ISO date-time with an offset. Midnight stands for the written day, whatever the zone. */
function readInstant(text: string, { zone, at }: { zone: string; at: Dates['at'] }): Read | undefined {
  const ms = parseIso(text);
  if (ms === undefined) return undefined;
  const written = at === 'end-of-day' ? readIso(text.replace(/(?:Z|[+-]\d\d:?(?:\d\d)?)$/i, ''), zone) : undefined;
  if (written !== undefined && isMidnight(written.date)) return written;
  return { date: DateTime.fromISO(isoInstant(ms), { zone: 'utc' }), precision: 'instant' };
}

function formatsOf(format: Dates['format']): readonly string[] {
  return format === undefined ? [] : typeof format === 'string' ? [format] : format;
}

interface Read {
  readonly date: DateTime;
  /** A day, a local time in the zone, or an instant with its own offset. */
  readonly precision: 'day' | 'time' | 'instant';
}

function readIso(text: string, zone: string): Read | undefined {
  if (parseIso(text) === undefined) return undefined;
  const date = DateTime.fromISO(text.replace(' ', 'T'), { zone });
  return date.isValid ? { date, precision: isoDate.test(text) ? 'day' : 'time' } : undefined;
}

function readAs(text: string, formats: readonly string[], options: { zone: string; locale: string }): Read | undefined {
  const read = formats.flatMap((format): Read[] => {
    const date = DateTime.fromFormat(text, format, options);
    // Words in quotes are not tokens.
    return date.isValid ? [{ date, precision: timeTokens.test(unquoted(format)) ? 'time' : 'day' }] : [];
  });
  // 01/02/2026 can be two days in two formats, so it is refused.
  return read.some(({ date }) => date.toMillis() !== read[0]?.date.toMillis()) ? undefined : read[0];
}

/** A format without its quoted words, which are not tokens. */
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
  const defect = formats.length > 1 ? 'not one certain date' : 'not a date';
  return new FieldError(`${quote(text)} is ${defect}; the job takes ${allowed}`, 'not a date');
}
