// --resume without --report: the latest report of the same work is continued, or a sentence says that there is none.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { manifest, newFolder, outcomesOf, scenario, type Scenario } from '../../support/scenario.ts';

/** Runs a manifest in a folder of its own at a given second, with the default name of the report. */
function runIn(s: Scenario, cwd: string, second: number, args: readonly string[]) {
  const now = () => Date.parse('2026-06-01T12:00:00Z') + second * 1000;
  return s.leavers(['run', '--yes', ...args], { cwd, now });
}

const reportsIn = (cwd: string) =>
  readdirSync(join(cwd, 'reports'))
    .filter((name) => name.endsWith('.ndjson'))
    .toSorted();

describe('--resume without --report', () => {
  it('says that there is no earlier report, and starts one', async () => {
    await using s = await scenario({ people: 1 });
    const cwd = newFolder();
    const { code, stderr } = await runIn(s, cwd, 0, [manifest(1), '--resume']);
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/^no earlier report of \S+m\.ndjson in reports; starting a new one$/m),
    ]);
    expect(reportsIn(cwd)).toHaveLength(1);
  });

  it('continues the latest report of the manifest, and sends nothing again', async () => {
    await using s = await scenario({ people: 2 });
    const [cwd, list] = [newFolder(), manifest(1)];
    for (const second of [0, 1]) await runIn(s, cwd, second, [list]);
    const [, latest = ''] = reportsIn(cwd);
    const { code, stderr } = await runIn(s, cwd, 2, [list, '--resume']);
    expect([code, stderr]).toEqual([0, expect.stringContaining(`continuing ${join(cwd, 'reports', latest)}`)]);
    expect([reportsIn(cwd).length, s.changes().length]).toEqual([2, 1]);
  });

  it('passes over reports of other manifests, of rehearsals, and other files', async () => {
    await using s = await scenario({ people: 2 });
    const [cwd, list] = [newFolder(), manifest(1)];
    await runIn(s, cwd, 0, [manifest(2)]);
    await runIn(s, cwd, 1, [list, '--sandbox']);
    writeFileSync(join(cwd, 'reports', 'other.ndjson'), 'no report\n');
    writeFileSync(join(cwd, 'reports', 'empty.ndjson'), '');
    const { stderr } = await runIn(s, cwd, 2, [list, '--resume']);
    expect(stderr).toContain('starting a new one');
  });

  it('is what a dry run looks at, which leaves the report as it is', async () => {
    await using s = await scenario({ people: 1 });
    const [cwd, list] = [newFolder(), manifest(1)];
    await runIn(s, cwd, 0, [list]);
    const { code, stderr } = await runIn(s, cwd, 1, [list, '--resume', '--dry-run']);
    expect([code, stderr]).toEqual([0, expect.stringContaining('continuing ')]);
    expect(reportsIn(cwd).flatMap((name) => outcomesOf(join(cwd, 'reports', name)))).toEqual(['done']);
  });
});
