// Numbers and spans of time in words.

const dayMs = 86_400_000;

/** A span of time for people: `8 s`, `3 min`, `2.5 h`, `7 days`. */
export function duration(ms: number): string {
  if (ms < 90_000) return `${Math.ceil(ms / 1000)} s`;
  if (ms < 5_400_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 2 * dayMs) return `${Math.round(ms / 360_000) / 10} h`;
  return `${Math.round(ms / dayMs)} days`;
}

/** `1 call`, `2000 calls`. */
export function many(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`;
}

/** `1 call`, `2,000 calls`, for pages. */
export function manyGrouped(count: number, one: string, more = `${one}s`): string {
  return many(count, one, more).replace(String(count), count.toLocaleString('en'));
}

/** `2026-12-31 22:59 UTC` for an ISO date-time in UTC; any other text is returned unchanged. */
export function utcMinute(date: string): string {
  const [, day, minute] = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})[\d:.]*Z$/.exec(date) ?? [];
  return day === undefined ? date : `${day} ${minute} UTC`;
}

/** `Acme (6665a2c0-…)`, or only the id if the name is unknown. */
export function organizationWords(name: string | undefined, id: string): string {
  return name === undefined || name === id ? id : `${name} (${id})`;
}

/** The text with its first letter in upper case. */
export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
