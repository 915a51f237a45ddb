// Builds the URL of a request from the base address and path segments, and compares the result with what was meant.
import type { ApiRequest } from '../actions/action.ts';
import { LeaversError, StopError } from '../errors.ts';
import { sanitize } from '../text/sanitize.ts';

/**
 * The URL of a request. Each segment is encoded, and the parsed URL is compared with the segments: `.` and `..` survive
 * encodeURIComponent, and a URL parser would then name another account.
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

interface Addresses {
  readonly baseUrl: URL;
  readonly accountUrl?: URL | undefined;
}

/** The base address of a request. Throws StopError `config` for managed accounts when their address is not known. */
export function addressOf({ api }: ApiRequest, { baseUrl, accountUrl }: Addresses): URL {
  if (api !== 'accounts') return baseUrl;
  if (accountUrl !== undefined) return accountUrl;
  throw new StopError(
    'config',
    `the address of managed accounts is not known, because --base-url ${baseUrl.href} does not end in /admin; give it with --account-url`,
  );
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
