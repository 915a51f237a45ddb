// Eighty inputs of the fuzzer, the same in each run; `npm run fuzz` makes as many as it is given.
import { expect, it } from 'vitest';
import { folder } from '../support/spawn.ts';
import { makeInput } from './fuzz-inputs.ts';
import { tryInput } from './try-input.ts';

it('no hostile manifest or job file crashes the reader, or is refused without its place', async () => {
  using home = folder();
  const breaches: string[] = [];
  const results = new Set<string>();
  for (let seed = 1; seed <= 80; seed += 1) {
    const input = makeInput(seed);
    const tried = await tryInput(input, home.path);
    results.add(`${input.kind} ${tried.result}`);
    breaches.push(...tried.breaches.map((each) => `seed ${seed}: ${each}`));
  }
  expect(breaches).toEqual([]);
  expect(results).toContain('csv read');
  expect(results).toContain('job refused');
});

it('the same seed makes the same input', () => {
  for (let seed = 1; seed <= 10; seed += 1) expect(makeInput(seed)).toEqual(makeInput(seed));
});
