// While people are looked up, plan and run say how far they are and how long the rate limit makes them wait.
import { describe, expect, it } from 'vitest';
import { manifest, scenario } from '../support/scenario.ts';
import { onTerminal } from '../support/pty.ts';

const busy = (seconds: number) => ({
  match: { path: 'users/search', nth: 2 },
  kind: 'status' as const,
  status: 429,
  headers: { 'retry-after': String(seconds) },
});

describe('a look-up that takes time', () => {
  it('is a line on a terminal that counts the wait down and is gone afterwards', async () => {
    await using s = await scenario({ people: 350, faults: [busy(2)] });
    const { lines, raw } = await onTerminal(['plan', manifest(350)], { columns: 80, env: s.env });
    const waits = lines.filter((line) => /^Looking up \d+ of 350; waiting for the rate limit, \d s$/.test(line));
    expect(new Set(waits).size).toBeGreaterThan(1);
    expect(raw.lastIndexOf('Looking up')).toBeLessThan(raw.lastIndexOf('\r\u001B[K'));
    expect(lines.some((line) => line.startsWith('Plan: 350 to change'))).toBe(true);
  });

  it.each([
    ['plan', [], /^Looking up \d+ of 350; waiting for the rate limit, \d+ s$/m],
    ['inactive', ['--days', '1'], /^Reading the directory: \d+ people; waiting for the rate limit, \d+ s$/m],
  ])('is a line a minute where %s has no terminal, and none with --quiet', async (name, flags, line) => {
    await using s = await scenario({ people: 350, faults: [busy(80), busy(80)] });
    const args = [name, ...(name === 'plan' ? [manifest(350)] : []), ...flags];
    expect((await s.leavers(args, { speed: 100 })).stderr).toMatch(line);
    expect((await s.leavers([...args, '--quiet'], { speed: 100 })).stderr).not.toMatch(line);
  });
});
