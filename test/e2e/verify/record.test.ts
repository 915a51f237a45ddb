// verify --record: findings stand behind the end of a run, in the chain, and every reader of a report accepts them.
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lockReport } from '../../../src/report/journal/lock.ts';
import { world } from '../../support/context.ts';
import { group, person, site } from '../../support/organization.ts';
import { file, type Ran, type Scenario, scenario, suspend } from '../../support/scenario.ts';
import { ndjson } from '../../support/spawn.ts';

const role = { role: 'atlassian/user', resource: site };
const rows = [suspend(0), { action: 'remove-user-from-group', email: person(1).email, groupName: 'group-0' }];
const company = () =>
  scenario({
    people: 3,
    change: (state) => void Object.assign((state['people'] as object[])[0] ?? {}, { roles: [role] }),
  });
const record = (s: Scenario, report: string, ...flags: string[]) =>
  s.leavers(['verify', report, '--record', ...flags], { speed: 50 });
const findings = (report: string) => ndjson(report).filter(({ event }) => event === 'verification');
const restore = (s: Scenario) => s.run([{ action: 'restore-user', email: person(0).email }]);

describe('verify --record', () => {
  it.each(['v1', 'v2'])('appends a finding for each row on %s, with all its fields', async (api) => {
    await using s = await company();
    const { report } = await s.run(rows, ['--api', api]);
    const { code } = await record(s, report, '--live', '--audit-log', '--api', api);
    expect(code).toBe(0);
    const event = { id: expect.any(String), time: expect.any(String), actor: 'leavers (key of key.owner@example.com)' };
    const roles = api === 'v2' ? [`${role.role}@${site}`] : null;
    const open = { groups: ['group-0'], roles, apiTokens: 0, admin: api === 'v2' ? false : null };
    expect(findings(report)).toMatchObject([
      { state: 'as-reported', seen: 'suspended', auditEvent: { ...event, action: 'user_access_suspended' }, open },
      { state: 'as-reported', seen: 'not a member', auditEvent: { action: 'group_member_removed' }, open: null },
    ]);
  });

  it('says what differs, and nothing of the state when only the log was asked', async () => {
    await using s = await company();
    const { report } = await s.run(rows);
    await restore(s);
    expect((await record(s, report, '--live')).code).toBe(65);
    expect((await record(s, report, '--audit-log')).code).toBe(0);
    expect(findings(report).map(({ state, seen, auditEvent }) => [state, seen, auditEvent === null])).toEqual([
      ['as-reported', 'not a member', true],
      ['differs', 'active', true],
      ['unknown', null, false],
      ['unknown', null, false],
    ]);
  });

  it('keeps the chain and the seal of the run, and prints one that covers the findings', async () => {
    await using s = await company();
    const ran = await s.run(rows);
    const { stderr } = await record(s, ran.report, '--live');
    const verify = (head: string) => s.leavers(['verify', ran.report, '--head', head]);
    const [seal, covers] = [ran, { stderr }].map(({ stderr: text }) => /sha256:[0-9a-f]{32}/.exec(text)?.[0] ?? '');
    expect(await verify(seal ?? '')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/intact, complete[^]*2 lines were appended after it/) as string,
    });
    expect((await verify(covers ?? '')).stdout).toContain('0 lines were appended');
  });

  it('leaves the report as it is for run --resume, undo and report', async () => {
    await using s = await company();
    const ran = await s.run(rows);
    const read = async ({ report }: Ran) =>
      (await Promise.all([s.leavers(['undo', report]), s.leavers(['report', report])])).map(({ stdout }) => stdout);
    const before = await read(ran);
    await record(s, ran.report, '--live', '--audit-log');
    expect(await read(ran)).toEqual(before);
    const calls = s.changes().length;
    const again = await s.run(ran.manifest, ['--resume'], { report: ran.report });
    expect([again.code, s.changes().length]).toEqual([0, calls]);
    expect((await s.leavers(['verify', ran.report])).code).toBe(0);
  });

  it('does not make an incomplete report complete', async () => {
    await using s = await company();
    const { report } = await s.run(rows);
    const lines = readFileSync(report, 'utf8').trimEnd().split('\n');
    const open = file('open.ndjson', `${lines.slice(0, -1).join('\n')}\n`);
    expect((await record(s, open, '--live')).code).toBe(75);
    expect([findings(open).length, (await s.leavers(['verify', open])).code]).toEqual([2, 75]);
  });

  it('writes nothing to a broken report, and nothing to one that a run holds', async () => {
    await using s = await company();
    const { report } = await s.run(rows);
    const broken = file('broken.ndjson', readFileSync(report, 'utf8').replace('person1', 'person2'));
    expect((await record(s, broken, '--live')).code).toBe(65);
    const lock = await lockReport(report, world());
    expect((await record(s, report, '--live')).code).toBe(75);
    await lock.release();
    expect([findings(broken), findings(report)]).toEqual([[], []]);
  });

  it('writes each finding to the report that has its row', async () => {
    await using s = await company();
    const [one, two] = [await s.run([suspend(0)]), await s.run([suspend(1)])];
    await record(s, two.report, one.report, '--audit-log');
    expect([one, two].map(({ report }) => findings(report).map(({ key }) => key))).toEqual(
      [one, two].map((ran) => [ran.rows[0]?.['key']]),
    );
  });

  it('leaves a torn finding to --resume, which cuts it off', async () => {
    await using s = await company();
    const ran = await s.run(rows);
    await record(s, ran.report, '--live');
    writeFileSync(ran.report, readFileSync(ran.report, 'utf8').slice(0, -20));
    expect((await s.run(ran.manifest, ['--resume'], { report: ran.report })).code).toBe(0);
    expect([findings(ran.report).length, (await s.leavers(['verify', ran.report])).code]).toEqual([1, 0]);
  });

  it('finds the groups of a person by name', async () => {
    await using s = await scenario({
      people: 1,
      change: (state) => void (state['people'] as { groups: string[] }[])[0]?.groups.push(group(1).groupId),
    });
    const { report } = await s.run(1);
    await record(s, report, '--live');
    expect(findings(report)).toMatchObject([{ open: { groups: ['group-0', 'group-1'] } }]);
  });
});
