// Which attempts failed, and which requests ky may send again after that. Pure tables.
import { HTTPError, type RetryOptions } from 'ky';
import type { ApiRequest, RetrySafety } from '../actions/action.ts';
import type { RawResponse, DecodedResponse } from './decode-response.ts';
import { AttemptError } from './network-error.ts';

/** Statuses of servers and gateways in trouble; 501 and 505 are refusals that will not change. */
const retryStatusCodes = [408, ...Array.from({ length: 100 }, (_, at) => 500 + at)].filter(
  (status) => status !== 501 && status !== 505,
);
const troubled = new Set(retryStatusCodes);

/** Whether the status says that the server or a gateway is in trouble; ky throws its HTTPError for it. */
export function isServerTrouble(status: number): boolean {
  return troubled.has(status);
}

/** The retry policy of a request, as ky takes it. */
export function retryOptions(request: ApiRequest, limit: number): RetryOptions {
  return {
    limit,
    methods: ['get', 'post', 'put', 'delete'],
    statusCodes: retryStatusCodes,
    // Retry-After shuts the gate for all requests; ky would delay this one alone, for days if it says so.
    afterStatusCodes: [],
    shouldRetry: ({ error }) => isRepeatable(request.retry, error),
    // The backoff waits in the `beforeRetry` hook, on Context.sleep: ky's own delay is a global timer that no stop signal ends.
    delay: () => 0,
  };
}

/**
 * Whether to send again after a failed attempt. The action says what a repetition does, not the HTTP verb: setting a state or removing
 * twice is harmless, creating twice is not, so a creation is sent again only when it certainly never left.
 */
function isRepeatable(safety: RetrySafety, error: Error): boolean {
  if (error instanceof HTTPError) return safety !== 'creation';
  if (!(error instanceof AttemptError)) return false;
  return safety !== 'creation' || !error.facts.arrived;
}

const baseMs = 500;
const capMs = 30_000;

/** Full jitter: a random time up to 500 ms, doubled with each retry after the first, at most 30 s. `retry` counts from 1. */
export function backoffMs(retry: number, random: number): number {
  return random * Math.min(capMs, baseMs * 2 ** Math.min(retry - 1, 10));
}

/**
 * Why an answer can't be used, or undefined when it can: a server in trouble, a web page under a 2xx (a login page or a proxy, not the
 * API), and a 2xx whose body is needed and can't be read.
 */
export function attemptErrorIn(
  request: ApiRequest,
  { status, content, broken }: RawResponse,
  { error, isPage, isRead }: DecodedResponse,
): AttemptError | undefined {
  if (isServerTrouble(status)) {
    const words = error?.detail ?? error?.title;
    const said = words === undefined || words === `HTTP ${status}` ? '' : `: ${words}`;
    const details = error === undefined ? {} : { error };
    return new AttemptError(`the API answered HTTP ${status}${said}`, { arrived: true, status, ...details });
  }
  if (status < 200 || status > 299) return undefined;
  if (isPage)
    return new AttemptError(
      `HTTP ${status} came with a page for people; something on the way answered in place of the API`,
      { arrived: true, status },
    );
  if (request.needsBody !== true || isRead) return undefined;
  const how = broken ?? (content === '' ? 'it is empty' : 'it is not JSON');
  return new AttemptError(`HTTP ${status} came with a body that can't be used: ${how}`, { arrived: true, status });
}
