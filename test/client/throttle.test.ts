// 429 in every header style: the wait is what was asked for or a little more, never less, and it is everybody's.
import { describe, expect, it } from 'vitest';
import type { ApiRequest } from '../../src/actions/action.ts';
import { answer, openWire, ok } from './wire.ts';
import { JumpingWorld, openTestClient } from './world.ts';

const request: ApiRequest = { method: 'POST', path: ['v1', 'x'], repeat: 'creation', body: {} };

type Headers = (now: number) => Record<string, string>;
const at = (now: number, seconds: number) => new Date(now + seconds * 1000);
const epoch = (now: number, seconds: number) => String((now + seconds * 1000) / 1000);

/** Header styles, and the wait that each asks for in seconds; 0 is no word at all. */
const styles: readonly (readonly [string, number, Headers])[] = [
  ['Retry-After: 1', 1, () => ({ 'retry-after': '1' })],
  ['Retry-After: 0', 0, () => ({ 'retry-after': '0' })],
  ['Retry-After: 1.5', 1.5, () => ({ 'retry-after': '1.5' })],
  ['Retry-After: -5', 0, () => ({ 'retry-after': '-5' })],
  ['Retry-After: garbage', 0, () => ({ 'retry-after': 'in a while' })],
  ['Retry-After: nothing', 0, () => ({ 'retry-after': '' })],
  ['Retry-After as an HTTP date', 30, (now) => ({ 'retry-after': at(now, 30).toUTCString() })],
  ['Retry-After as a date that is over', 0, (now) => ({ 'retry-after': at(now, -60).toUTCString() })],
  ['Retry-After as ISO 8601', 30, (now) => ({ 'retry-after': at(now, 30).toISOString() })],
  ['two Retry-After', 3, () => ({ 'retry-after': '1', 'Retry-After': '3' })],
  ['X-RateLimit-Reset as ISO 8601', 30, (now) => ({ 'x-ratelimit-reset': at(now, 30).toISOString() })],
  [
    'X-RateLimit-Reset without seconds',
    60,
    (now) => ({ 'x-ratelimit-reset': at(now, 60).toISOString().replace(':00.000Z', 'Z') }),
  ],
  ['X-RateLimit-Reset as an epoch', 30, (now) => ({ 'x-ratelimit-reset': epoch(now, 30) })],
  ['X-RateLimit-Reset in seconds', 30, () => ({ 'x-ratelimit-reset': '30' })],
  ['X-RateLimit-Retry-After in epoch ms', 30, (now) => ({ 'x-ratelimit-retry-after': String(now + 30_000) })],
  ['X-Rate-Limit-Reset as an HTTP date', 30, (now) => ({ 'x-rate-limit-reset': at(now, 30).toUTCString() })],
  ['RateLimit-Reset', 2, () => ({ 'ratelimit-reset': '2' })],
  ['RateLimit', 2, () => ({ ratelimit: '"default";r=0;t=2' })],
  ['no header at all', 0, () => ({})],
];

describe('a 429', () => {
  it.each(styles)('with %s is waited out', async (_style, seconds, headers) => {
    const world = new JumpingWorld();
    world.skewMs = -3_600_000;
    const date = { date: new Date(world.epoch).toUTCString() };
    const { port } = await openWire((socket, nth) =>
      socket.write(nth === 0 ? answer(429, '', { ...date, ...headers(world.epoch) }) : ok),
    );
    const reply = await openTestClient(port, {}, world).send(request);
    expect(reply).toMatchObject({ kind: 'answer', attempts: 1, ambiguous: false, answer: { status: 200 } });
    expect(world.elapsed).toBeGreaterThanOrEqual(seconds * 1000);
    expect(world.elapsed).toBeLessThanOrEqual(seconds * 1100 + 1000);
  });

  it('is no attempt of the row, however often it comes, and is counted', async () => {
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
    while (client.shutUntil() === undefined) await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([refused, ...Array.from({ length: 9 }, () => client.send(request))]);
    expect(Math.min(...sentAt.slice(2))).toBeGreaterThanOrEqual(30_000);
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
    const { port } = await openWire((socket) => socket.write(answer(200, '{}', left(0, 7200))));
    const client = openTestClient(port);
    expect(await client.send(request)).toMatchObject({ kind: 'answer' });
    await expect(client.send(request)).rejects.toMatchObject({
      kind: 'stopped',
      message: expect.stringContaining('120 minutes'),
    });
  });

  it('counts a 503 that names a time as a reason to wait for everybody', async () => {
    const world = new JumpingWorld();
    const { port } = await openWire((socket, nth) =>
      socket.write(nth === 0 ? answer(503, '', { 'retry-after': '20' }) : ok),
    );
    const reply = await openTestClient(port, {}, world).send({ ...request, repeat: 'state' });
    expect(reply).toMatchObject({ kind: 'answer', attempts: 2, ambiguous: true });
    expect(world.elapsed).toBeGreaterThanOrEqual(20_000);
    expect(world.elapsed).toBeLessThanOrEqual(23_000);
  });
});
