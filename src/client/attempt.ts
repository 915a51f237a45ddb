// One HTTP attempt: builds URL, headers and body of a request, sends it with the key, and reads the whole answer, within one deadline.
import type { ApiRequest } from '../actions/action.ts';
import type { Secret } from '../config/secret.ts';
import type { Context } from '../context.ts';
import { LeaversError, StopError } from '../errors.ts';
import { sanitize } from '../text/sanitize.ts';
import { decodeResponse, type DecodedResponse, type RawResponse } from './decode-response.ts';
import { toAttemptError, AttemptError } from './network-error.ts';

export interface AttemptOptions {
  readonly fetch: typeof fetch;
  readonly sleep: Context['sleep'];
  readonly key: Secret;
  /** From sending the request to the last byte of the response. */
  readonly timeoutMs: number;
  /** Aborted some time after a stop signal, when calls in progress must be given up. */
  readonly drained?: AbortSignal;
  readonly version: string;
}

export interface ApiAddresses {
  readonly baseUrl: URL;
  /** Of the API of managed accounts; undefined when unknown. */
  readonly accountUrl?: URL | undefined;
}

/** The URL of a request. Throws StopError `config` for managed accounts when their URL is unknown. */
export function urlOf({ api, path, query }: ApiRequest, { baseUrl, accountUrl }: ApiAddresses): string {
  if (api !== 'accounts') return buildUrl(baseUrl, path, query).href;
  if (accountUrl !== undefined) return buildUrl(accountUrl, path, query).href;
  throw new StopError(
    'config',
    `the URL for managed accounts is not known, because --base-url ${baseUrl.href} does not end in /admin; give it with --account-url`,
  );
}

/**
 * Builds a URL. Each segment is encoded, and the parsed URL is compared with the segments: `.` and `..` survive
 * encodeURIComponent, and a URL parser would then name another account.
 * Throws LeaversError `invalid` when a segment can't be encoded, or when origin, segment count or any segment differs in the result.
 */
export function buildUrl(base: URL, path: readonly string[], query?: Readonly<Record<string, string>>): URL {
  for (const segment of path) if (!isSafeSegment(segment)) throw invalidPart(segment);
  const url = new URL(`${base.origin}${basePathOf(base)}/${path.map(encodeURIComponent).join('/')}`);
  if (query !== undefined) {
    for (const value of Object.values(query)) if (!value.isWellFormed()) throw invalidPart(value);
    url.search = new URLSearchParams(query).toString();
  }
  if (!matchesPath(url, base, path)) throw invalidPart(path.join('/'));
  return url;
}

function isSafeSegment(segment: string): boolean {
  return segment !== '' && segment !== '.' && segment !== '..' && segment.isWellFormed();
}

function matchesPath(url: URL, base: URL, path: readonly string[]): boolean {
  const segments = url.pathname.slice(basePathOf(base).length).split('/').slice(1);
  const outside =
    url.origin !== base.origin ||
    !url.pathname.startsWith(basePathOf(base)) ||
    url.username + url.password + url.hash !== '';
  return (
    !outside &&
    segments.length === path.length &&
    segments.every((segment, at) => decodeURIComponent(segment) === path[at])
  );
}

/** The base's path without a slash at its end: '' for a bare origin, whose pathname is '/'. */
function basePathOf(base: URL): string {
  return base.pathname.replace(/\/+$/, '');
}

function invalidPart(value: string): LeaversError {
  return new LeaversError('invalid', `"${sanitize(value)}" can't be part of a URL; check the ids in the manifest`);
}

/** Larger than any page of the API. A larger body is refused. */
export const maxBodyBytes = 10 * 1024 * 1024;

const timedOut = Symbol('timed out');
const givenUp = Symbol('given up');
/** The abort reason that ends timer and body of a finished attempt. A constant, because an abort without a reason creates an error with a stack. */
const over = new Error('the attempt is over');

/**
 * Sends the request once and reads the answer to its end, all within `timeoutMs`. Resolves once a status line was read, even when the
 * body then broke off; else throws AttemptError, or StopError `config`.
 *
 * The deadline is a race, and the controller is a variable here: a signal composed with AbortSignal.any or .timeout is lost to the
 * garbage collector, and a body read after fetch came back has no timeout at all.
 */
export async function attempt(url: string, request: ApiRequest, options: AttemptOptions): Promise<ReadResponse> {
  const { key, sleep, timeoutMs, drained } = options;
  const controller = new AbortController();
  let head: Response | undefined;
  const exchange = async (): Promise<ReadResponse> => {
    head = await options.fetch(url, requestInit(request, options, controller.signal));
    return new ReadResponse(head, key, { content: await readBody(head) });
  };
  const deadline = sleep(timeoutMs, controller.signal).then((): typeof timedOut => timedOut);
  const { promise: drain, resolve } = Promise.withResolvers<typeof givenUp>();
  const giveUp = () => resolve(givenUp);
  if (drained?.aborted === true) giveUp();
  drained?.addEventListener('abort', giveUp, { once: true });
  const exchanged = exchange();
  try {
    const first = await Promise.race([exchanged, deadline, drain]);
    if (first === givenUp) throw new AttemptError('no complete response before the run had to stop', { arrived: true });
    if (first !== timedOut) return first;
    throw new AttemptError(`no complete response within ${timeoutMs / 1000} s`, { arrived: true });
  } catch (error) {
    const failure = error instanceof AttemptError ? error : toAttemptError(error);
    if (head === undefined) throw failure;
    return new ReadResponse(head, key, { content: '', broken: failure.message });
  } finally {
    drained?.removeEventListener('abort', giveUp);
    controller.abort(over);
    exchanged.catch(() => undefined);
  }
}

function requestInit(
  { method, body, retry }: ApiRequest,
  { key, version }: AttemptOptions,
  signal: AbortSignal,
): RequestInit {
  const headers: Record<string, string> = {
    authorization: `Bearer ${key.reveal()}`,
    accept: 'application/json',
    'user-agent': `leavers/${version}`,
  };
  // A kept connection may be closed by the other side just as the request leaves; for what must not be sent twice a new one is opened,
  // and "not connected" is then a proof that nothing was sent.
  if (retry === 'creation') headers['connection'] = 'close';
  // fetch would follow the 302 of a POST as a GET, take that answer for ours, and on the same origin send the key along.
  if (body === undefined) return { method, headers, redirect: 'manual', signal };
  headers['content-type'] = 'application/json';
  return { method, headers, redirect: 'manual', signal, body: JSON.stringify(body) };
}

/** Statuses whose response has no body. */
const bodiless: readonly number[] = [204, 205, 304];

/**
 * A response whose body has been read and decoded. `content` stays readable after ky has read the body for an HTTPError.
 * Throws AttemptError at a status beyond HTTP's.
 */
export class ReadResponse extends Response implements RawResponse {
  readonly content: string;
  readonly broken?: string;
  readonly decoded: DecodedResponse;

  /** The server may echo the key in the body or in headers such as a trace id, so both are masked. */
  constructor(
    { status, headers }: Response,
    key: Secret,
    { content, broken }: Pick<RawResponse, 'content' | 'broken'>,
  ) {
    if (status < 200 || status > 599) throw new AttemptError(`HTTP has no status ${status}`, { arrived: true });
    const masked = [...headers].map(([name, value]): [string, string] => [name, key.hideIn(value)]);
    const text = key.hideIn(content);
    super(bodiless.includes(status) ? null : text, { status, headers: masked });
    this.content = text;
    if (broken !== undefined) this.broken = broken;
    this.decoded = decodeResponse(this);
  }
}

/** Reads the whole body. Throws AttemptError when it is longer than `maxBodyBytes`, and the stream's error when it breaks off. */
async function readBody(response: Response): Promise<string> {
  // Fast path: with Content-Length and no encoding the HTTP parser enforces the size, and reading costs half.
  const stated = Number(response.headers.get('content-length') ?? Number.NaN);
  if (stated > maxBodyBytes) throw tooLong();
  if (response.status === 204 || (stated <= maxBodyBytes && !response.headers.has('content-encoding')))
    return await response.text();
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > maxBodyBytes) throw tooLong();
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function tooLong(): AttemptError {
  return new AttemptError('the response is too large', { arrived: true });
}
