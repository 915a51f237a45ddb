// Endpoints with a limit of their own: paced by it, apart from all other calls.
import { afterAll, describe, expect, it } from 'vitest';
import type { ApiRequest } from '../../../src/actions/action.ts';
import { ownRate } from '../../../src/client/pace/own-limits.ts';
import { openRateLimiter } from '../../../src/client/pace/rate-limiter.ts';
import { StopError } from '../../../src/errors.ts';
import { closeClients, JumpingWorld, openTestClient } from '../../support/jumping-clock.ts';
import { request } from '../../support/rate-limit-styles.ts';
import { answer, closeWires, ok, openWire } from '../../support/raw-server.ts';

afterAll(closeWires);
afterAll(closeClients);

const event: ApiRequest = { method: 'GET', path: ['v1', 'events-stream'], retry: 'read', limit: 'events-stream' };
const world = () => {
  const made = new JumpingWorld();
  const { clock, sleep } = made;
  const open = (rate: ReturnType<typeof ownRate>) =>
    openRateLimiter({ rate, burst: 1, clock, sleep, random: () => 0.5 });
  return { made, open };
};

describe('an endpoint with a limit of its own', () => {
  it('is paced by that limit, and by the rate that was asked for if that is slower', () => {
    expect(ownRate('events-stream', { count: 180, perMs: 60_000 })).toEqual({ count: 50, perMs: 60_000 });
    expect(ownRate('events', { count: 180, perMs: 60_000 })).toEqual({ count: 10, perMs: 60_000 });
    expect(ownRate('events', { count: 1, perMs: 60_000 })).toEqual({ count: 1, perMs: 60_000 });
    expect(ownRate('events', 'none')).toBe('none');
  });

  it('waits for its own permits, while other calls leave at once', async () => {
    const { made, open } = world();
    const { port } = await openWire((socket) => socket.write(ok));
    const openOwnLimiter = () => open(ownRate('events-stream', { count: 180, perMs: 60_000 }));
    const client = openTestClient(port, { openOwnLimiter }, made);
    for (let n = 0; n < 5; n += 1) await client.send(request);
    expect(made.elapsed).toBe(0);
    for (let n = 0; n < 51; n += 1) await client.send(event);
    expect(Math.round(made.elapsed / 1000)).toBe(60);
    expect(client.usage.requests).toBe(56);
  });

  it('shuts no gate but its own with a 429, and its headers say nothing about the limit of the others', async () => {
    const { made, open } = world();
    const refusal = answer(429, '', { 'retry-after': '30', 'x-ratelimit-limit': '50' });
    const { port } = await openWire((socket, nth) => socket.write(nth === 0 ? refusal : ok));
    const client = openTestClient(port, { openOwnLimiter: () => open('none') }, made);
    const first = client.send(event);
    while (client.usage.throttled === 0) await new Promise((resolve) => setImmediate(resolve));
    expect([client.pausedUntil(), client.usage.limit]).toEqual([undefined, undefined]);
    expect(await first).toMatchObject({ kind: 'answer', answer: { status: 200 } });
  });

  it('ends with all others when the client is stopped', async () => {
    const { made, open } = world();
    const { port, seen } = await openWire((socket) => socket.write(ok));
    const client = openTestClient(port, { openOwnLimiter: () => open('none') }, made);
    await client.send(event);
    client.stop(new StopError('disk', 'the disk is full'));
    await expect(client.send(event)).rejects.toThrow('the disk is full');
    expect(seen).toHaveLength(1);
  });
});
