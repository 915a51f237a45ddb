// Dates of our own manifests: ISO 8601 only, in UTC unless an offset is given.
import { FieldError } from './row.ts';
import { quote } from '../../text/quote.ts';

/** Reads a `notBefore`: an instant in ISO 8601 UTC, or why not. A workbook's Date has its wall clock in UTC. */
export type ReadDate = (value: string | Date) => string | FieldError;

const relative = /^([+-]\d{1,5})d$/;

/** Milliseconds of `+30d` or `-90d`, or undefined for other texts. */
export function parseDays(text: string): number | undefined {
  const days = relative.exec(text)?.[1];
  return days === undefined ? undefined : Number(days) * 86_400_000;
}

const iso = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

/** The last instant that ISO 8601 writes with a year of four digits. */
const lastInstant = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** An instant in ISO 8601 UTC. One after the year 9999 (the end of 9999-12-31 in America) becomes the last of that year, so it is always held. */
export function isoInstant(ms: number): string {
  return new Date(Math.min(ms, lastInstant)).toISOString();
}

/** The text with no-break and thin spaces, which newer systems put before AM and PM, as plain spaces. */
export function plainSpaces(text: string): string {
  return text.replace(/[\u00a0\u2007\u2009\u202f]/g, ' ').trim();
}

/** A date is the start of that day in UTC; a time without an offset is UTC. */
export const readIsoDate: ReadDate = (value) => {
  const text = value instanceof Date ? value.toISOString() : value;
  const instant = parseIso(plainSpaces(text));
  return instant === undefined
    ? new FieldError(
        `${quote(text)} is not a date; give YYYY-MM-DD or YYYY-MM-DDTHH:MMZ (a job file can name another format)`,
        'not a date',
      )
    : isoInstant(instant);
};

/** Epoch ms, or undefined when the text is not ISO 8601 or no such day exists. */
export function parseIso(text: string): number | undefined {
  const parts = iso.exec(text);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (year <= 1900 || hour > 23 || minute > 59 || second > 59) return undefined;
  const ms = Number(`0.${parts[7] ?? 0}`) * 1000;
  const local = Date.UTC(year, month - 1, day, hour, minute, second) + Math.floor(ms);
  const date = new Date(local);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return local - offset(parts[8]);
}

/** An offset like `+02:00` in ms. */
function offset(text: string | undefined): number {
  if (text === undefined || text.toUpperCase() === 'Z') return 0;
  const digits = text.slice(1).replace(':', '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || 0);
  return (text.startsWith('-') ? -minutes : minutes) * 60_000;
}

const minute = 60_000;
const earliest = Date.UTC(1900, 0, 1);

/** The minute of an instant (ISO 8601 in UTC), from 1: of any date that is read here, in 32 bits. */
export function minuteOf(instant: string): number {
  return Math.floor((Date.parse(instant) - earliest) / minute) + 1;
}

/** `2026-03-31T22:00Z` */
export function atMinute(count: number): string {
  return `${new Date((count - 1) * minute + earliest).toISOString().slice(0, 16)}Z`;
}
