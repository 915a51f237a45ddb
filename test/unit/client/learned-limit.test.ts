// A limit that no header tells is learned from refusals: calls go as fast as was let pass, and faster again when nobody refuses.
import { afterAll, describe, expect, it } from 'vitest';
import { LearnedLimit } from '../../../src/client/pace/throttle.ts';
import { openRateLimiter } from '../../../src/client/pace/rate-limiter.ts';
import { ServerClock } from '../../../src/client/pace/rate-limit-headers.ts';
import { answer, closeWires, ok, openWire } from '../../support/raw-server.ts';
import { closeClients, JumpingWorld, openTestClient } from '../../support/jumping-clock.ts';

afterAll(closeWires);
afterAll(closeClients);

describe('an allowance', () => {
  it('is what passed between two openings of the gate', () => {
    const allowance = new LearnedLimit();
    for (let call = 0; call < 100; call += 1) allowance.passed(call * 100);
    expect(allowance.refused(13_500)).toBeCloseTo(125 / 0.99);
    for (let call = 0; call < 50; call += 1) allowance.passed(13_500 + call * 100);
    expect(allowance.refused(24_500)).toBeCloseTo(200 / 0.99);
  });

  it('is not below the rate when one call too many came by chance', () => {
    const allowance = new LearnedLimit();
    for (let call = 0; call < 500; call += 1) allowance.passed(call * 10);
    expect(allowance.refused(6000)).toBeLessThan(10.2);
  });

  it('is not learned from a few calls, after which others may have used the rest', () => {
    const allowance = new LearnedLimit();
    for (let call = 0; call < 19; call += 1) allowance.passed(call);
    expect(allowance.refused(60_000)).toBeUndefined();
    expect(allowance.refused(120_000)).toBeUndefined();
  });
});

/** Ten calls a second, in jumping time. */
function paceIn({ clock, sleep }: JumpingWorld) {
  return openRateLimiter({ rate: { count: 10, perMs: 1000 }, burst: 1, clock, sleep, random: () => 0.5 });
}

/** Gaps between calls of an eased pace, in ms: `count` of them after `afterMs`. */
async function gapsAfter(easedMs: number, afterMs: number, count = 3): Promise<number[]> {
  const world = new JumpingWorld();
  const pace = paceIn(world);
  await pace.acquire();
  pace.setLearnedInterval(easedMs);
  world.elapsed += afterMs;
  const times: number[] = [];
  for (let call = 0; call <= count; call += 1) {
    await pace.acquire();
    times.push(world.elapsed);
  }
  return times.slice(1).map((time, at) => time - (times[at] ?? 0));
}

describe('a pace that was taught to go slower', () => {
  it.each([
    ['keeps to it at first', 125, 0, 125],
    ['never to less than half of what it was', 1000, 0, 200],
    ['tries a little faster as time passes', 125, 45_000, 125 / 1.03],
    ['is the rate again when nobody has refused for long', 125, 200_000, 100],
    ['is the rate where that is slower', 80, 0, 100],
  ])('%s', async (_how, easedMs, afterMs, gap) => {
    for (const each of await gapsAfter(easedMs, afterMs)) expect(Math.abs(each - gap)).toBeLessThan(2);
  });
});

describe('a server that refuses what is over its limit', () => {
  it('refuses one call in a hundred at the most, although it never says how many are left', async () => {
    const world = new JumpingWorld();
    let [window, used, refused] = [-1, 0, 0];
    const { port } = await openWire((socket) => {
      const now = Math.floor(world.elapsed / 12_500);
      if (now !== window) [window, used] = [now, 0];
      used += 1;
      if (used > 100) refused += 1;
      const seconds = Math.ceil((12_500 - (world.elapsed % 12_500)) / 1000);
      socket.write(used > 100 ? answer(429, '', { 'retry-after': String(seconds) }) : ok);
    });
    const client = openTestClient(port, { limiter: paceIn(world) }, world);
    for (let call = 0; call < 600; call += 1) await client.send({ method: 'GET', path: ['x'], retry: 'read' });
    expect(refused).toBeLessThanOrEqual(6);
    expect(world.elapsed).toBeLessThan(600 * 125 * 1.05);
  });
});

describe("the server's clock", () => {
  it('is known to the millisecond after many answers, whose dates are cut to the second', () => {
    const clock = new ServerClock();
    const ahead = 1_764_000_000_437;
    for (let now = 0; now < 20_000; now += 37) clock.read(Math.floor((now + ahead) / 1000) * 1000, now);
    const read = clock.read(Math.floor((20_200 + ahead) / 1000) * 1000, 20_200);
    expect(Math.abs(read - (20_200 + ahead))).toBeLessThan(40);
  });

  it('is what the answer says where another server answers', () => {
    const clock = new ServerClock();
    clock.read(1_764_000_060_000, 0);
    expect(clock.read(1_764_000_000_000, 10)).toBe(1_764_000_000_000);
  });
});
