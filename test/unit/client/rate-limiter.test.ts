// Requests leave on an absolute schedule: never ahead of the limit, lateness made up, one gate for all, whatever the clocks do.
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  openRateLimiter,
  type Priority,
  type RateLimiter,
  type RateLimiterOptions,
  type Rate,
} from '../../../src/client/pace/rate-limiter.ts';
import { JumpingWorld, openRealLimiter } from '../../support/jumping-clock.ts';

/** A pace in jumping time whose timers fire as late as `lateMs` says. */
function openTest(
  rate: Rate | 'none',
  options: Partial<RateLimiterOptions> & { lateMs?: (at: number) => number } = {},
) {
  const world = new JumpingWorld();
  const { lateMs = () => 0, ...rest } = options;
  const sleep = (ms: number, signal?: AbortSignal) => world.sleep(ms + lateMs(world.elapsed), signal);
  const pace = openRateLimiter({ rate, burst: 1, clock: world.clock, sleep, random: () => 0.5, ...rest });
  return { world, pace };
}

/** When each of `count` requests leaves, all asked for at once. */
async function departures(pace: RateLimiter, world: JumpingWorld, count: number): Promise<number[]> {
  const all = Array.from({ length: count }, async () => {
    await pace.acquire();
    return world.elapsed;
  });
  return await Promise.all(all);
}

const perSecond = (count: number): Rate => ({ count, perMs: 1000 });
const gaps = (times: readonly number[]) => times.slice(1).map((time, at) => time - (times[at] ?? 0));

describe('even pacing', () => {
  it.each([
    ['3/s', perSecond(3)],
    ['180/m', { count: 180, perMs: 60_000 }],
    ['100/s', perSecond(100)],
    ['36/h', { count: 36, perMs: 3_600_000 }],
  ])('%s leaves at once and then an interval apart', async (_name, rate) => {
    const { pace, world } = openTest(rate);
    const times = await departures(pace, world, 20);
    const interval = rate.perMs / rate.count;
    expect(times[0]).toBe(0);
    for (const [at, time] of times.entries()) expect(Math.abs(time - at * interval)).toBeLessThan(2);
  });

  it('gives nobody a permit before those who asked earlier', async () => {
    const { pace } = openTest(perSecond(50));
    const order: number[] = [];
    await Promise.all(Array.from({ length: 12 }, (_, at) => pace.acquire().then(() => order.push(at))));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  it('saves nothing up while nobody asks', async () => {
    const { pace, world } = openTest(perSecond(10));
    await pace.acquire();
    world.elapsed += 60_000;
    expect(gaps(await departures(pace, world, 4))).toEqual([100, 100, 100]);
  });

  it('lets a burst leave at once, and goes on evenly', async () => {
    const { pace, world } = openTest(perSecond(10), { burst: 4 });
    expect(await departures(pace, world, 7)).toEqual([0, 0, 0, 0, 100, 200, 300]);
  });

  it('wakes a long sleep in parts, because timers count in 32 bits', async () => {
    const { pace, world } = openTest({ count: 1, perMs: 90 * 24 * 3_600_000 });
    await departures(pace, world, 2);
    expect(Math.max(...world.slept)).toBeLessThan(2 ** 31);
    expect(world.elapsed).toBe(90 * 24 * 3_600_000);
  });
});

/** Servers that count calls in their own way; each says whether the call that arrives at `now` is refused. */
const servers: Readonly<Record<string, (limit: number, windowMs: number) => (now: number) => boolean>> = {
  'fixed windows': (limit, windowMs) => {
    const counts = new Map<number, number>();
    return (now) => {
      const window = Math.floor(now / windowMs);
      counts.set(window, (counts.get(window) ?? 0) + 1);
      return (counts.get(window) ?? 0) > limit;
    };
  },
  'a sliding window': (limit, windowMs) => {
    const taken: number[] = [];
    return (now) => {
      while ((taken[0] ?? now) <= now - windowMs) taken.shift();
      return taken.length >= limit || taken.push(now) < 0;
    };
  },
  'a full bucket': (limit, windowMs) => bucket(limit, limit / windowMs),
  'a small bucket': (limit, windowMs) => bucket(10, limit / windowMs),
};

function bucket(size: number, perMs: number): (now: number) => boolean {
  let tokens = size;
  let before = 0;
  return (now) => {
    tokens = Math.min(size, tokens + (now - before) * perMs);
    before = now;
    if (tokens < 1) return true;
    tokens -= 1;
    return false;
  };
}

/** The same numbers in every run, so that a failure can be looked at. */
function* pseudoRandom(): Generator<number, never> {
  for (let seed = 42; ; ) yield (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

describe('against servers whose limit is 2 % above the rate', () => {
  const late = pseudoRandom();
  // Mostly a timer's usual lateness, now and then the pause of a busy machine.
  const lateMs = () => (late.next().value < 0.05 ? 30 * late.next().value : 3 * late.next().value);

  it.each([3, 10, 100])('%i calls a second are on time and none is refused', async (rate) => {
    const { pace, world } = openTest(perSecond(rate), { lateMs });
    const times = await departures(pace, world, 400);
    expect((times.at(-1) ?? 0) / ((400 / rate) * 1000)).toBeLessThan(1.03);
    const way = pseudoRandom();
    for (const [name, open] of Object.entries(servers)) {
      for (const jitterMs of [0, 40]) {
        const isRefused = open(rate * 1.02 * 60, 60_000);
        const arrivals = times.map((time) => time + jitterMs * way.next().value).toSorted((a, b) => a - b);
        expect([name, jitterMs, arrivals.filter(isRefused).length]).toEqual([name, jitterMs, 0]);
      }
    }
  });
});

describe('the gate', () => {
  it.each([perSecond(100), 'none'] as const)('keeps everybody until it opens (rate %j)', async (rate) => {
    const { pace, world } = openTest(rate);
    pace.pauseUntil(5000);
    pace.pauseUntil(3000);
    expect(pace.pausedUntil).toBe(5000);
    expect(Math.min(...(await departures(pace, world, 5)))).toBeGreaterThanOrEqual(5000);
    expect(pace.pausedUntil).toBeUndefined();
  });

  it('is noticed by a request that already waits for a slot', async () => {
    const world = new JumpingWorld();
    const sleep = (ms: number, signal?: AbortSignal) => {
      if (world.elapsed < 1000) pace.pauseUntil(9000);
      return world.sleep(ms, signal);
    };
    const pace: RateLimiter = openTest(perSecond(1), { clock: world.clock, sleep }).pace;
    expect(await departures(pace, world, 3)).toEqual([0, 9000, 10_000]);
  });

  it('opens for one after the other', async () => {
    const { pace, world } = openTest(perSecond(10));
    await pace.acquire();
    pace.pauseUntil(5000);
    expect(await departures(pace, world, 4)).toEqual([5000, 5100, 5200, 5300]);
  });
});

describe('slowing down', () => {
  it('spreads what is left over the time until more is given', async () => {
    const { pace, world } = openTest(perSecond(10));
    await pace.acquire();
    pace.spreadRemaining({ calls: 5, untilMs: 10_000 });
    expect(await departures(pace, world, 8)).toEqual([2000, 4000, 6000, 8000, 10_000, 10_100, 10_200, 10_300]);
  });

  it('never makes it faster than the rate', async () => {
    const { pace, world } = openTest(perSecond(10));
    pace.spreadRemaining({ calls: 1000, untilMs: 1000 });
    expect(gaps(await departures(pace, world, 3))).toEqual([100, 100]);
  });

  it('waits for the end of the period when all that is left is under way', async () => {
    const { pace, world } = openTest(perSecond(10));
    await pace.acquire();
    pace.spreadRemaining({ calls: -3, untilMs: 4000 });
    expect(await departures(pace, world, 2)).toEqual([4000, 4100]);
  });
});

describe('the order of waiting requests', () => {
  it('puts a first request before all normal ones that wait, and keeps the order within a priority', async () => {
    const pace = openRealLimiter(perSecond(20));
    const order: string[] = [];
    const ask = (name: string, priority: Priority) => pace.acquire(priority).then(() => order.push(name));
    const rows = [ask('row 1', 'normal'), ask('row 2', 'normal'), ask('row 3', 'normal')];
    await rows[0];
    await Promise.all([...rows, ask('look-up 1', 'first'), ask('look-up 2', 'first')]);
    // Row 2 holds the next slot already.
    expect(order).toEqual(['row 1', 'row 2', 'look-up 1', 'look-up 2', 'row 3']);
  });
});

describe('a limiter that is stopped', () => {
  it.each([perSecond(1), 'none'] as const)('drops all that wait, with the reason (rate %j)', async (rate) => {
    const { pace, world } = openTest(rate);
    pace.pauseUntil(100_000);
    const waiting = Array.from({ length: 5 }, () => pace.acquire().then(() => 'left', String));
    pace.stop(new Error('enough'));
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['Error: enough']));
    expect(world.elapsed).toBeLessThan(100_000);
  });

  it.each([perSecond(1), 'none'] as const)('gives no permit from then on (rate %j)', async (rate) => {
    const { pace } = openTest(rate);
    await pace.acquire();
    pace.stop(new Error('enough'));
    pace.stop(new Error('once more'));
    await expect(pace.acquire()).rejects.toThrow('enough');
  });
});

describe('the clocks', () => {
  it('go on when the wall clock is set back by an hour', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const { pace, world } = openTest(perSecond(10));
    await departures(pace, world, 3);
    vi.setSystemTime(Date.now() - 3_600_000);
    expect(gaps(await departures(pace, world, 3))).toEqual([100, 100]);
  });

  it('are not asked for a timer when there is no rate', async () => {
    const { pace, world } = openTest('none');
    await departures(pace, world, 1000);
    expect(world.slept).toEqual([]);
  });
});

describe('a wall clock that is set back', () => {
  it('between the opening of the limiter and the first request delays nothing', async () => {
    const limiter = openRealLimiter({ count: 100, perMs: 1000 });
    const now = Date.now;
    Date.now = () => now() - 3_600_000;
    try {
      // A delay would be an hour.
      await expect(limiter.acquire('normal')).resolves.toBeUndefined();
    } finally {
      Date.now = now;
    }
  }, 5000);
});
