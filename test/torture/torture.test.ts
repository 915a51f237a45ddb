// The short form of the torture: tens of kills in the suite; `npm run torture` does a thousand.
import { describe, expect, it } from 'vitest';
import { torture } from './kills.ts';

describe('runs that are killed', () => {
  it('lose nothing, flag every repeat, and never invite twice, over 20 kills', { timeout: 240_000 }, async () => {
    const score = await torture(20);
    expect(score).toMatchObject({ lost: 0, unflagged: 0, doubled: 0 });
    expect(score.kills).toBeGreaterThanOrEqual(20);
    expect(score.worst).toBeLessThanOrEqual(8);
  });
});
