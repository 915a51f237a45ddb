// What a hostile network does to a request, and what has to become of it: the table that the suite and the torture go through.
import type { ApiRequest, RetrySafety } from '../../src/actions/action.ts';
import { answer, openWire, ok, type Respond } from './raw-server.ts';
import { JumpingWorld, openTestClient } from './jumping-clock.ts';

export const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
const chunked = `${head}transfer-encoding: chunked\r\n\r\n8\r\n{"data":`;

/** What becomes of a request whose first answer is the fault and whose second is fine. */
export interface Expected {
  /** Reads need the body, so do creations here. */
  readonly read: string;
  readonly state: string;
  readonly creation: string;
}
const silent: Expected = { read: 'answer 2 ambiguous', state: 'answer 2 ambiguous', creation: 'lost 1' };
const bodiless: Expected = { read: 'answer 2 ambiguous', state: 'answer 1', creation: 'lost 1' };
export const final: Expected = { read: 'answer 1', state: 'answer 1', creation: 'answer 1' };

/** As `Respond`. Faults after which nothing more is sent call `stall`, which lets the deadline pass once the head has arrived. */
type Fault = (socket: Parameters<Respond>[0], seen: Parameters<Respond>[2], stall: () => void) => void;

export const faults: readonly (readonly [string, Expected, Fault])[] = [
  ['reset after the request', silent, (socket) => socket.resetAndDestroy()],
  ['closed without a byte', silent, (socket) => socket.end()],
  ['never answered', silent, (_socket, _seen, stall) => stall()],
  [
    'a head and then a stalled body',
    bodiless,
    (socket, _seen, stall) => socket.write(`${head}content-length: 20\r\n\r\n{"da`, stall),
  ],
  ['a head that dribbles', silent, (socket, _seen, stall) => dribble(socket, stall)],
  ['a body shorter than it says', bodiless, (socket) => socket.end(`${head}content-length: 99\r\n\r\n{"data":1}`)],
  ['a chunk cut by a close', bodiless, (socket) => socket.end(chunked)],
  [
    'a chunk cut by a reset',
    bodiless,
    (socket) => socket.write(chunked, () => setImmediate(() => socket.resetAndDestroy())),
  ],
  ['bytes that are not HTTP', silent, (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')],
  ['JSON cut short', bodiless, (socket) => socket.write(answer(200, '{"data":'))],
  [
    'an HTML page',
    silent,
    (socket) => socket.write(answer(200, '<html>Log in</html>', { 'content-type': 'text/html' })),
  ],
  ['204', bodiless, (socket) => socket.write('HTTP/1.1 204 No Content\r\n\r\n')],
  ['an empty 200', bodiless, (socket) => socket.write(answer(200))],
  ['a head of 40 KB', silent, (socket) => socket.write(`${head}x-long: ${'x'.repeat(40_000)}\r\n\r\n`)],
  [
    'a body that is not the gzip it says',
    bodiless,
    (socket) => socket.write(answer(200, '{"data":1}x', { 'content-encoding': 'gzip' })),
  ],
  ['a redirect to itself', final, (socket, { path }) => socket.write(answer(302, '', { location: path }))],
  ['two content lengths', silent, (socket) => socket.write(`${head}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`)],
  ['103 and then the answer', final, (socket) => socket.write(`HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${ok}`)],
  ['500', silent, (socket) => socket.write(answer(500, '{"errors":[{"code":"ADMIN-500-1"}]}'))],
  ['502', silent, (socket) => socket.write(answer(502, '<html>'))],
  ['503', silent, (socket) => socket.write(answer(503))],
  ['504', silent, (socket) => socket.write(answer(504))],
  ['408', silent, (socket) => socket.write(answer(408))],
  ['520 of a content network', silent, (socket) => socket.write(answer(520))],
  ['501', final, (socket) => socket.write(answer(501))],
  ['404', final, (socket) => socket.write(answer(404, '{"errors":[{"code":"ADMIN-404-8"}]}'))],
  ['200 with nothing but errors', final, (socket) => socket.write(answer(200, '{"errors":[{"code":"ADMIN-400-4"}]}'))],
  ['a status beyond all', silent, (socket) => socket.write('HTTP/1.1 999 What\r\ncontent-length: 0\r\n\r\n')],
];

function dribble(socket: Parameters<Respond>[0], stall: () => void): void {
  const timer = setInterval(() => socket.write('H'), 20);
  socket.on('close', () => clearInterval(timer));
  socket.write('HTTP/1.1 200 OK\r\nx-slow: ', stall);
}

export function requestOf(repeat: RetrySafety): ApiRequest {
  const needsBody = repeat === 'read' || repeat === 'creation';
  const method = repeat === 'read' ? 'GET' : repeat === 'removal' ? 'DELETE' : 'POST';
  const path = ['v2', 'orgs', 'org-1', 'directories', 'd', 'users', '712020:a', 'suspend'];
  return { method, path, retry: repeat, needsBody, ...(method === 'POST' ? { body: {} } : {}) };
}

export const cases = faults.flatMap(([name, expected, respond]) => {
  const { read, state, creation } = expected;
  const by: Readonly<Record<RetrySafety, string>> = { read, state, removal: state, creation };
  return Object.entries(by).map(([repeat, outcome]) => ({ name, repeat: repeat as RetrySafety, outcome, respond }));
});

export const ways = ['our transport', 'the built-in fetch'] as const;

/** Sends one request that meets the fault once. Says how it ended, as the table does, with what was said and how many attempts arrived. */
export async function meet(
  { repeat, respond }: (typeof cases)[number],
  over: (typeof ways)[number],
): Promise<{ outcome: string; why: string | undefined; attempts: number; arrived: number; isError: boolean }> {
  const world = new JumpingWorld();
  const stall = () => void setTimeout(() => world.expire(), 300);
  const wire = await openWire((socket, nth, seen) => (nth === 0 ? respond(socket, seen, stall) : socket.write(ok)));
  const client = openTestClient(wire.port, over === 'our transport' ? {} : { fetch }, world);
  const reply = await client.send(requestOf(repeat));
  return {
    outcome: `${reply.kind} ${reply.attempts}${reply.ambiguous ? ' ambiguous' : ''}`,
    why: reply.kind === 'answer' ? undefined : reply.why,
    attempts: reply.attempts,
    arrived: wire.seen.length,
    isError: reply.kind !== 'answer' || reply.error !== undefined,
  };
}
