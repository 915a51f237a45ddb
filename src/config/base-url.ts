// parseBaseUrl: checks the base URL of the API, once, when settings are resolved.
import { LeaversError } from '../errors.ts';
import { sanitize } from '../text/sanitize.ts';

/** Hosts that never leave the machine; the only ones that plain http may talk to. */
const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * The URL that all paths are appended to, without a slash at its end.
 * Throws LeaversError `usage` with the source of the text, unless it is https (or http to loopback) without credentials, query and fragment.
 */
export function parseBaseUrl(text: string, where: string): URL {
  const url = URL.parse(text.trim());
  const wrong = url === null ? 'is not a URL' : whyNot(url, text);
  if (url === null || wrong !== undefined) {
    const shown = sanitize(url === null || url.username + url.password !== '' ? '' : text);
    throw new LeaversError(
      'usage',
      `${where} ${shown === '' ? '' : `"${shown}" `}${wrong}; give one like https://api.atlassian.com/admin (http only to localhost)`,
    );
  }
  url.pathname = url.pathname.replace(/\/+$/, '');
  return url;
}

/** The URL of the API of managed accounts: the base URL without its final `/admin`. */
export function accountUrlOf(baseUrl: URL): URL | undefined {
  if (!baseUrl.pathname.endsWith('/admin')) return undefined;
  const url = new URL(baseUrl);
  url.pathname = baseUrl.pathname.slice(0, -'/admin'.length);
  return url;
}

function whyNot(url: URL, text: string): string | undefined {
  if (url.username !== '' || url.password !== '') return 'holds a user name or password';
  if (/[?#]/.test(text)) return 'holds a query or a fragment';
  if (url.protocol === 'https:') return undefined;
  if (url.protocol !== 'http:') return `has the protocol ${url.protocol}`;
  return loopback.test(url.hostname)
    ? undefined
    : 'is plain http to another machine, so anyone on the network could read the key';
}
