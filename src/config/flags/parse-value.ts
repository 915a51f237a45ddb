// Parsers from texts (of flags, variables and job files) to values. Each error has the source, the text and what is allowed.
import { LeaversError } from '../../errors.ts';
import { outputExtensions, outputFormat } from '../../storage/tables/output-format.ts';
import type { Limit, Rate } from '../settings.ts';
import { type ActionName, actionNames, suggestedActions } from '../../model.ts';
import { quote } from '../../text/quote.ts';
import { didYouMean } from '../../text/suggest.ts';

/** The error for a text that is not of the allowed form. */
function wrong(where: string, text: string, allowed: string): LeaversError {
  return new LeaversError('usage', `${where} ${quote(text)} is not ${allowed}`);
}

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const unitOf = (unit: string) => unitMs[unit as keyof typeof unitMs];

/** `180/m`, `3/s`, `100/10s`. */
export function parseRate(text: string, where: string): Rate {
  const [, count = '', length = '', unit = ''] = /^(\d{1,7})\/(\d{0,5})([smh])$/.exec(text.trim()) ?? [];
  const [calls, span] = [Number(count), length === '' ? 1 : Number(length)];
  if (unit === '' || calls === 0 || span === 0)
    throw wrong(
      where,
      text,
      'a rate; give calls per second, minute or hour, or per a number of them, like 3/s, 180/m or 100/10s',
    );
  return { count: calls, perMs: span * unitOf(unit) };
}

/** A rate, or `none`. */
export function parseRateOrNone(text: string, where: string): Rate | 'none' {
  if (text.trim() === 'none') return 'none';
  try {
    return parseRate(text, where);
  } catch {
    throw wrong(where, text, 'a rate; give calls per second, minute or hour like 3/s, 180/m or 5000/h, or none');
  }
}

/** A whole number between two, both included. */
export function parseCount(min: number, max: number): (text: string, where: string) => number {
  return (text, where) => {
    const number = /^\d{1,9}$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (number >= min && number <= max) return number;
    throw wrong(where, text, `a whole number from ${min} to ${max}`);
  };
}

/** `30s`, `500ms`, `50m`, `1h30m`, in milliseconds; more than nothing and at most 30 days. */
export function parseDuration(text: string, where: string): number {
  const parts = [...text.trim().matchAll(/(\d{1,9})(ms|s|m|h|d)/g)];
  const whole = parts.map(([part]) => part).join('') === text.trim();
  const ms = parts.reduce((sum, [, count = '', unit = '']) => sum + Number(count) * unitOf(unit), 0);
  if (whole && ms > 0 && ms <= 30 * unitMs.d) return ms;
  throw wrong(where, text, 'a length of time; give one like 500ms, 30s, 50m or 1h30m');
}

/** `500` or `5%`. */
export function parseLimit(text: string, where: string): Limit {
  const [, number = '', percent = ''] = /^(\d{1,9}|\d{1,3}(?:\.\d{1,4})?(?=%))(%?)$/.exec(text.trim()) ?? [];
  const count = number === '' ? Number.NaN : Number(number);
  if (percent === '' && count >= 0) return { count };
  if (percent === '%' && count <= 100) return { percent: count };
  throw wrong(where, text, 'a limit; give a number like 500 or a percentage from 0% to 100%');
}

/** One of a few words. */
export function parseChoice<const T extends string>(choices: readonly T[]): (text: string, where: string) => T {
  return (text, where) => {
    const choice = choices.find((each) => each === text.trim());
    if (choice !== undefined) return choice;
    throw wrong(where, text, `one of ${choices.join(', ')}`);
  };
}

/** The name of an action; several may be joined with commas where a flag takes a list. */
export function parseAction(text: string, where: string): ActionName {
  const name = actionNames.find((each) => each === text.trim());
  if (name !== undefined) return name;
  const hint = didYouMean(text.trim(), suggestedActions) || ';';
  throw wrong(where, text, `an action${hint} \`leavers actions\` lists them all`);
}

/** The action of a written manifest, or `release-product`, which stands for rows of several actions. */
export function parseManifestAction(text: string, where: string): ActionName | 'release-product' {
  return text.trim() === 'release-product' ? 'release-product' : parseAction(text, where);
}

/** Generations of the API: `v1`, `v2` or `v1,v2`. */
export function parseGenerations(text: string, where: string): readonly ('v1' | 'v2')[] {
  return text.split(',').map((each) => parseChoice(['v1', 'v2'])(each, where));
}

/** A segment of a request's path: an organization's or a directory's id. */
export function parseId(text: string, where: string): string {
  const id = text.trim();
  if (/^[\w:.-]{1,128}$/.test(id) && !/^\.+$/.test(id)) return id;
  throw wrong(where, text, 'an id; copy it from the address of admin.atlassian.com, where it follows /o/');
}

/** Any text that is not empty, such as a path. */
export function parseText(text: string, where: string): string {
  if (text.trim() !== '' && !/\p{Cc}/u.test(text)) return text;
  throw wrong(where, text, 'usable; it is empty or has a control character');
}

/** A day like `2027-01-31`. */
export function parseDay(text: string, where: string): string {
  const day = text.trim();
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(day) : Number.NaN;
  if (!Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day)) return day;
  throw wrong(where, text, 'a day; give one like 2027-01-31');
}

/** The name of a profile, which is part of a file's name. */
export function parseProfileName(text: string, where: string): string {
  const name = text.trim();
  // This name can't be a key of an object.
  if (/^\w[\w.-]{0,63}$/.test(name) && name !== '__proto__') return name;
  throw wrong(where, text, 'a name of letters, digits, dots and dashes');
}

/** A file to write whose extension chooses its format, or `-` for stdout. */
export function parseOutput(text: string, where: string): string {
  const path = parseText(text, where);
  if (path === '-' || outputFormat(path) !== undefined) return path;
  throw wrong(where, text, `a file that ends in ${outputExtensions}, which chooses its format; add one of these`);
}

/** `true` or `false` as people write them in variables. */
export function parseSwitch(text: string, where: string): boolean {
  const word = text.trim().toLowerCase();
  if (['1', 'true', 'yes', 'on'].includes(word)) return true;
  if (['0', 'false', 'no', 'off'].includes(word)) return false;
  throw wrong(where, text, 'true or false');
}

/** A URL of a monitor or a chat. It may contain a secret, so the error does not show it. */
export function parseAddress(text: string, where: string): string {
  const url = URL.parse(text.trim());
  if (url !== null && /^https?:$/.test(url.protocol)) return url.href;
  throw new LeaversError('usage', `${where} is not a URL; give one that starts with https://`);
}

/** The seal of a report, with or without its prefix; the 32 hex digits of a line's hash. */
export function parseSeal(text: string, where: string): string {
  const [, h] = /^(?:sha256:)?([0-9a-f]{32})$/i.exec(text.trim()) ?? [];
  if (h !== undefined) return h.toLowerCase();
  throw wrong(where, text, 'a seal; give the 32 hex digits after "Seal sha256:" that the end of a run prints');
}

/** A domain of e-mail addresses, in lower case. */
export function parseDomain(text: string, where: string): string {
  const domain = text.trim().toLowerCase().replace(/^@/, '');
  if (/^[^\s@*/]+\.[^\s@*/.]+$/.test(domain)) return domain;
  throw wrong(where, text, 'a domain; give one like example.com');
}
