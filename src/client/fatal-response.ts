// Answers after which no other call makes sense: a refused key, a generation that is no longer served. Pure.
import type { ApiRequest } from '../actions/action.ts';
import { StopError } from '../errors.ts';
import { hasApiCode, type DecodedResponse } from './decode-response.ts';

/** The calls after which a key that only ever met 403 is taken as refused. */
export const forbiddenLimit = 5;

/** Why the run has to end with this answer, or undefined. `refusedBefore` counts 403s when every answer so far was one, else undefined. */
export function fatalError(
  request: ApiRequest,
  understood: DecodedResponse,
  refusedBefore: number | undefined,
): StopError | undefined {
  const { answer } = understood;
  const said = answer.text === undefined ? '' : ` (${answer.text})`;
  if (answer.status === 401) {
    return new StopError(
      'key',
      `the organization refuses the key with HTTP 401${said}; check that it is an organization API key, not a user's token, and neither expired nor revoked`,
    );
  }
  if (
    answer.status === 403 &&
    // An account that the organization does not manage is no reason to doubt the key.
    request.api !== 'accounts' &&
    refusedBefore !== undefined &&
    (isAboutOrganization(request) || refusedBefore + 1 >= forbiddenLimit)
  ) {
    return new StopError(
      'key',
      `the key may not manage this organization: HTTP 403${said}; check --org-id, and that the key has no scopes and belongs to an organization admin`,
    );
  }
  if (isRetired(request, understood)) {
    return new StopError(
      'config',
      `the organization no longer serves ${request.method} /${pattern(request.path)} of the v1 API (HTTP ${answer.status}); run again with --api v2`,
    );
  }
  return undefined;
}

/** Reads that name nobody: a 403 there is about the organization, not about a person or a group. */
function isAboutOrganization({ retry: repeat, path }: ApiRequest): boolean {
  return (
    repeat === 'read' && (path.length === 3 || ['directories', 'search', 'count', 'stats'].includes(path.at(-1) ?? ''))
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
function isRetired({ path }: ApiRequest, { answer }: DecodedResponse): boolean {
  if (answer.status !== 410 && answer.status !== 404) return false;
  const [version, orgs, , ...rest] = path;
  const isOld =
    version === 'v1' && orgs === 'orgs' && retired.some((route) => route.test(rest.map(encodeURIComponent).join('/')));
  return isOld && (answer.status === 410 || !hasApiCode(answer));
}

/** The path without ids: segments that hold a digit or are long are somebody's. */
function pattern(path: readonly string[]): string {
  return path.map((segment) => (/^(v\d|[a-z-]{1,24})$/.test(segment) ? segment : '{id}')).join('/');
}
