// A manifest that was edited between two runs: rows are matched by what they are, and what changed is said before anything is sent.
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { person, site } from '../../support/organization.ts';
import { leavers, leaversAt } from '../../support/in-process.ts';
import { desk, outcomesOf, path, scenario } from '../../support/scenario.ts';

type Row = Readonly<Record<string, unknown>>;
const suspend = (n: number, more: Row = {}): Row => ({ action: 'suspend-user', email: person(n).email, ...more });
const write = (file: string, rows: readonly Row[]) =>
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));

/** Two runs of one report, over the manifest as it was and as it is. */
async function twice(before: readonly Row[], after: readonly Row[]) {
  const s = await scenario({ people: 12 });
  const [manifest, report] = [path('m.ndjson'), path('r.ndjson')];
  const args = ['run', manifest, '--report', report, '--yes', '--resume'];
  write(manifest, before);
  await s.leavers(args);
  const first = s.changes().length;
  write(manifest, after);
  const { code, stderr } = await s.leavers(args);
  return { code, stderr, first, s, report, [Symbol.asyncDispose]: () => s[Symbol.asyncDispose]() };
}

describe('a manifest edited between runs', () => {
  it.each([
    ['is as it was', [0, 1, 2], [0, 1, 2], 0, undefined],
    ['is in another order', [0, 1, 2], [2, 0, 1], 0, undefined],
    ['is longer', [0, 1], [0, 1, 2, 3], 2, '2 rows added, 0 removed, 0 changed'],
    ['is shorter', [0, 1, 2, 3], [1, 3], 0, '0 rows added, 2 removed, 0 changed'],
    ['is another one', [0, 1], [2, 3, 4], 3, '3 rows added, 2 removed, 0 changed'],
  ])('that %s runs what is new, and says it', async (_, before, after, calls, words) => {
    await using runs = await twice(
      before.map((n) => suspend(n)),
      after.map((n) => suspend(n)),
    );
    expect([runs.code, runs.s.changes().length - runs.first]).toEqual([0, calls]);
    if (words === undefined) expect(runs.stderr).not.toContain('the manifest changed');
    else expect(runs.stderr).toContain(`the manifest changed since this report was written: ${words}`);
  });

  it('whose row gives another role is reported as changed, and one that is postponed is the same row', async () => {
    const grant = (role: string): Row => ({
      ...suspend(1),
      action: 'grant-user-role',
      role: `atlassian/${role}`,
      resource: site,
    });
    await using runs = await twice(
      [grant('user'), suspend(2, { notBefore: '2100-01-01' })],
      [grant('admin'), suspend(2, { notBefore: '2100-02-02' })],
    );
    expect([runs.code, runs.stderr]).toEqual([0, expect.stringContaining('0 rows added, 0 removed, 1 changed')]);
  });

  it('with the same row twice runs it once, whatever is inserted between', async () => {
    await using runs = await twice([suspend(0), suspend(0)], [suspend(0), suspend(5), suspend(0)]);
    expect(runs.s.changes()).toHaveLength(2);
    const ends = outcomesOf(runs.report);
    expect(ends.filter((end) => end === 'duplicate').length).toBeGreaterThanOrEqual(1);
  });
});

describe('a report whose row was postponed', () => {
  it('gives a retry with the date that the row had last', async () => {
    await using runs = await twice(
      [suspend(1, { notBefore: '2100-01-01' })],
      [suspend(1, { notBefore: '2100-02-02' })],
    );
    const { stdout } = await leavers(['report', runs.report, '--retry', '-']);
    expect(stdout).toContain('2100-02-02');
    expect(stdout).not.toContain('2100-01-01');
  });
});

describe('a manifest that was not edited', () => {
  it('is not called changed because the previous run was not finished', async () => {
    await using s = await scenario({ people: 12 });
    const [manifest, report] = [path('m.ndjson'), path('r.ndjson')];
    write(
      manifest,
      Array.from({ length: 12 }, (_, n) => suspend(n)),
    );
    const args = ['run', manifest, '--report', report, '--yes', '--resume'];
    const first = await s.leavers([...args, '--rate', '10/s', '--max-duration', '1s']);
    const second = await s.leavers(args);
    expect([first.code, second.code, s.changes().length]).toEqual([75, 0, 12]);
    expect(second.stderr).not.toContain('the manifest changed');
  });
});

describe('somebody who was suspended, came back, and leaves again', () => {
  const date = (day: number) => new Date(Date.UTC(2026, 2, day)).toISOString().slice(0, 10);

  /** Runs the row with such a last day on each of the days, after the person was restored; what each night changed, and said last. */
  async function again(lastDay: number, days: readonly number[], { after = lastDay, change = suspend } = {}) {
    await using s = await scenario({ people: 3 });
    const [manifest, back, report] = [path('m.ndjson'), path('back.ndjson'), path('r.ndjson')];
    const run = (day: number, file: string, ...flags: readonly string[]) =>
      leaversAt(Date.UTC(2026, 2, day, 1), ['run', file, '--yes', '--allow', 'invite-user', ...flags], {
        env: s.env,
        cwd: desk,
      });
    write(manifest, [change(1, { notBefore: date(2) })]);
    await run(3, manifest, '--report', report, '--resume');
    write(back, [{ ...suspend(1), action: 'restore-user' }]);
    await run(4, back, '--report', path('r.ndjson'));
    write(manifest, [change(1, { notBefore: date(lastDay) })]);
    const nights: [changes: number, stderr: string][] = [];
    for (const day of days) {
      const before = s.changes().length;
      const { stderr } = await run(day, manifest, '--report', report, '--resume');
      write(manifest, [change(1, { notBefore: date(after) })]);
      nights.push([s.changes().length - before, stderr]);
    }
    return { nights, report };
  }

  it('is held until the new last day, suspended after it, and once', async () => {
    const { nights, report } = await again(20, [10, 21, 22]);
    expect(nights.map(([changes]) => changes)).toEqual([0, 1, 0]);
    expect(nights[0]?.[1]).toContain('1 row was done before the date that the manifest has now');
    // The evidence for auditors shows the last day that holds now.
    const { stdout } = await leavers(['report', report, '--evidence', '-']);
    expect(stdout).toMatch(/,2026-03-20T[^,]*,2026-03-21T/);
  });

  it('is suspended when the new last day is entered after it has passed', async () => {
    expect((await again(20, [25, 26])).nights.map(([changes]) => changes)).toEqual([1, 0]);
  });

  it('stays active when the new last day is withdrawn while the row is held', async () => {
    expect((await again(20, [10, 11, 12], { after: 2 })).nights.map(([changes]) => changes)).toEqual([0, 0, 0]);
  });

  it.each([
    [2, false],
    [3, false],
    [4, true],
    [6, true],
  ])('is left to a person, with a notice, when the new last day is March %i: %s', async (day, isTold) => {
    const [[changes, stderr] = []] = (await again(day, [10])).nights;
    expect([changes, stderr?.includes('1 row was done up to 3 days before the date')]).toEqual([0, isTold]);
  });

  it.each([1, 2, 5])('stays active when the last day is the same or moves to March %i by another zone', async (day) => {
    expect((await again(day, [10])).nights.map(([changes]) => changes)).toEqual([0]);
  });

  it('is not invited a second time because the first day was moved', async () => {
    const invite = (n: number, more: Row = {}) => ({
      ...suspend(n),
      ...more,
      action: 'invite-user',
      role: 'atlassian/user',
      resource: site,
    });
    expect((await again(20, [10, 21], { change: invite })).nights.map(([changes]) => changes)).toEqual([0, 0]);
  });
});
