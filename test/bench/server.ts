// The API that benchmarks call, in a process of its own: just enough of v2, over a bare socket, so that it is never what holds a client back.
import { createServer, type Socket } from 'node:net';
import { account } from './account.ts';
import { type Counted, type LimitOptions, openLimit } from './limits.ts';

/** What the parent sends first. */
export interface ServerOptions {
  /** From the last byte of a request to the first of its answer. */
  readonly latencyMs?: number;
  /** A call is counted up to so much after it arrived, at random: the network's jitter. */
  readonly jitterMs?: number;
  readonly limit?: LimitOptions;
  /** Answers tell how many calls are left. */
  readonly tells?: boolean;
  /** People of the directory, for lists. */
  readonly people?: number;
}

/** What the parent gets when it asks `report`. */
export interface ServerReport {
  readonly calls: number;
  readonly changes: number;
  readonly refused: number;
  /** Calls that came while a refusal still asked to wait, and left after it was heard. */
  readonly early: number;
  /** Between the first and the last call that passed. */
  readonly spanMs: number;
}

const directory = '00000000-0000-4000-8000-00000000d1d1';
const pageSize = 100;
let options: ServerOptions = {};
let count: ((now: number) => Counted) | undefined;
let [calls, changes, refused, early, first, last] = [0, 0, 0, 0, Number.NaN, Number.NaN];
/** When the last refusal was heard at the latest, and until when it asks to wait. */
let shut = { from: 0, until: 0 };
const underWayMs = 100;

function onRequest(socket: Socket, path: string, body: string): void {
  const { latencyMs = 0, jitterMs = 0 } = options;
  const answer = () => take(socket, path, body);
  if (latencyMs === 0 && jitterMs === 0) return answer();
  const jitter = Math.random() * jitterMs;
  setTimeout(answer, latencyMs + jitter);
}

function take(socket: Socket, path: string, body: string): void {
  const now = performance.now();
  calls += 1;
  if (now > shut.from && now < shut.until) early += 1;
  const counted = count?.(now);
  if (counted?.passes === false) {
    refused += 1;
    const seconds = Math.ceil(counted.resetMs / 1000);
    if (now > shut.until) shut = { from: now + underWayMs, until: now + counted.resetMs };
    return reply(socket, '429 Too Many Requests', '', `Retry-After: ${seconds}\r\n${told(counted)}`);
  }
  if (Number.isNaN(first)) first = now;
  last = now;
  if (isTooLong(body)) return reply(socket, '400 Bad Request', '{"errors":[]}', '');
  const text = answerTo(path, body);
  if (text === '') changes += 1;
  reply(socket, text === '' ? '204 No Content' : '200 OK', text, counted === undefined ? '' : told(counted));
}

function told({ left, resetMs }: Counted): string {
  if (options.tells !== true) return '';
  return `X-RateLimit-Remaining: ${left}\r\nX-RateLimit-Reset: ${new Date(Date.now() + resetMs).toISOString()}\r\n`;
}

/** JSON of a read, '' for a change. */
function answerTo(path: string, body: string): string {
  if (path.endsWith('/directories')) return JSON.stringify({ data: [{ directoryId: directory, name: 'Bench' }] });
  if (path.endsWith('/users/search')) return JSON.stringify(search(JSON.parse(body) as Search));
  // Without people the directory counts as too large to be read.
  if (/\/users\/count(\?|$)/.test(path)) return JSON.stringify({ count: options.people ?? 1_000_000_000 });
  if (path.endsWith('/groups/search')) return JSON.stringify({ data: [] });
  return '';
}

/** A filter above its published maximum. */
function isTooLong(body: string): boolean {
  if (!body.includes('"limit"')) return false;
  const { accountIds = [], emails = [] } = JSON.parse(body) as Search;
  return accountIds.length > 10 || emails.length > 100;
}

interface Search {
  readonly roleIds?: readonly string[];
  readonly accountIds?: readonly string[];
  readonly emails?: readonly string[];
  readonly cursor?: string;
}

function search({ accountIds, emails, roleIds, cursor = '0' }: Search): object {
  // Nobody here is an admin.
  if (roleIds !== undefined) return { data: [] };
  if (accountIds !== undefined) return { data: accountIds.map((id) => person(id, undefined)) };
  if (emails !== undefined)
    return { data: emails.map((email) => person(`acc-${email.replace(/[^\w]/g, '-')}`, email)) };
  const from = Number(cursor);
  const end = Math.min(options.people ?? 0, from + pageSize);
  const data = Array.from({ length: end - from }, (_, at) => person(account(from + at), `p${from + at}@example.com`));
  return { data, links: end < (options.people ?? 0) ? { next: String(end) } : {} };
}

function person(accountId: string, email: string | undefined): object {
  const lastActiveTimestamp = '2026-01-01T00:00:00Z';
  const productAccess = [{ id: 'ari:cloud:jira-software::site/1', key: 'jira-software', lastActiveTimestamp }];
  const added = { addedToOrg: '2020-01-01T00:00:00Z', accountType: 'atlassian', accountStatus: 'active' };
  return { accountId, email, status: 'active', membershipStatus: 'active', platformRoles: [], productAccess, ...added };
}

function reply(socket: Socket, status: string, text: string, headers: string): void {
  const length = status.startsWith('204') ? '' : `Content-Length: ${Buffer.byteLength(text)}\r\n`;
  const type = text === '' ? '' : 'Content-Type: application/json\r\n';
  socket.write(`HTTP/1.1 ${status}\r\n${headers}${type}${length}Date: ${new Date().toUTCString()}\r\n\r\n${text}`);
}

/** Requests one after the other on a kept connection, as clients without pipelining send them. */
function serve(socket: Socket): void {
  let seen = '';
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    seen += bytes.toString('latin1');
    for (let end = seen.indexOf('\r\n\r\n'); end >= 0; end = seen.indexOf('\r\n\r\n')) {
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(seen.slice(0, end + 2))?.[1] ?? 0);
      if (seen.length < end + 4 + length) return;
      onRequest(
        socket,
        seen.slice(seen.indexOf(' ') + 1, seen.indexOf(' HTTP/')),
        seen.slice(end + 4, end + 4 + length),
      );
      seen = seen.slice(end + 4 + length);
    }
  });
}

const server = createServer(serve);
process.on('message', (message: ServerOptions | 'report') => {
  if (message === 'report') {
    process.send?.({ calls, changes, refused, early, spanMs: last - first } satisfies ServerReport);
    return;
  }
  options = message;
  count = options.limit === undefined ? undefined : openLimit(options.limit);
  [calls, changes, refused, early, first, last] = [0, 0, 0, 0, Number.NaN, Number.NaN];
  shut = { from: 0, until: 0 };
  process.send?.('ready');
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : undefined);
});
