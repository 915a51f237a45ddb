// The refusals of the simulated organization: each reason with its status and code in both generations (error lists of the admin API).
import type { Context } from 'hono';
import type { Generation } from '../../model.ts';

type Said = readonly [status: number, code: string, title: string];

const both = (answer: Said) => ({ v1: answer, v2: answer });

/** Status and code of each reason. Routes of a person's roles are under /v1 but use the codes of v2. */
const reasons = {
  person: { v1: [404, 'ADMIN-404-8', 'User not found'], v2: [404, 'ADMIN-UAM-404-1', 'Unknown resource'] },
  holder: both([404, 'ADMIN-UAM-404-3', 'Unknown resource']),
  member: { v1: [404, 'ADMIN-404-8', 'User not found'], v2: [404, 'ADMIN-UAM-404-1', 'Unknown resource'] },
  group: { v1: [404, 'ADMIN-404-10', 'Group not found'], v2: [404, 'ADMIN-UAM-404-3', 'Group not found'] },
  directory: both([404, 'ADMIN-UAM-404-1', 'Unknown resource']),
  organization: {
    v1: [403, 'ADMIN-403-3', 'Not allowed to manage the org'],
    v2: [403, 'ADMIN-UAM-403-2', 'Not allowed to manage the org'],
  },
  elsewhere: both([404, 'ADMIN-404-2', 'Organization not found']),
  original: both([400, 'ADMIN-400-4', 'Invalid resource']),
  admin: { v1: [400, 'ADMIN-400-4', 'Invalid resource'], v2: [400, 'ADMIN-UAM-400-1', 'Bad request'] },
  inactive: { v1: [400, 'ADMIN-400-4', 'Invalid resource'], v2: [400, 'ADMIN-UAM-400-2', 'Inactive user'] },
  synced: { v1: [403, 'ADMIN-403-5', 'Not allowed to manage the group'], v2: [403, 'ADMIN-UAM-403-1', 'Forbidden'] },
  locked: { v1: [403, 'ADMIN-403-5', 'Not allowed to manage the group'], v2: [403, 'ADMIN-UAM-403-1', 'Forbidden'] },
  undeletable: both([403, 'ADMIN-403-5', 'Not allowed to manage the group']),
  default: both([403, 'ADMIN-403-6', 'Not allowed to delete group with default-role attribute']),
  granting: both([403, 'ADMIN-403-7', 'Not allowed to delete group which grants admin access to a product or org']),
  full: both([409, 'ADMIN-409-5', 'Group not empty']),
  name: { v1: [400, 'ADMIN-400-4', 'Invalid resource'], v2: [409, 'ADMIN-UAM-409-2', 'Resource conflicts'] },
  again: both([409, 'ADMIN-UAM-409-2', 'Resource conflicts']),
  licence: {
    v1: [400, 'ADMIN-400-32', 'Too many license breaches'],
    v2: [409, 'ADMIN-UAM-409-3', 'Product license limit exceeded'],
  },
  breach: both([400, 'ADMIN-400-32', 'Too many license breaches']),
  role: { v1: [400, 'ADMIN-400-4', 'Invalid resource'], v2: [400, 'ADMIN-UAM-400-3', 'Invalid role for resource'] },
  resource: { v1: [400, 'ADMIN-400-4', 'Invalid resource'], v2: [400, 'ADMIN-UAM-400-4', 'Product not licensed'] },
  nowhere: both([400, 'ADMIN-UAM-400-5', 'Cloud Resource is empty']),
  body: { v1: [400, 'ADMIN-400-24', 'Invalid request body'], v2: [400, 'ADMIN-UAM-400-1', 'Bad request'] },
  media: { v1: [400, 'ADMIN-400-24', 'Invalid request body'], v2: [415, 'ADMIN-UAM-415-1', 'Unsupported media type'] },
  parameter: both([400, 'INVALID_PARAM', 'Invalid parameter']),
  method: { v1: [405, 'ADMIN-405-1', 'Method not allowed'], v2: [405, 'ADMIN-UAM-405-1', 'Method not allowed'] },
  cursor: both([400, 'ADMIN-400-1', 'Invalid page cursor']),
  date: both([400, 'ADMIN-400-3', 'Invalid search time date']),
  syntax: both([400, 'ADMIN-400-19', 'Invalid request syntax']),
} as const satisfies Readonly<Record<string, Readonly<Record<Generation, Said>>>>;

export type Reason = keyof typeof reasons;

/** A request that the organization refuses. */
export class ApiError extends Error {
  override readonly name = 'Refusal';
  readonly reason: Reason;
  readonly codes: Generation | undefined;

  /** `codes` when they aren't those of the route's own generation. */
  constructor(reason: Reason, detail: string, codes?: Generation) {
    super(detail);
    this.reason = reason;
    this.codes = codes;
  }
}

/** The envelope `{errors:[…]}`. Both generations publish `status` as text. */
export function errorsOf(refusal: ApiError, generation: Generation, id: string) {
  const codes = refusal.codes ?? generation;
  const [status, code, title] = reasons[refusal.reason][codes];
  return { status, body: { errors: [{ id, status: String(status), code, title, detail: refusal.message }] } };
}

/** The gateway's own envelope for the key and the rate: `{code, message}`. */
export function proxyError(code: 401 | 429, message: string): Response {
  return Response.json({ code, message }, { status: code });
}

/** The routing layer's envelope for an unknown path. */
export function unrouted(
  c: Context,
  response: { readonly at: number; readonly requestId: string },
  message = 'No route for this path',
): Response {
  const { at, requestId } = response;
  const body = {
    timestamp: new Date(at).toISOString(),
    path: `/api${new URL(c.req.url).pathname}`,
    status: 404,
    error: 'Not Found',
    requestId,
    message,
  };
  return Response.json(body, { status: 404 });
}
