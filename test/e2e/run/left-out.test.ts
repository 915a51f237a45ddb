// People on the list who keep their access: exit code 4 says so once, --accept and later runs do not, and old or short lists are refused.
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { file, manifest, newFolder, path, scenario, suspend } from '../../support/scenario.ts';
import { person } from '../../support/organization.ts';

const stranger = { action: 'suspend-user', email: 'nobody@example.com' };
const admin = (state: Record<string, unknown>) => {
  const [first] = state['people'] as Record<string, unknown>[];
  Object.assign(first ?? {}, { orgAdmin: true });
};

describe('people who are left out', () => {
  it('end a run with 4, are counted in its last line, and are named before everything else', async () => {
    await using s = await scenario({ people: 2 });
    const { code, lines, stdout } = await s.run([suspend(0), stranger]);
    expect([code, lines.at(-1)]).toMatchObject([4, { event: 'run-end', outcome: 'complete', leftOut: 1 }]);
    expect(stdout).toMatch(/! 1 × skipped: not-found; access was not ended\n +\S+:2 nobody@example\.com/);
    expect(stdout).toContain('1 row leaves a person with access that should have ended.');
  });

  it.each([
    ['on the protect list', 'protected', ['--protect', file('p.txt', `${person(1).email}\n`)], suspend(1)],
    ['named by an id and an e-mail of two people', 'mismatch', [], { ...suspend(1), accountId: person(0).accountId }],
    ['not in the directory', 'not-found', [], stranger],
  ])('who are %s end it with 4, and with 0 when %s is accepted', async (_, reason, flags, row) => {
    await using s = await scenario({ people: 2 });
    const refused = await s.run([row], flags);
    expect([refused.code, refused.outcomes]).toEqual([4, [reason]]);
    expect((await s.run([row], [...flags, '--accept', reason])).code).toBe(0);
    expect((await s.run([row], [...flags, '--accept', 'admin,blocked'])).code).toBe(4);
  });

  it('who are admins end it with 4', async () => {
    await using s = await scenario({ people: 2, change: admin });
    const { code, outcomes } = await s.run([suspend(0)]);
    expect([code, outcomes]).toEqual([4, ['admin']]);
  });

  it('are said once in a report that is continued, and again for another reason', async () => {
    await using s = await scenario({ people: 2 });
    const [m, report] = [manifest([suspend(0), stranger]), path('r.ndjson')];
    const codes: number[] = [];
    const protectedToo = ['--protect', file('p.txt', 'nobody@example.com\nother@example.com\n')];
    for (const flags of [[], [], []]) codes.push((await s.run(m, ['--resume', ...flags], { report })).code);
    expect(codes).toEqual([4, 0, 0]);
    const mine = manifest([suspend(1)]);
    expect((await s.run(mine, ['--resume', '--protect', file('q.txt', `${person(1).email}\n`)], { report })).code).toBe(
      4,
    );
    expect((await s.run(m, ['--resume', ...protectedToo], { report })).lines.at(-1)).toMatchObject({ leftOut: 1 });
  });

  it.each([
    ['of a row that gives access', [{ action: 'restore-user', email: 'nobody@example.com' }], []],
    ['of a row that only reads', [{ action: 'get-last-active', email: 'nobody@example.com' }], []],
    ['of a repeated row', [suspend(0), suspend(0)], []],
    ['of a dry run', [stranger], ['--dry-run']],
  ])('do not count because %s', async (_, rows, flags) => {
    await using s = await scenario({ people: 1 });
    expect((await s.run(rows, flags)).code).toBe(0);
  });

  it('yield to rows that failed', async () => {
    const fault = { match: { path: 'suspend' }, kind: 'status' as const, status: 403 };
    await using s = await scenario({ people: 2, faults: [fault] });
    expect((await s.run([suspend(0), stranger], ['--max-failures', '9'])).code).toBe(1);
  });

  it('are accepted by a job file', async () => {
    await using s = await scenario({ people: 1 });
    const job = file('job.json', JSON.stringify({ name: 'j', guards: { accept: ['not-found'] } }));
    expect((await s.run([stranger], ['--job', job])).code).toBe(0);
    const wrong = file('job.json', JSON.stringify({ name: 'j', guards: { accept: ['gone'] } }));
    expect((await s.run([stranger], ['--job', wrong])).code).toBe(65);
  });

  it('remove-user takes somebody who is gone as removed', async () => {
    await using s = await scenario({ people: 1 });
    const row = { action: 'remove-user', accountId: person(7).accountId };
    const { code, outcomes } = await s.run([row], ['--allow', 'remove-user']);
    expect([code, outcomes]).toEqual([0, ['already']]);
  });
});

describe('a list that is too short or too old', () => {
  it.each([
    ['--min-rows', '3', 78],
    ['--min-rows', '2', 0],
    ['--max-input-age', '26h', 0],
  ])('%s %s ends with %i', async (flag, value, code) => {
    await using s = await scenario({ people: 2 });
    const ended = await s.run(2, [flag, value]);
    expect([ended.code, s.changes().length]).toEqual([code, code === 0 ? 2 : 0]);
  });

  it('is refused by its age, and so is a pipe, whose age is unknown', async () => {
    await using s = await scenario({ people: 2 });
    const old = manifest(2);
    utimesSync(old, new Date(), new Date(Date.now() - 27 * 3_600_000));
    const { code, stderr } = await s.run(old, ['--max-input-age', '26h']);
    expect([code, stderr]).toEqual([78, expect.stringContaining('was written 27 h ago')]);
    const piped = await s.run('-', ['--max-input-age', '26h'], { stdin: readFileSync(old) });
    expect([piped.code, s.changes()]).toEqual([78, []]);
  });

  it('is refused when it has less than a share of the rows of the last run', async () => {
    await using s = await scenario({ people: 9 });
    const report = path('r.ndjson');
    const flags = ['--resume', '--min-rows', '80%'];
    expect((await s.run(5, flags, { report })).code).toBe(0);
    const short = await s.run(3, flags, { report });
    expect([short.code, short.stderr]).toEqual([78, expect.stringContaining('less than 80% of the 5')]);
    expect((await s.run(4, flags, { report })).code).toBe(0);
  });

  it('counts lines that the job excludes as well: a quiet day is not a truncated export', async () => {
    await using s = await scenario({ people: 9 });
    const input = { columns: { email: 'Mail' }, where: [{ column: 'Status', in: ['Left'] }] };
    const job = file('job.json', JSON.stringify({ name: 'j', input, steps: [{ action: 'suspend-user' }] }));
    const export3 = file('x.csv', 'Mail,Status\na@example.com,Here\nb@example.com,Here\nc@example.com,Here\n');
    expect((await s.run(export3, ['--job', job, '--min-rows', '3'])).code).toBe(0);
    expect((await s.run(export3, ['--job', job, '--min-rows', '4'])).code).toBe(78);
  });

  it('is compared with the last run of the same work, and a first run says that there is none', async () => {
    await using s = await scenario({ people: 9 });
    const folder = join(newFolder(), 'reports');
    const job = file('shares.json', JSON.stringify({ guards: { minRows: '80%' }, report: { folder } }));
    const daily = join(newFolder(), 'daily.ndjson');
    const go = (name: string, n: number) => {
      writeFileSync(daily, readFileSync(manifest(n)));
      return s.leavers([name, daily, '--job', job, ...(name === 'run' ? ['--yes'] : [])]);
    };
    expect((await go('run', 5)).stderr).toContain('--min-rows 80% was not checked');
    expect([(await go('run', 3)).code, (await go('plan', 3)).code]).toEqual([78, 78]);
    expect([(await go('plan', 4)).code, (await go('run', 4)).code]).toEqual([0, 0]);
  });

  it('is refused by plan as well', async () => {
    await using s = await scenario({ people: 2 });
    expect((await s.leavers(['plan', manifest(2), '--min-rows', '3'])).code).toBe(78);
    expect((await s.leavers(['plan', manifest(2), '--min-rows', '3', '--offline'])).code).toBe(78);
  });
});
