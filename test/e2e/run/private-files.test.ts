// What a run has on disk names people: it is for its user alone while the run lasts, and temporary files do not outlive a kill.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { manifest, newFolder, scenario } from '../../support/scenario.ts';
import { start } from '../../support/spawn.ts';

/** Files below a folder that others than their owner may read or write. */
function shared(folder: string): string[] {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return all.filter((path) => (statSync(path).mode & 0o077) !== 0);
}

describe('a run that is killed', () => {
  it('has had no file that others can read, and leaves no temporary file', async () => {
    await using s = await scenario({ people: 3, faults: [{ match: { path: 'suspend' }, kind: 'hang' }] });
    const [home, tmp] = [newFolder(), newFolder()];
    const report = join(home, 'reports', 'r.ndjson');
    const env = { ...s.env, TMPDIR: tmp };
    const run = start(['run', manifest(3), '--report', report, '--yes'], { env });
    const isSent = () => existsSync(report) && readFileSync(report, 'utf8').includes('"row-sent"');
    while (!isSent()) await pause(20);
    expect([shared(home), readdirSync(tmp)]).toEqual([[], []]);
    expect(readdirSync(join(home, 'reports'))).toEqual(['r.ndjson', 'r.ndjson.lock', 'r.ndjson.lock.json']);
    run.child.kill('SIGKILL');
    await run.ended;
    expect([shared(home), readdirSync(tmp)]).toEqual([[], []]);
  });
});
