// The audit log over HTTP: a filtered list, a stream to poll, and the names of its events, each with its published rate limit.
import type { Hono } from 'hono';
import { auditActions } from '../audit-actions.ts';
import type { AuditEvent } from '../audit-log.ts';
import { ApiError, proxyError } from '../http/api-errors.ts';
import { page } from '../http/pagination.ts';
import { baseOf, param, type Env, type RouteContext } from '../http/request.ts';
import { openLimits, type Admission } from '../rate-limit.ts';

/** Published requests per minute by path, and the page sizes. */
const perMinute = { events: 10, 'events-stream': 50, 'event-actions': 10 } as const;
const maxEvents = 500;
const usualEvents = { events: 30, 'events-stream': 200 } as const;

/** Adds the routes to an app whose paths start at `/v1`. */
export function serveEvents(app: Hono<Env>): void {
  const at = '/v1/orgs/:org';
  app.get(`${at}/events`, paced('events', list));
  app.get(`${at}/events-stream`, paced('events-stream', stream));
  app.get(`${at}/event-actions`, paced('event-actions', listActions));
}

/** Counts the requests of one path by the time of their arrival. */
function paced(path: keyof typeof perMinute, serve: (c: RouteContext) => Response): (c: RouteContext) => Response {
  const clock = { at: 0, now: () => clock.at };
  const pass = openLimits({ limit: perMinute[path], windowMs: 60_000 }, clock);
  return (c) => {
    clock.at = c.env.at;
    const { allowed, headers }: Admission = pass();
    const answer = allowed ? serve(c) : proxyError(429, 'Rate limit exceeded');
    for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value);
    return answer;
  };
}

/** The newest first. */
function list(c: RouteContext): Response {
  const [q, action, actor] = ['q', 'action', 'actor'].map((name) => c.req.query(name));
  const actors = actor?.split(',');
  const found = inTime(c).filter(
    (event) =>
      (action === undefined || event.note.action === action) &&
      (actors === undefined || actors.includes((event.actor as { id: string }).id)) &&
      (q === undefined || JSON.stringify(event.context).toLowerCase().includes(q.toLowerCase())),
  );
  const wanted = { cursor: c.req.query('cursor'), limit: limitOf(c, usualEvents.events), list: 'v1-events' };
  const { items, next } = page(found.toReversed(), wanted);
  const data = items.map((event) => eventView(c, event));
  return c.json({ data, meta: metaOf(items, next), links: {} });
}

/** In the order of processing. The last page has a cursor too, to poll for new events. */
function stream(c: RouteContext): Response {
  const order = c.req.query('sortOrder') ?? 'asc';
  if (order !== 'asc' && order !== 'desc') throw new ApiError('syntax', 'sortOrder is asc or desc');
  const found = order === 'asc' ? inTime(c) : inTime(c).toReversed();
  const limit = limitOf(c, usualEvents['events-stream']);
  const { items, next } = page(found, {
    cursor: c.req.query('cursor'),
    limit,
    list: `v1-stream-${order}`,
    grows: true,
  });
  const data = items.map((event) => {
    const { attributes, ...view } = eventView(c, event);
    return { ...view, attributes: { ...attributes, processedAt: new Date(event.processedAt).toISOString() } };
  });
  return c.json({ data, meta: metaOf(items, next), links: {} });
}

function metaOf(items: readonly unknown[], next: string | undefined): object {
  return { page_size: items.length, ...(next === undefined ? {} : { next }) };
}

function listActions(c: RouteContext): Response {
  const data = Object.entries(auditActions).map(([id, [displayName, groupDisplayName]]) => ({
    id,
    type: 'event-actions',
    attributes: { displayName, groupDisplayName },
  }));
  return c.json({ data });
}

function inTime(c: RouteContext): readonly AuditEvent[] {
  const [from, to] = [timeOf(c, 'from') ?? Number.NEGATIVE_INFINITY, timeOf(c, 'to') ?? Number.POSITIVE_INFINITY];
  return c.env.auditLog.shown(c.env.at).filter(({ time }) => time >= from && time <= to);
}

/** Epoch ms, as published. */
function timeOf(c: RouteContext, name: 'from' | 'to'): number | undefined {
  const value = c.req.query(name);
  if (value === undefined) return undefined;
  if (!/^\d{1,15}$/.test(value)) throw new ApiError('date', `${name}: epoch milliseconds are needed`);
  return Number(value);
}

function limitOf(c: RouteContext, usual: number): number {
  const value = Number(c.req.query('limit') ?? usual);
  if (Number.isInteger(value) && value >= 1 && value <= maxEvents) return value;
  throw new ApiError('syntax', `limit: a number from 1 to ${maxEvents} is needed`);
}

function eventView(c: RouteContext, { id, time, note, actor, context }: AuditEvent) {
  const org = param(c, 'org');
  const self = `${baseOf(c)}/v1/orgs/${org}/events/${id}`;
  const [displayName] = auditActions[note.action];
  return {
    id,
    type: 'events',
    attributes: {
      time: new Date(time).toISOString(),
      action: note.action,
      actor,
      context,
      container: [{ id: org, type: 'orgs', attributes: {} }],
      location: { ip: '192.0.2.1' },
    },
    message: { content: displayName, format: 'simple' },
    links: { self },
  };
}
