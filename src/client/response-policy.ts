// Classifies responses: use it, retry, or end the run; and decides which requests may be repeated. Pure.
import { HTTPError, type RetryOptions } from 'ky';
import type { Answer, ApiRequest, RetrySafety } from '../actions/action.ts';
import { StopError } from '../errors.ts';
import type { ReadResponse } from './attempt.ts';
import { type DecodedResponse, hasApiCode } from './decode-response.ts';
import { AttemptError } from './network-error.ts';

/**
 * `usable`: the organization's answer, also when it refuses; `throttled`: sent again once the gate opens; `failed`: sent again if that is
 * safe; `fatal`: no other call makes sense; `doubtful`: fatal, unless a search of the same family shows that v1 is served.
 */
type ResponseClass =
  | { readonly kind: 'throttled' }
  | { readonly kind: 'usable' }
  | { readonly kind: 'failed'; readonly error: AttemptError }
  | { readonly kind: 'fatal' | 'doubtful'; readonly error: StopError };

const usable = { kind: 'usable' } as const;

/** Classifies a response. `forbiddenBefore`: number of earlier 403s, while every response was one; undefined once the key works. */
export function classifyResponse(
  request: ApiRequest,
  response: ReadResponse,
  forbiddenBefore: number | undefined,
): ResponseClass {
  if (response.status === 429) return { kind: 'throttled' };
  const failure = failureIn(request, response);
  if (failure !== undefined) return { kind: 'failed', error: failure };
  if (response.decoded.error === undefined) return usable;
  const error = fatalError(request, response.decoded, forbiddenBefore);
  if (error === undefined) return usable;
  return { kind: isUnreadableNotFound(request, response) ? 'doubtful' : 'fatal', error };
}

/** Statuses that are retried; 501 and 505 are final. */
const retryStatusCodes = [408, ...Array.from({ length: 100 }, (_, at) => 500 + at)].filter(
  (status) => status !== 501 && status !== 505,
);
const troubleStatuses = new Set(retryStatusCodes);

/** Whether the status is a temporary server or gateway error; ky throws HTTPError for it. */
export function isServerTrouble(status: number): boolean {
  return troubleStatuses.has(status);
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
 * Whether to send again after a failed attempt. The action's `retry` decides, not the HTTP verb: setting a state or removing
 * twice is harmless, creating twice is not, so a creation is sent again only when it certainly never left.
 */
function isRepeatable(safety: RetrySafety, error: Error): boolean {
  if (error instanceof HTTPError) return safety !== 'creation';
  if (!(error instanceof AttemptError)) return false;
  return safety !== 'creation' || !error.facts.arrived;
}

/**
 * Why an answer can't be used, or undefined when it can: a server in trouble, a web page under a 2xx (a login page or a proxy, not the
 * API), and a 2xx whose body is needed and can't be read.
 */
function failureIn(
  request: ApiRequest,
  { status, content, broken, decoded: { error, isPage, isRead } }: ReadResponse,
): AttemptError | undefined {
  if (isServerTrouble(status)) {
    const text = error?.detail ?? error?.title;
    const explained = text === undefined || text === `HTTP ${status}` ? '' : `: ${text}`;
    const details = error === undefined ? {} : { error };
    return new AttemptError(`the API answered HTTP ${status}${explained}`, { arrived: true, status, ...details });
  }
  if (status < 200 || status > 299) return undefined;
  if (isPage)
    return new AttemptError(`HTTP ${status} came with an HTML page; a proxy or gateway answered instead of the API`, {
      arrived: true,
      status,
    });
  if (request.needsBody !== true || isRead) return undefined;
  const how = broken ?? (content === '' ? 'it is empty' : 'it is not JSON');
  return new AttemptError(`HTTP ${status} came with a body that can't be used: ${how}`, { arrived: true, status });
}

/** Number of calls, all refused with 403, after which the key counts as refused. */
const forbiddenLimit = 5;

/** Why the run must end with this refusal, or undefined: a refused key, or a generation that is no longer served. */
function fatalError(
  request: ApiRequest,
  { answer }: DecodedResponse,
  forbiddenBefore: number | undefined,
): StopError | undefined {
  const explained = answer.text === undefined ? '' : ` (${answer.text})`;
  if (answer.status === 401) {
    return new StopError(
      'key',
      `the organization refuses the key with HTTP 401${explained}; check that it is an organization API key, not a user's token, and neither expired nor revoked`,
    );
  }
  if (
    answer.status === 403 &&
    // An account that the organization does not manage says nothing about the key.
    request.api !== 'accounts' &&
    forbiddenBefore !== undefined &&
    (isAboutOrganization(request) || forbiddenBefore + 1 >= forbiddenLimit)
  ) {
    return new StopError(
      'key',
      `the key may not manage this organization: HTTP 403${explained}; check --org-id, and that the key has no scopes and belongs to an organization admin`,
    );
  }
  if (isRetired(request, answer)) {
    return new StopError(
      'config',
      `the organization no longer serves ${request.method} /${patternOf(request.path)} of the v1 API (HTTP ${answer.status}); run again with --api v2`,
    );
  }
  return undefined;
}

/** Reads without an id: their 403 is about the organization, not about a person or a group. */
function isAboutOrganization({ retry, path }: ApiRequest): boolean {
  return (
    retry === 'read' && (path.length === 3 || ['directories', 'search', 'count', 'stats'].includes(path.at(-1) ?? ''))
  );
}

/** Routes of v1 that Atlassian has announced the end of, as what follows `v1/orgs/{org}/`. */
const retired = [
  /^(users|groups)\/search$/,
  /^users\/invite$/,
  /^directory\/users\/[^/]+(\/(suspend|restore)-access)?$/,
  /^directory\/groups(\/|$)/,
];

/** 404 and 410 without a code of the API come from the gateway: the route is gone, not the person. */
function isRetired({ path }: ApiRequest, answer: Answer): boolean {
  if (answer.status !== 410 && answer.status !== 404) return false;
  const [version, orgs, , ...rest] = path;
  const isOld =
    version === 'v1' && orgs === 'orgs' && retired.some((route) => route.test(rest.map(encodeURIComponent).join('/')));
  return isOld && (answer.status === 410 || !hasApiCode(answer));
}

/** A 404 about a person or a group whose body is empty or cut: it lacks the code that the API gives, and the words of a gateway. */
function isUnreadableNotFound({ path }: ApiRequest, { status, content, decoded: { isRead } }: ReadResponse): boolean {
  return status === 404 && path[3] === 'directory' && path.length > 5 && !isRead && /^\s*([[{]|$)/.test(content);
}

/** A read that must succeed where v1 is served: a search for one person or group, beside the route of the request. */
export function probeOf({ path }: ApiRequest): ApiRequest {
  const [, , org = '', , family = ''] = path;
  return {
    method: 'POST',
    path: ['v1', 'orgs', org, family, 'search'],
    body: { limit: 1 },
    retry: 'read',
    needsBody: true,
  };
}

/** The path without ids. A long segment, or one with a digit, counts as an id. */
function patternOf(path: readonly string[]): string {
  return path.map((segment) => (/^(v\d|[a-z-]{1,24})$/.test(segment) ? segment : '{id}')).join('/');
}
