// Clocks that are stepped under a run, and a process with nothing left to wait for: no burst, no stall, no silent success.
import { existsSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { leaversAt } from '../../support/in-process.ts';
import { desk, manifest, path, scenario } from '../../support/scenario.ts';
import { leavers as spawnLeavers, ndjson } from '../../support/spawn.ts';
import { stepClocks } from '../../torture/steps.ts';

const hour = 3_600_000;

describe('a wall clock that is stepped during a run', () => {
  it('for everybody in the process, by hours and by seconds, makes no burst and no stall', async () => {
    const { failed, throttled, burst, stallMs } = await stepClocks(3);
    expect([failed, throttled, burst <= 42]).toEqual([0, 0, true]);
    // A stall would be one of the step's length.
    expect(stallMs).toBeLessThan(3000);
  });

  it.each([
    ['an hour fast', hour],
    ['an hour slow', -hour],
  ])('and a clock that is %s waits as long as the answer says by its own date', async (_, wrong) => {
    const rate = { limit: 8, windowMs: 1500 } as const;
    await using s = await scenario({ people: 12, rate });
    const args = ['run', manifest(12), '--report', path('r.ndjson'), '--yes', '--rate', 'none'];
    const { code } = await leaversAt(() => Date.now() + wrong, args, { env: s.env, cwd: desk });
    expect([code, s.changes().length]).toEqual([0, 12]);
  });
});

describe('a process that has nothing left to wait for', () => {
  it('ends with 70 and not with 0, and its report has no end', async () => {
    await using s = await scenario({ people: 3 });
    const preload = path('preload.mjs');
    // A disk that never says that it is done.
    writeFileSync(
      preload,
      "import fs from 'node:fs';\nimport { syncBuiltinESMExports } from 'node:module';\nfs.fdatasync = () => {};\nsyncBuiltinESMExports();\n",
    );
    const report = path('r.ndjson');
    const args = ['run', manifest(3), '--report', report, '--yes', '--quiet'];
    const env = { ...s.env, NODE_OPTIONS: `--import ${pathToFileURL(preload).href}` };
    const { code, stderr } = await spawnLeavers(args, { env });
    expect([code, stderr]).toEqual([70, expect.stringContaining('the event loop is empty')]);
    expect(s.changes()).toEqual([]);
    expect(existsSync(report) && ndjson(report).some(({ event }) => event === 'run-end')).toBe(false);
  });
});
