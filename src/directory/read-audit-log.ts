// Reads the organization's audit log: the events of a time range, and the names of its events.
import type { ApiRequest } from '../actions/action.ts';
import type { Client } from '../client/client.ts';
import { LeaversError, StopError } from '../errors.ts';
import { foldName } from '../model.ts';
import { type Answered, answerOf, listPages } from './list-pages.ts';
import { bareId } from './people.ts';

/** How long the organization keeps its events. */
export const keptDays = 180;
/** The published maximum. */
const pageSize = 500;

/** One event, as far as it is needed to tell who changed what. */
export interface AuditEvent {
  readonly id: string;
  /** ISO 8601. */
  readonly time: string;
  readonly action: string;
  readonly actor: AuditActor;
  /** Ids, folded names and e-mails of all subjects of the event. */
  readonly subjects: ReadonlySet<string>;
  /** Those of them that belong to groups. */
  readonly groups: ReadonlySet<string>;
}

export interface AuditActor {
  readonly id: string;
  readonly email?: string;
  readonly name?: string;
  /** The label of the API key or token that was used; absent for a change by hand. */
  readonly tokenLabel?: string;
}

export interface TimeRange {
  /** Epoch ms. */
  readonly from: number;
  readonly to: number;
}

type Raw = Readonly<Record<string, unknown>>;

/** The events of a time range, in the order of their processing, page by page. Throws LeaversError `key` when the log may not be read. */
export async function* readAuditEvents(
  client: Client,
  org: string,
  { from, to }: TimeRange,
): AsyncGenerator<readonly AuditEvent[]> {
  const query = { from: String(Math.floor(from)), to: String(Math.ceil(to)), limit: String(pageSize) };
  const pages = listPages(client, {
    name: 'the audit log',
    request: (cursor) => streamRequest(org, cursor === undefined ? query : { ...query, cursor }),
    entriesOf: (reply) => rawList(reply),
  });
  for await (const page of pages) {
    // The last page has a cursor too, for future events.
    if (page.length === 0) return;
    yield page.flatMap(eventOf);
  }
}

function streamRequest(org: string, query: Readonly<Record<string, string>>): ApiRequest {
  const path = ['v1', 'orgs', org, 'events-stream'];
  return { method: 'GET', path, query, retry: 'read', needsBody: true, limit: 'events-stream' };
}

/** Display names of the actions that events have, by their ids. Throws as `readAuditEvents`. */
export async function readAuditActions(client: Client, org: string): Promise<ReadonlyMap<string, string>> {
  const path = ['v1', 'orgs', org, 'event-actions'];
  const reply = await client.send({ method: 'GET', path, retry: 'read', needsBody: true, limit: 'events' });
  answerOf(reply, 'the names of audit events');
  const named = rawList(reply as Answered).map(({ id, attributes }) => {
    const { displayName } = (attributes ?? {}) as Raw;
    return [wordOf(id), typeof displayName === 'string' ? displayName : ''] as const;
  });
  return new Map(named);
}

/** Reads one event of the last day. Throws as `readAuditEvents`. */
export async function probeAuditLog(client: Client, org: string, now: number): Promise<void> {
  const reply = await client.send(streamRequest(org, { from: String(now - 86_400_000), limit: '1' }));
  answerOf(reply, 'the audit log');
  rawList(reply as Answered);
}

function rawList({ answer, error }: Answered): readonly Raw[] {
  const { data } = (answer.body ?? {}) as { data?: unknown };
  if (error === undefined && Array.isArray(data))
    return data.filter((each) => typeof each === 'object' && each !== null);
  const apiText = error?.detail ?? error?.title ?? 'a response of an unknown form';
  const why = `the audit log may not be read: HTTP ${answer.status} (${apiText})`;
  const hint = 'the key needs no scopes or read:events:admin, and the plan of the organization must have an audit log';
  if (answer.status >= 400 && answer.status < 500) throw new LeaversError('key', `${why}; ${hint}`);
  throw new StopError('stopped', `${why}; try again later`);
}

/** An event without id, time or subject can't show anything. */
function eventOf({ id, attributes }: Raw): AuditEvent[] {
  const { time, action, actor, context, container } = (attributes ?? {}) as Raw;
  if (typeof id !== 'string' || typeof time !== 'string' || Number.isNaN(Date.parse(time))) return [];
  const objects = [context, container].flatMap((each) => (Array.isArray(each) ? (each as (Raw | null)[]) : []));
  const subjects = new Set(objects.flatMap(namesOf));
  const groups = new Set(objects.filter(isGroup).flatMap(namesOf));
  return [{ id, time, action: wordOf(action), actor: actorOf((actor ?? {}) as Raw), subjects, groups }];
}

/** Types of objects are not published, so a group is recognized by its type or by an ARI as id. */
function isGroup(object: Raw | null): boolean {
  const { type, id } = object ?? {};
  return /group/i.test(wordOf(type)) || /^ari:cloud:identity:[^:]*:group\//.test(wordOf(id));
}

function namesOf(object: Raw | null): string[] {
  const { id, attributes } = object ?? {};
  const { name, email } = (attributes ?? {}) as Raw;
  return [typeof id === 'string' ? bareId(id) : undefined, name, email]
    .filter((each) => typeof each === 'string' && each !== '')
    .map((each) => foldName(each as string));
}

function actorOf({ id, name, email, auth }: Raw): AuditActor {
  const { tokenLabel } = (auth ?? {}) as Raw;
  return {
    id: wordOf(id),
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof email === 'string' ? { email } : {}),
    ...(typeof tokenLabel === 'string' ? { tokenLabel } : {}),
  };
}

/** An object of the answer may have no text at all. */
function wordOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
