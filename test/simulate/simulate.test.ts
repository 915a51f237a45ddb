// The first half of the 300 seeds of the suite, and what every seed has to be: the same each time. The second half is more-seeds.test.ts.
import { describe, expect, it } from 'vitest';
import { runSeed, violationsOf } from './seed.ts';

describe('the simulation', () => {
  it('finds no seed in which an invariant breaks, of 1 to 150', { timeout: 240_000 }, async () => {
    expect(await violationsOf(1, 150)).toEqual([]);
  });

  it.each([1, 45, 20_001, 20_033, 20_044])('replays seed %i line by line', async (seed) => {
    const first = await runSeed(seed);
    expect(first.trace.length).toBeGreaterThan(100);
    expect((await runSeed(seed)).trace).toEqual(first.trace);
  });

  it.each([
    [1081, 'a call left in the turn in which a write failed'],
    [306, 'a row that was sent was left out without its mark'],
  ])('holds in seed %i, in which %s', async (seed) => {
    expect((await runSeed(seed)).violations).toEqual([]);
  });
});
