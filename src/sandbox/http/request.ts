// The request context of routes: the body, both views of the organization, and `apply` for changes.
import type { Context } from 'hono';
import { z } from 'zod';
import type { Generation } from '../../model.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Change, Organization } from '../organization.ts';
import { ApiError } from './api-errors.ts';

export interface SandboxRequest {
  /** Epoch ms of the request's arrival. */
  readonly at: number;
  readonly requestId: string;
  /** The body as it came. */
  readonly text: string;
  readonly isJson: boolean;
  /** The current state, for rules; `seen` is the state for readers. */
  readonly truth: Organization;
  readonly seen: Organization;
  /** Applies a change, and records it in the audit log if it is effective. */
  apply(change: Change): void;
  readonly auditLog: AuditLog;
}

export type Env = { Bindings: SandboxRequest };
/** The context of a route. */
export type RouteContext = Context<Env>;

/** The JSON body, validated. v2 requires the media type too. Throws ApiError. */
export function bodyOf<T>(c: RouteContext, schema: z.ZodType<T>, generation: Generation): T {
  needJson(c, generation);
  const parsed = schema.safeParse(json(c.env.text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ApiError('body', `${issue?.path.join('.') || 'The body'}: ${issue?.message ?? 'not readable'}`, generation);
}

/** The optional JSON body of a search. Throws ApiError. */
export function searchOf<T>(c: RouteContext, schema: z.ZodType<T>): T {
  return c.env.text === '' ? schema.parse({}) : bodyOf(c, schema, 'v2');
}

/** Refuses a v2 POST without a JSON body. */
export function needJson(c: RouteContext, generation: Generation): void {
  if (c.env.isJson && c.env.text !== '') return;
  throw new ApiError('media', 'A JSON body with Content-Type: application/json is needed', generation);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A path parameter that the route's pattern promises. */
export function param(c: RouteContext, name: string): string {
  return c.req.param(name) ?? '';
}

/** The base URL of the API as the client uses it. */
export function baseOf(c: RouteContext): string {
  return `${new URL(c.req.url).origin}/admin`;
}
