// 429 in every header style: the wait is what was asked for or a little more, never less, and it is everybody's.
import { afterAll, describe, expect, it } from 'vitest';
import { StopError } from '../../../src/errors.ts';
import { request, styles, waitOut } from '../../support/rate-limit-styles.ts';
import { answer, closeWires, openWire, ok } from '../../support/raw-server.ts';
import { closeClients, JumpingWorld, openRealLimiter, openTestClient, realTime } from '../../support/jumping-clock.ts';

afterAll(closeWires);
afterAll(closeClients);

describe('a 429', () => {
  it.each(styles)('with %s is waited out', async (_style, seconds, headers) => {
    const { reply, waitedMs } = await waitOut(headers);
    expect(reply).toMatchObject({ kind: 'answer', attempts: 1, ambiguous: false, answer: { status: 200 } });
    expect(waitedMs).toBeGreaterThanOrEqual(seconds * 1000);
    expect(waitedMs).toBeLessThanOrEqual(seconds * 1100 + 1000);
  });

  it('is not an attempt of the row, however often it comes, and is counted', async () => {
    const { port, seen } = await openWire((socket, nth) =>
      socket.write(nth < 12 ? answer(429, '', { 'retry-after': '2' }) : ok),
    );
    const client = openTestClient(port, { retries: 1 });
    expect(await client.send(request)).toMatchObject({ kind: 'answer', attempts: 1 });
    expect(seen).toHaveLength(13);
    expect(client.usage).toMatchObject({ requests: 13, throttled: 12 });
    expect(client.usage.throttledMs).toBeGreaterThanOrEqual(24_000);
  });

  it('without a word is answered with longer and longer waits', async () => {
    const world = new JumpingWorld();
    const { port } = await openWire((socket, nth) => socket.write(nth < 4 ? answer(429) : ok));
    await openTestClient(port, {}, world).send(request);
    expect(world.slept.filter((ms) => ms !== 50)).toEqual([250, 500, 1000, 2000]);
  });

  it('shuts the gate for everybody', async () => {
    const world = new JumpingWorld();
    const sentAt: number[] = [];
    const { port } = await openWire((socket, nth) => {
      sentAt.push(world.elapsed);
      socket.write(nth === 1 ? answer(429, '', { 'retry-after': '30' }) : ok);
    });
    const client = openTestClient(port, {}, world);
    await client.send(request);
    const refused = client.send(request);
    while (client.pausedUntil() === undefined) await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([refused, ...Array.from({ length: 9 }, () => client.send(request))]);
    expect(Math.min(...sentAt.slice(2))).toBeGreaterThanOrEqual(30_000);
  });
});

describe('requests that wait for a permit', () => {
  it('let a look-up leave before the changes of other rows', async () => {
    const { port, seen } = await openWire((socket) => socket.write(ok));
    const limiter = openRealLimiter({ count: 20, perMs: 1000 });
    const client = openTestClient(port, { limiter, ...realTime });
    await client.send(request);
    const changes = Array.from({ length: 4 }, () => client.send(request));
    await Promise.all([...changes, client.send({ method: 'GET', path: ['v1', 'look-up'], retry: 'read' })]);
    // The first change waits for its slot already.
    expect(seen.map(({ path }) => path.split('/').at(-1))).toEqual(['x', 'x', 'look-up', 'x', 'x', 'x']);
  });

  it('end when --max-duration has elapsed, however far the next permit is', async () => {
    const { port, seen } = await openWire((socket) => socket.write(ok));
    const limiter = openRealLimiter({ count: 1, perMs: 3_600_000 });
    const client = openTestClient(port, { limiter, deadline: realTime.clock.monotonic() + 200, ...realTime });
    await client.send(request);
    const waiting = Array.from({ length: 3 }, () => client.send(request).catch((error: Error) => error.message));
    expect(new Set(await Promise.all(waiting))).toEqual(new Set([expect.stringContaining('--max-duration')]));
    expect(seen).toHaveLength(1);
  });

  it('all end at once when the client is stopped', async () => {
    const { port, seen } = await openWire((socket) => socket.write(ok));
    const client = openTestClient(port, { limiter: openRealLimiter({ count: 1, perMs: 3_600_000 }), ...realTime });
    await client.send(request);
    const waiting = Array.from({ length: 9 }, () => client.send(request).catch((error: Error) => error.message));
    client.stop(new StopError('disk', 'the disk is full'));
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['the disk is full']));
    expect(seen).toHaveLength(1);
  });
});

describe('an answer that is not refused', () => {
  const left = (remaining: number, seconds: number) => ({
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(seconds),
  });

  it('shuts the gate until the reset when it says that nothing is left', async () => {
    const world = new JumpingWorld();
    const { port } = await openWire((socket) => socket.write(answer(200, '{}', left(0, 45))));
    const client = openTestClient(port, {}, world);
    expect(await client.send(request)).toMatchObject({ kind: 'answer', answer: { status: 200 } });
    expect(world.elapsed).toBe(0);
    await client.send(request);
    expect(world.elapsed).toBeGreaterThanOrEqual(45_000);
  });

  it('keeps its answer even when the reset is too far off for another call', async () => {
    const { port } = await openWire((socket) => socket.write(answer(200, '{}', left(0, 90_000))));
    const client = openTestClient(port);
    expect(await client.send(request)).toMatchObject({ kind: 'answer' });
    await expect(client.send(request)).rejects.toMatchObject({
      kind: 'stopped',
      message: expect.stringContaining('1500 minutes'),
    });
  });

  it('counts a 503 that names a time as a reason to wait for everybody', async () => {
    const world = new JumpingWorld();
    const { port } = await openWire((socket, nth) =>
      socket.write(nth === 0 ? answer(503, '', { 'retry-after': '20' }) : ok),
    );
    const reply = await openTestClient(port, {}, world).send({ ...request, retry: 'state' });
    expect(reply).toMatchObject({ kind: 'answer', attempts: 2, ambiguous: true });
    expect(world.elapsed).toBeGreaterThanOrEqual(20_000);
    expect(world.elapsed).toBeLessThanOrEqual(23_000);
  });
});
