// Parses the rate-limit headers of a response, in every form seen in the wild. Pure.

/** Durations from now on, in ms. */
export interface RateLimitHeaders {
  /** The wait that the response asks for; 0 when the time is in the past. */
  readonly retryAfterMs?: number;
  /** Calls left in the current period. */
  readonly remaining?: number;
  /** Time until the period ends; absent when it is in the past. */
  readonly resetMs?: number;
}

const remainingNames = ['x-ratelimit-remaining', 'x-rate-limit-remaining', 'ratelimit-remaining'];
const resetNames = ['x-ratelimit-reset', 'x-rate-limit-reset', 'ratelimit-reset'];
const retryNames = ['retry-after', 'x-ratelimit-retry-after', 'x-rate-limit-retry-after'];
const retryMsNames = ['retry-after-ms', 'x-custom-retry-after-ms', 'x-ms-retry-after-ms'];

/**
 * Reads Retry-After and the rate-limit headers: delta seconds (also fractions), epoch seconds and milliseconds, HTTP dates, ISO 8601
 * with or without seconds, and the structured `RateLimit` field. Dates are compared with the answer's own `Date`, because the clock
 * here may be wrong; `Date` is cut to the second, so a wait errs on the long side, unless `now.server` has the milliseconds. Of several values the longest counts. What can't be
 * read is as if it were not there.
 */
export function readRateLimitHeaders(
  headers: Headers,
  now: { readonly wall: number; readonly server?: number },
): RateLimitHeaders {
  const cut = readDate(headers.get('date') ?? '') ?? now.wall;
  const wall: Wall = { cut, exact: now.server ?? cut };
  const field = readField(headers.get('ratelimit') ?? '');
  const retryAfterMs =
    longest(headers, retryNames, (text) => readWait(text, wall)) ?? longest(headers, retryMsNames, readMs);
  const remaining = longest(headers, remainingNames, readCount) ?? field.r;
  const resetMs =
    longest(headers, resetNames, (text) => readWait(text, wall)) ??
    (field.t === undefined ? undefined : field.t * 1000);
  return {
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(remaining === undefined ? {} : { remaining }),
    ...(resetMs === undefined || resetMs <= 0 ? {} : { resetMs }),
  };
}

/** The time of the answer in epoch ms: `cut` to the second, as its `Date` has it, and `exact`. A wait is measured from the one as exact as its end. */
interface Wall {
  readonly cut: number;
  readonly exact: number;
}

type Read = (text: string) => number | undefined;

/** The longest value of the first header that has a readable one; a header sent twice arrives as one text with commas. */
function longest(headers: Headers, names: readonly string[], read: Read): number | undefined {
  for (const name of names) {
    const text = headers.get(name)?.trim();
    if (text === undefined || text === '') continue;
    const whole = read(text);
    if (whole !== undefined) return whole;
    const parts = text.split(/,\s*(?![^,]*GMT)|(?<=GMT),\s*/).map((part) => read(part.trim()));
    const values = parts.filter((value) => value !== undefined);
    if (values.length > 0) return Math.max(...values);
  }
  return undefined;
}

const oldestEpochSeconds = 1e9;
const oldestEpochMs = 1e12;

/** A number of seconds, an epoch or a date → ms from `wall` on, never below 0. */
function readWait(text: string, { cut, exact }: Wall): number | undefined {
  const number = readCount(text);
  if (number === undefined) {
    const date = readDate(text);
    return date === undefined ? undefined : Math.max(0, date - (/:\d\d\.\d{3}/.test(text) ? exact : cut));
  }
  if (number >= oldestEpochMs) return Math.max(0, number - exact);
  return number >= oldestEpochSeconds ? Math.max(0, number * 1000 - cut) : number * 1000;
}

function readCount(text: string): number | undefined {
  return /^\d{1,15}(\.\d{1,9})?$/.test(text) ? Number(text) : undefined;
}

function readMs(text: string): number | undefined {
  return readCount(text);
}

const iso = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)?$/i;
const http = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? [\w :-]{15,30}$/;

/** Epoch ms of an ISO 8601 date-time (UTC when it names no zone) or of any of the three HTTP date forms. */
function readDate(text: string): number | undefined {
  const [, day, time, zone = 'Z'] = iso.exec(text) ?? [];
  const form =
    day === undefined ? undefined : `${day}T${time}${zone.toUpperCase().replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`;
  // The asctime form names no zone; all HTTP dates are UTC.
  const date = Date.parse(form ?? (http.test(text) ? (text.endsWith('GMT') ? text : `${text} GMT`) : ''));
  return Number.isNaN(date) ? undefined : date;
}

/** `"default";r=0;t=2`, and the older `limit=10, remaining=0, reset=2`. Of several policies the tightest counts. */
function readField(text: string): { readonly r?: number; readonly t?: number } {
  if (text === '') return {};
  const remaining = [...text.matchAll(/\b(?:r|remaining)\s*=\s*(\d{1,15})/g)].map(([, value]) => Number(value));
  const reset = [...text.matchAll(/\b(?:t|reset)\s*=\s*(\d{1,15})/g)].map(([, value]) => Number(value));
  return {
    ...(remaining.length === 0 ? {} : { r: Math.min(...remaining) }),
    ...(reset.length === 0 ? {} : { t: Math.max(...reset) }),
  };
}

/** The organization's clock, estimated from many `Date` headers, each of which is cut to the second. */
export class ServerClock {
  /** A lower bound of how far the server's clock is ahead of the monotonic one. */
  #ahead = Number.NEGATIVE_INFINITY;

  /** The server's time in epoch ms at an answer that says `date`: within that second, and as late as earlier answers prove. */
  read(date: number, monotonic: number): number {
    this.#ahead = Math.max(this.#ahead, date - monotonic);
    const now = monotonic + this.#ahead;
    // Several servers may answer, each with a clock of its own.
    return now < date + 1000 ? now : date;
  }
}

/** Names of the headers about limits, each with the form of its value: `x-ratelimit-reset: ISO 8601`. */
export function describeLimitHeaders(headers: Headers): string[] {
  const own = [...headers].filter(([name]) =>
    [...remainingNames, ...resetNames, ...retryNames, ...retryMsNames, ...otherNames].includes(name),
  );
  return own.map(([name, value]) => `${name}: ${formOf(value.trim())}`);
}

const otherNames = ['x-ratelimit-limit', 'x-rate-limit-limit', 'ratelimit-limit', 'ratelimit', 'ratelimit-reason'];

function formOf(value: string): string {
  if (/^\d{10,13}$/.test(value)) return 'epoch';
  if (/^\d+(\.\d+)?$/.test(value)) return 'number';
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return value.length < 20 ? 'ISO 8601 without seconds' : 'ISO 8601';
  return Number.isNaN(Date.parse(value)) ? 'another form' : 'date';
}
