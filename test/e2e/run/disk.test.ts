// The disk fails: full, read-only, not a file, not ours, a pipe that closes. No call after the first intent that failed, and resume is clean.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leavers } from '../../support/in-process.ts';
import { desk, manifest, path, scenario } from '../../support/scenario.ts';
import { leavers as spawnLeavers, ndjson, start } from '../../support/spawn.ts';

describe('a disk that is full', () => {
  // A limit on the size of files fails a write where a full disk would, after a part of its bytes.
  it.each([22, 31])(
    'after %i kB ends with 74, makes no call that it could not write down, and resumes exactly once each',
    async (kilobytes) => {
      await using s = await scenario({ people: 40 });
      const [m, report] = [manifest(40), path('r.ndjson')];
      const args = ['run', m, '--report', report, '--yes', '--resume', '--concurrency', '4'];
      const { code, stderr } = await spawnLeavers(args, { env: s.env, before: `ulimit -f ${kilobytes};` });
      expect([code, stderr]).toEqual([74, expect.stringContaining("the report can't be written")]);
      const announced = readFileSync(report, 'utf8')
        .split('\n')
        .filter((line) => line.includes('"event":"row-sent"')).length;
      expect(s.changes().length).toBeLessThanOrEqual(announced);
      expect(s.changes().length).toBeLessThan(40);
      expect((await s.leavers(args)).code).toBe(0);
      const paths = s.changes().map(({ path: where }) => where);
      expect([paths.length, new Set(paths).size]).toEqual([40, 40]);
      expect((await leavers(['verify', report])).code).toBe(0);
    },
  );

  it.each([0, 2])(
    'with room for %i kB from the start is reported before anything is sent',
    async (kilobytes) => {
      await using s = await scenario({ people: 40 });
      const args = ['run', manifest(40), '--report', path('r.ndjson'), '--yes'];
      const { code, stderr } = await spawnLeavers(args, { env: s.env, before: `ulimit -f ${kilobytes};` });
      expect([code, stderr]).toEqual([
        expect.toBeOneOf([73, 74]),
        expect.stringMatching(/temporary files|can't be locked/),
      ]);
      expect(s.changes()).toEqual([]);
      // An open connection would keep the process for 30 s.
    },
    25_000,
  );
});

describe('a report that can not be', () => {
  const cases: readonly [string, () => string, RegExp][] = [
    [
      'a link to a file',
      () => {
        const [link, target] = [path('link.ndjson'), path('mine.txt')];
        writeFileSync(target, 'mine');
        symlinkSync(target, link);
        return link;
      },
      /symbolic link/,
    ],
    [
      'a link to nothing',
      () => {
        const link = path('link.ndjson');
        symlinkSync(join(desk, 'nowhere'), link);
        return link;
      },
      /symbolic link|exists/,
    ],
    [
      'a folder',
      () => {
        const at = path('folder');
        mkdirSync(at);
        return at;
      },
      /regular file|EISDIR|exists/,
    ],
    [
      'a pipe',
      () => {
        const at = path('fifo');
        execFileSync('mkfifo', [at]);
        return at;
      },
      /regular file|exists/,
    ],
    [
      "somebody's notes",
      () => {
        const at = path('notes.txt');
        writeFileSync(at, 'buy milk\n');
        return at;
      },
      /not a report of leavers/,
    ],
    ['below a file', () => join(manifest(1), 'r.ndjson'), /ENOTDIR|EEXIST|can't be/],
  ];

  it.each(cases)('%s: 73, nothing sent, nothing touched', async (_, make, words) => {
    await using s = await scenario({ people: 2 });
    const report = make();
    for (const resume of [[], ['--resume']]) {
      const args = ['run', manifest(2), '--report', report, '--yes', ...resume];
      const { code, stderr } = await s.leavers(args);
      expect([code, stderr]).toEqual([73, expect.stringMatching(resume.length > 0 ? words : /./)]);
    }
    expect(s.changes()).toEqual([]);
    expect(existsSync(join(desk, 'nowhere'))).toBe(false);
  });

  it('in a folder that may not be written to: 73', async () => {
    await using s = await scenario({ people: 2 });
    const at = path('closed');
    mkdirSync(at);
    chmodSync(at, 0o555);
    // Root may write anywhere but into the kernel's own trees.
    const report = process.getuid?.() === 0 ? '/proc/self/r.ndjson' : join(at, 'r.ndjson');
    const { code } = await s.leavers(['run', manifest(2), '--report', report, '--yes']);
    expect([code, s.changes()]).toEqual([73, []]);
  });
});

describe('a reader that goes away', () => {
  it('from stdout does not stop a run, which goes on to its report', async () => {
    await using s = await scenario({ people: 20 });
    const report = path('r.ndjson');
    const { child, ended } = start(['run', manifest(20), '--report', report, '--yes', '--rate', '100/s'], {
      env: s.env,
    });
    child.stdout.destroy();
    child.stderr.destroy();
    expect((await ended).code).toBe(0);
    expect(ndjson(report).at(-1)).toMatchObject({ event: 'run-end', outcome: 'complete' });
    expect(s.changes()).toHaveLength(20);
  });

  it('from a report on stdout ends the run with 74, and no call is made after that', async () => {
    await using s = await scenario({ people: 60 });
    const { child, ended } = start(['run', manifest(60), '--report', '-', '--yes', '--rate', '60/s'], {
      env: s.env,
    });
    while (s.changes().length < 3) await new Promise((wake) => setTimeout(wake, 10));
    child.stdout.destroy();
    expect((await ended).code).toBe(74);
    expect(s.changes().length).toBeLessThan(60);
  });

  it('from a listing ends it quietly', async () => {
    const { child, ended } = start(['actions']);
    child.stdout.destroy();
    expect((await ended).code).toBe(0);
  });
});
