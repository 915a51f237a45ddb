// What a hostile network does to each kind of request: nothing hangs, nothing is taken for a success, nothing that creates is sent twice.
import { describe, expect, it } from 'vitest';
import type { ApiRequest, Repeat } from '../../src/actions/action.ts';
import { answer, openWire, ok, type Respond } from './wire.ts';
import { JumpingWorld, openTestClient } from './world.ts';

const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
const chunked = `${head}transfer-encoding: chunked\r\n\r\n8\r\n{"data":`;

/** What becomes of a request whose first answer is the fault and whose second is fine. */
interface Expected {
  /** Reads need the body, so do creations here. */
  readonly read: string;
  readonly state: string;
  readonly creation: string;
}
const silent: Expected = { read: 'answer 2 ambiguous', state: 'answer 2 ambiguous', creation: 'lost 1' };
const bodiless: Expected = { read: 'answer 2 ambiguous', state: 'answer 1', creation: 'lost 1' };
const final: Expected = { read: 'answer 1', state: 'answer 1', creation: 'answer 1' };

/** As `Respond`; `stall` is called by faults after which nothing comes any more, and lets the deadline pass once the head has arrived. */
type Fault = (socket: Parameters<Respond>[0], seen: Parameters<Respond>[2], stall: () => void) => void;

const faults: readonly (readonly [string, Expected, Fault])[] = [
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
    'a page for people',
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

function requestOf(repeat: Repeat): ApiRequest {
  const needsBody = repeat === 'read' || repeat === 'creation';
  const method = repeat === 'read' ? 'GET' : repeat === 'removal' ? 'DELETE' : 'POST';
  const path = ['v2', 'orgs', 'org-1', 'directories', 'd', 'users', '712020:a', 'suspend'];
  return { method, path, repeat, needsBody, ...(method === 'POST' ? { body: {} } : {}) };
}

const cases = faults.flatMap(([name, expected, respond]) => {
  const { read, state, creation } = expected;
  const by: Readonly<Record<Repeat, string>> = { read, state, removal: state, creation };
  return Object.entries(by).map(([repeat, outcome]) => ({ name, repeat: repeat as Repeat, outcome, respond }));
});

describe.each(['our transport', 'the built-in fetch'])('over %s', (over) => {
  it.concurrent.each(cases)('$name, once, on a $repeat: $outcome', async ({ repeat, outcome, respond }) => {
    const world = new JumpingWorld();
    const stall = () => void setTimeout(() => world.expire(), 300);
    const wire = await openWire((socket, nth, seen) => (nth === 0 ? respond(socket, seen, stall) : socket.write(ok)));
    const client = openTestClient(wire.port, over === 'our transport' ? {} : { fetch }, world);
    const reply = await client.send(requestOf(repeat));
    expect(`${reply.kind} ${reply.attempts}${reply.ambiguous ? ' ambiguous' : ''}`).toBe(outcome);
    expect(wire.seen).toHaveLength(reply.attempts);
    if (reply.kind !== 'answer') expect(reply.why).toMatch(/^[\w ]/);
  });
});

describe('an answer that is not a success', () => {
  it.each(
    faults
      .filter(([, expected]) => expected === final && expected.read === 'answer 1')
      .filter(([name]) => !name.startsWith('103')),
  )('%s is told with an error', async (_name, _expected, respond) => {
    const { port } = await openWire((socket, _nth, seen) => respond(socket, seen, () => {}));
    expect(await openTestClient(port).send(requestOf('state'))).toMatchObject({ kind: 'answer', error: {} });
  });

  it('is told as lost with its status and error when all attempts end in it', async () => {
    const { port, seen } = await openWire((socket) =>
      socket.write(answer(503, '{"errors":[{"code":"ADMIN-503","title":"Down"}]}')),
    );
    const reply = await openTestClient(port, { retries: 2 }).send(requestOf('state'));
    expect(reply).toMatchObject({
      kind: 'lost',
      attempts: 3,
      ambiguous: true,
      status: 503,
      error: { code: 'ADMIN-503' },
    });
    expect(seen).toHaveLength(3);
  });

  const megabyte = 'x'.repeat(2 ** 20);
  it.each([
    ['says so', `${head}content-length: 999999999\r\n\r\n{`],
    ['comes in chunks', `${head}transfer-encoding: chunked\r\n\r\n${`100000\r\n${megabyte}\r\n`.repeat(11)}`],
  ])('is cut off when it is longer than any real one and %s', async (_how, bytes) => {
    const { port } = await openWire((socket) => socket.write(bytes));
    for (const options of [{}, { fetch }]) {
      const reply = await openTestClient(port, { retries: 0, ...options }).send(requestOf('read'));
      expect(reply).toMatchObject({ kind: 'lost', why: expect.stringContaining('longer than any real one') });
    }
  });
});

describe('a request that never left', () => {
  // Nothing listens there, and it is not one of the ports that the built-in fetch refuses by itself.
  const refusedPort = 59;
  it.each(['read', 'state', 'removal', 'creation'] as const)(
    'is tried again and told as unsent: %s',
    async (repeat) => {
      const client = openTestClient(refusedPort, { retries: 2 });
      expect(await client.send(requestOf(repeat))).toMatchObject({ kind: 'unsent', attempts: 3, ambiguous: false });
      expect(client.usage.requests).toBe(3);
    },
  );

  it.each(['our transport', 'the built-in fetch'])('names what failed in words of ours, over %s', async (over) => {
    const client = openTestClient(refusedPort, { retries: 0, ...(over === 'our transport' ? {} : { fetch }) });
    expect(await client.send(requestOf('creation'))).toMatchObject({
      kind: 'unsent',
      why: 'the connection was refused (ECONNREFUSED)',
    });
  });

  it('is lost, not unsent, when an attempt before may have arrived', async () => {
    let calls = 0;
    const failing: typeof fetch = () =>
      Promise.reject(Object.assign(new Error('x'), { code: calls++ === 0 ? 'ECONNRESET' : 'ECONNREFUSED' }));
    const reply = await openTestClient(refusedPort, { retries: 1, fetch: failing }).send(requestOf('state'));
    expect(reply).toMatchObject({ kind: 'lost', attempts: 2, ambiguous: true });
  });
});

describe('waiting between attempts', () => {
  it('is jittered in full and doubles up to 30 s', async () => {
    const world = new JumpingWorld();
    await openTestClient(1, { retries: 8 }, world).send(requestOf('state'));
    expect(world.slept.slice(0, 8)).toEqual([250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
  });

  it('gives a creation a connection of its own, and others a kept one', async () => {
    const { port, seen } = await openWire((socket) => socket.write(ok));
    const client = openTestClient(port);
    for (const repeat of ['state', 'state', 'creation', 'creation', 'state'] as const)
      await client.send(requestOf(repeat));
    const connections = seen.map(({ connection }) => connection);
    const [, , third, fourth] = connections;
    expect(connections.filter((each) => each === third || each === fourth)).toHaveLength(2);
    expect(new Set(connections).size).toBeLessThan(5);
  });
});
