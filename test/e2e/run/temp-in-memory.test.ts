// A run whose temporary folder is in memory keeps the rows of its plan on disk, beside the report.
import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { isInMemory } from '../../../src/storage/temp-folder.ts';
import { desk, manifest, path, scenario } from '../../support/scenario.ts';
import { leavers, start } from '../../support/spawn.ts';

const shared = '/dev/shm';
/** Where the rows are kept: the desk is in memory itself on machines whose temporary folder is. */
const kept = isInMemory(shared) && !isInMemory(desk) ? desk : shared;

/** Temporary files that a process holds open without a name. */
function openTempFiles(pid: number | undefined): string[] {
  const fds = `/proc/${pid}/fd`;
  return readdirSync(fds)
    .flatMap((fd) => {
      try {
        return [readlinkSync(`${fds}/${fd}`)];
      } catch {
        return [];
      }
    })
    .filter((target) => target.includes('/leavers-') && target.endsWith(' (deleted)'));
}

describe.runIf(isInMemory(shared))('a temporary folder in memory', () => {
  it('is left for the folder of the report, in one sentence', async () => {
    await using s = await scenario({ people: 20 });
    const args = ['run', manifest(20), '--report', path('r.ndjson'), '--yes', '--rate', '20/s'];
    const { child, ended } = start(args, { env: { ...s.env, TMPDIR: shared } });
    while (s.changes().length === 0) await pause(10);
    const files = openTempFiles(child.pid);
    expect(files.map((file) => file.startsWith(`${kept}/leavers-`))).toEqual([true]);
    const { code, stderr } = await ended;
    expect([code, stderr.split('\n').filter((line) => line.includes('is in memory'))]).toEqual([
      0,
      [
        expect.stringMatching(
          kept === desk ? `^${shared} is in memory, so temporary files go to ${desk}$` : /^warning/,
        ),
      ],
    ]);
  });

  it('says nothing about it with --quiet', async () => {
    const args = ['run', manifest(2), '--report', path('r.ndjson'), '--sandbox', '--quiet'];
    const { stderr } = await leavers(args, { env: { TMPDIR: shared } });
    expect(stderr).not.toContain('is in memory');
  });
});
