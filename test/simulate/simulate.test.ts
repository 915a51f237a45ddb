// Three hundred seeds of the simulation; `npm run simulate` makes as many as it is given.
import { describe, expect, it } from 'vitest';
import { runSeed } from './seed.ts';

describe('the simulation', () => {
  it('finds no seed in which an invariant breaks', { timeout: 240_000 }, async () => {
    const failed: string[] = [];
    for (let seed = 1; seed <= 300; seed += 1)
      for (const violation of (await runSeed(seed)).violations) failed.push(`seed ${seed}: ${violation}`);
    expect(failed).toEqual([]);
  });

  it.each([1, 45, 117])('replays seed %i line by line', async (seed) => {
    const first = await runSeed(seed);
    expect(first.trace.length).toBeGreaterThan(100);
    expect((await runSeed(seed)).trace).toEqual(first.trace);
  });

  it('ends the run at once when a write fails while an announced call waits (seed 1081)', async () => {
    expect((await runSeed(1081)).violations).toEqual([]);
  });
});
