// One run at a time on a report: two are never in it, the second knows at once and says who holds it, and nothing outlives a kill.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { StopError } from '../../src/errors.ts';
import { lockReport } from '../../src/report/lock.ts';
import { person, serveCompany } from '../setup/company.ts';
import { folder, leavers, ndjson, start } from '../setup/program.ts';
import { world } from '../setup/world.ts';

const home = folder();
afterAll(() => home[Symbol.dispose]());
let files = 0;
const path = (name: string) => join(home.path, `${(files += 1)}-${name}`);

function manifest(rows: number): string {
  const at = path('m.ndjson');
  const lines = Array.from({ length: rows }, (_, n) =>
    JSON.stringify({ action: 'suspend-user', email: person(n).email }),
  );
  writeFileSync(at, `${lines.join('\n')}\n`);
  return at;
}

const settled = (wait: () => boolean) =>
  new Promise<void>((done) => {
    const timer = setInterval(() => {
      if (!wait()) return;
      clearInterval(timer);
      done();
    }, 5);
  });

describe('two starts at once', () => {
  it('two hundred of them: always one, never both', async () => {
    await using served = await serveCompany({ people: 1 });
    const rows = manifest(1);
    const ends: number[][] = [];
    for (let turn = 0; turn < 100; turn += 1) {
      const args = ['run', rows, '--report', path('r.ndjson'), '--yes', '--resume', '--quiet'];
      const both = await Promise.all([leavers(args, { env: served.env }), leavers(args, { env: served.env })]);
      ends.push(both.map(({ code }) => code ?? -1).toSorted((a, b) => a - b));
      const lines = ndjson(args[3] ?? '');
      // One chain, whose runs follow one another: a start is never inside of another run.
      const inside = lines.filter(
        ({ event }, at) => event === 'run-start' && at > 0 && lines[at - 1]?.['event'] !== 'run-end',
      );
      expect(inside).toEqual([]);
    }
    const odd = ends.filter(([a, b]) => !(a === 0 && (b === 0 || b === 75)));
    expect(odd).toEqual([]);
  }, 120_000);
});

describe('a second run', () => {
  it('ends with 75 at once and says who holds the report since when; after a kill it starts at once', async () => {
    await using served = await serveCompany({ people: 50 });
    const report = path('r.ndjson');
    const args = ['run', manifest(50), '--report', report, '--yes', '--resume'];
    const first = start([...args, '--rate', '10/s'], { env: served.env });
    await settled(() => served.changes().length >= 2);
    const from = performance.now();
    const second = await leavers(args, { env: served.env });
    expect(performance.now() - from).toBeLessThan(5000);
    expect(second.code).toBe(75);
    expect(second.stderr).toMatch(new RegExp(`in use by another run \\(pid ${first.child.pid} on .+, since \\d{4}-`));
    first.child.kill('SIGKILL');
    await first.ended;
    expect((await leavers(args, { env: served.env })).code).toBe(0);
    expect(new Set(served.changes().map(({ path: where }) => where)).size).toBe(50);
  });

  it('can not rob a run that stands still', async () => {
    await using served = await serveCompany({ people: 30 });
    const report = path('r.ndjson');
    const args = ['run', manifest(30), '--report', report, '--yes', '--resume'];
    const first = start([...args, '--rate', '20/s'], { env: served.env });
    await settled(() => served.changes().length >= 3);
    first.child.kill('SIGSTOP');
    const before = readFileSync(report, 'utf8').length;
    expect((await leavers(args, { env: served.env })).code).toBe(75);
    expect(readFileSync(report, 'utf8').length).toBe(before);
    first.child.kill('SIGCONT');
    expect((await first.ended).code).toBe(0);
    expect(served.changes()).toHaveLength(30);
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
