// Where requests go: the base address checked once, and path segments made into a URL that is compared with what was meant.
import { LeaversError } from '../errors.ts';
import { sanitize } from '../text/sanitize.ts';

/** Hosts that never leave the machine; the only ones that plain http may talk to. */
const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * The address that all paths are appended to, without a slash at its end.
 * Throws LeaversError `usage` unless it is https (or http to loopback) without credentials, query and fragment.
 */
export function parseBaseUrl(text: string): URL {
  const url = URL.parse(text.trim());
  const wrong = url === null ? 'is not an address' : whyNot(url, text);
  if (url === null || wrong !== undefined) {
    const shown = sanitize(url === null || url.username + url.password !== '' ? '' : text);
    throw new LeaversError(
      'usage',
      `--base-url ${shown === '' ? '' : `"${shown}" `}${wrong}; give one like https://api.atlassian.com/admin (http only to localhost)`,
    );
  }
  url.pathname = url.pathname.replace(/\/+$/, '');
  return url;
}

function whyNot(url: URL, text: string): string | undefined {
  if (url.username !== '' || url.password !== '') return 'holds a user name or password';
  if (/[?#]/.test(text)) return 'holds a query or a fragment';
  if (url.protocol === 'https:') return undefined;
  if (url.protocol !== 'http:') return `has the protocol ${url.protocol}`;
  return loopback.test(url.hostname)
    ? undefined
    : 'is plain http to another machine, where anyone on the way reads the key';
}

/**
 * The address of a request. Each segment is encoded, and what a parser makes of the whole is compared: `.` and `..` survive
 * encodeURIComponent, and the parser decides whose account is changed.
 * Throws LeaversError `invalid` when a segment can't be carried, or when origin, segment count or any segment came out different.
 */
export function buildUrl(base: URL, path: readonly string[], query?: Readonly<Record<string, string>>): URL {
  for (const segment of path) if (!isCarried(segment)) throw unfit(segment);
  const url = new URL(`${base.origin}${stem(base)}/${path.map(encodeURIComponent).join('/')}`);
  if (query !== undefined) {
    for (const value of Object.values(query)) if (!value.isWellFormed()) throw unfit(value);
    url.search = new URLSearchParams(query).toString();
  }
  if (!isAsMeant(url, base, path)) throw unfit(path.join('/'));
  return url;
}

function isCarried(segment: string): boolean {
  return segment !== '' && segment !== '.' && segment !== '..' && segment.isWellFormed();
}

function isAsMeant(url: URL, base: URL, path: readonly string[]): boolean {
  const got = url.pathname.slice(stem(base).length).split('/').slice(1);
  const outside =
    url.origin !== base.origin || !url.pathname.startsWith(stem(base)) || url.username + url.password + url.hash !== '';
  return !outside && got.length === path.length && got.every((segment, at) => decodeURIComponent(segment) === path[at]);
}

/** The base's path without a slash at its end: '' for a bare origin, whose pathname is '/'. */
function stem(base: URL): string {
  return base.pathname.replace(/\/+$/, '');
}

function unfit(value: string): LeaversError {
  return new LeaversError(
    'invalid',
    `"${sanitize(value)}" can't be part of a request's address; check the ids in the manifest`,
  );
}
