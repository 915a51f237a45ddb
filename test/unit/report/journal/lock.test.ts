// One run at a time on a report: two are never in it, the second knows at once and says who holds it, and nothing outlives a kill.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { StopError } from '../../../../src/errors.ts';
import { lockReport } from '../../../../src/report/journal/lock.ts';
import { manifest, path, scenario } from '../../../support/scenario.ts';
import { start } from '../../../support/spawn.ts';
import { world } from '../../../support/context.ts';
import { startTogether } from '../../../torture/locks.ts';

const settled = (wait: () => boolean) =>
  new Promise<void>((done) => {
    const timer = setInterval(() => {
      if (!wait()) return;
      clearInterval(timer);
      done();
    }, 5);
  });

describe('two starts at once', () => {
  it('five times: always exactly one runs, and the other is turned away', async () => {
    expect(await startTogether(5)).toMatchObject({ starts: 5, inside: 0, odd: 0 });
  }, 60_000);
});

describe('a second run', () => {
  it('ends with 75 at once and says who holds the report since when; after a kill it starts at once', async () => {
    await using s = await scenario({ people: 50 });
    const report = path('r.ndjson');
    const args = ['run', manifest(50), '--report', report, '--yes', '--resume'];
    const first = start([...args, '--rate', '10/s'], { env: s.env });
    await settled(() => s.changes().length >= 2);
    const second = await s.leavers(args);
    expect(second.code).toBe(75);
    expect(first.child.exitCode).toBeNull();
    expect(second.stderr).toMatch(new RegExp(`in use by another run \\(pid ${first.child.pid} on .+, since \\d{4}-`));
    first.child.kill('SIGKILL');
    await first.ended;
    expect((await s.leavers(args)).code).toBe(0);
    expect(new Set(s.changes().map(({ path: where }) => where)).size).toBe(50);
  });

  it('can not rob a run that stands still', async () => {
    await using s = await scenario({ people: 30 });
    const report = path('r.ndjson');
    const args = ['run', manifest(30), '--report', report, '--yes', '--resume'];
    const first = start([...args, '--rate', '20/s'], { env: s.env });
    await settled(() => s.changes().length >= 3);
    first.child.kill('SIGSTOP');
    const before = readFileSync(report, 'utf8').length;
    expect((await s.leavers(args)).code).toBe(75);
    expect(readFileSync(report, 'utf8').length).toBe(before);
    first.child.kill('SIGCONT');
    expect((await first.ended).code).toBe(0);
    expect(s.changes()).toHaveLength(30);
  });
});

describe('a report that another machine has used', () => {
  const elsewhere = () => ({ ...world(), hostname: 'node-b' });

  it('is refused while that run works, with its machine and what to do if that is gone', async () => {
    const report = path('r.ndjson');
    const lock = await lockReport(report, elsewhere());
    const gone = 'if node-b is gone, wait until the server of the volume frees its lock';
    const refused = expect(lockReport(report, world())).rejects;
    await refused.toThrow(new RegExp(`in use by another run \\(pid \\d+ on node-b, since .+\\); wait .+; ${gone}$`));
    await lock.release();
  });

  it('is free once the kernel has freed the lock, whatever the note of the dead run says', async () => {
    const report = path('r.ndjson');
    writeFileSync(`${report}.lock`, '');
    writeFileSync(`${report}.lock.json`, JSON.stringify({ pid: 7, hostname: 'node-b', since: '2026-01-01T00:00:00Z' }));
    const lock = await lockReport(report, world());
    expect(JSON.parse(readFileSync(`${report}.lock.json`, 'utf8'))).toMatchObject({ hostname: world().hostname });
    await lock.release();
    expect(existsSync(`${report}.lock.json`)).toBe(false);
  });
});

describe('the lock itself', () => {
  it('is free again when it is released, and for other reports all the time', async () => {
    const [one, other] = [path('r.ndjson'), path('r.ndjson')];
    const lock = await lockReport(one, world());
    await expect(lockReport(one, world())).rejects.toBeInstanceOf(StopError);
    await (await lockReport(other, world())).release();
    await lock.release();
    await (await lockReport(one, world())).release();
  });
});
