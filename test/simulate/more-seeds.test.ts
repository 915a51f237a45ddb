// The second half of the 300 seeds of the suite, in a file of its own so that both processors work on them.
import { expect, it } from 'vitest';
import { violationsOf } from './seed.ts';

it('the simulation finds no seed in which an invariant breaks, of 151 to 300', { timeout: 240_000 }, async () => {
  expect(await violationsOf(151, 300)).toEqual([]);
});
