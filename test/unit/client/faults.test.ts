// What a hostile network does to each kind of request: nothing hangs, nothing is taken for a success, nothing that creates is sent twice.
import { afterAll, describe, expect, it } from 'vitest';
import { backoffMs } from '../../../src/client/pace/throttle.ts';
import { cases, faults, final, head, meet, requestOf, ways } from '../../support/hostile-api.ts';
import { answer, closeWires, openWire, ok } from '../../support/raw-server.ts';
import { closeClients, JumpingWorld, openTestClient } from '../../support/jumping-clock.ts';

afterAll(closeWires);
afterAll(closeClients);

describe.each(ways)('over %s', (over) => {
  it.concurrent.each(cases)('$name, once, on a $repeat: $outcome', async (each) => {
    const { outcome, why, arrived, attempts } = await meet(each, over);
    expect([outcome, arrived]).toEqual([each.outcome, attempts]);
    if (why !== undefined) expect(why).toMatch(/^[\w ]/);
  });
});

describe('an answer that is not a success', () => {
  it.each(
    faults
      .filter(([, expected]) => expected === final && expected.read === 'answer 1')
      .filter(([name]) => !name.startsWith('103')),
  )('%s is refused with an error', async (_name, _expected, respond) => {
    const { port } = await openWire((socket, _nth, seen) => respond(socket, seen, () => {}));
    expect(await openTestClient(port).send(requestOf('state'))).toMatchObject({ kind: 'answer', error: {} });
  });

  it('is returned as lost with its status and error when all attempts end in it', async () => {
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
      expect(reply).toMatchObject({ kind: 'lost', why: expect.stringContaining('the response is too large') });
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
  it('is jittered in full and doubles, up to 30 s', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8].map((retry) => backoffMs(retry, 0.5));
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
  });

  it('goes no further than the moment at which the API counts as down', async () => {
    const world = new JumpingWorld();
    await openTestClient(1, { retries: 8 }, world).send(requestOf('state'));
    expect(world.slept.slice(0, 7)).toEqual([250, 500, 1000, 2000, 4000, 8000, 13_250]);
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
