// The spine, as users run it: every action on both generations over a socket, a run stopped and resumed, guards, exit codes.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type ActionName, actionNames, type Fields, type Generation } from '../../../src/model.ts';
import { group, person, serveCompany, site } from '../../support/organization.ts';
import { folder, leavers, ndjson, start } from '../../support/spawn.ts';
import { sentOf, wire } from '../../contract/wire.ts';

const home = folder();
afterAll(() => home[Symbol.dispose]());
let files = 0;
const file = (name: string) => join(home.path, `${(files += 1)}-${name}`);

function manifest(rows: readonly object[]): string {
  const path = file('manifest.ndjson');
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return path;
}

const role = { role: 'atlassian/user', resource: site };

/** A row of each action, and what must have taken effect in the organization. */
const rows: Readonly<Record<ActionName, Fields>> = {
  'get-last-active': { email: person(1).email },
  'suspend-user': { email: person(1).email },
  'restore-user': { accountId: person(9).accountId },
  'remove-user': { email: person(1).email },
  'invite-user': { email: 'new@example.com', sendNotification: false },
  'create-group': { groupName: 'alumni', description: 'People who left' },
  'delete-group': { groupName: 'group-2' },
  'add-user-to-group': { email: person(1).email, groupName: 'group-1' },
  'remove-user-from-group': { email: person(1).email, groupId: group(0).groupId },
  'assign-group-roles': { groupName: 'group-1', roles: [role, { ...role, role: 'atlassian/admin' }] },
  'revoke-group-roles': { groupName: 'group-0', roles: [role] },
  'grant-user-role': { email: person(1).email, ...role },
  'revoke-user-role': { email: person(2).email, ...role },
};

const company = () =>
  serveCompany({
    people: 10,
    change: (state) => {
      const people = state['people'] as Record<string, unknown>[];
      (people[9] as Record<string, unknown>)['status'] = 'suspended';
      (people[2] as Record<string, unknown>)['roles'] = [role];
      ((state['groups'] as Record<string, unknown>[])[0] as Record<string, unknown>)['roles'] = [role];
    },
  });

const allow = ['remove-user', 'invite-user', 'delete-group'].flatMap((name) => ['--allow', name]);

describe.each(['v1', 'v2'] as const)('on %s', (generation: Generation) => {
  it.each(actionNames)('%s runs, is reported, and a second run has nothing to do', async (action) => {
    await using served = await company();
    const [path, report] = [manifest([{ action, ...rows[action] }]), file('report.ndjson')];
    const args = ['run', path, '--report', report, '--api', generation, '--yes', ...allow];
    const first = await leavers(args, { env: served.env });
    expect(sentOf(served.sandbox.ledger)).toEqual(wire[action][generation]);
    expect(ndjson(report).find(({ event }) => event === 'row')).toMatchObject({
      action,
      outcome: 'done',
      ambiguous: false,
    });
    expect(first.code).toBe(0);
    const calls = served.changes().length;
    if (action !== 'get-last-active') expect(calls).toBeGreaterThan(0);
    expect((await leavers([...args, '--resume'], { env: served.env })).code).toBe(0);
    expect(served.changes()).toHaveLength(calls);
  });

  it('uses a group by the name that an earlier row gave it, and blocks what needs a group that could not be made', async () => {
    await using served = await company();
    const path = manifest([
      { action: 'create-group', groupName: 'alumni' },
      { action: 'add-user-to-group', email: person(1).email, groupName: 'Alumni' },
    ]);
    const report = file('report.ndjson');
    const { code } = await leavers(['run', path, '--report', report, '--api', generation, '--yes'], {
      env: served.env,
    });
    expect(code).toBe(0);
    expect(
      ndjson(report)
        .filter(({ event }) => event === 'row')
        .map(({ outcome }) => outcome),
    ).toEqual(['done', 'done']);
    const alumni = served.sandbox.state().groups.find(({ name }) => name === 'alumni');
    expect(served.sandbox.state().people[1]?.groups).toContain(alumni?.id);
  });
});

describe('a run that is stopped', () => {
  it('by SIGTERM finishes what is open, and resume makes each of 300 changes exactly once', async () => {
    await using served = await serveCompany({ people: 300 });
    const path = manifest(Array.from({ length: 300 }, (_, n) => ({ action: 'suspend-user', email: person(n).email })));
    const report = file('report.ndjson');
    const args = ['run', path, '--report', report, '--yes', '--rate', '60/s'];
    const run = start(args, { env: served.env });
    while (served.changes().length < 40) await new Promise((wake) => setTimeout(wake, 10));
    run.child.kill('SIGTERM');
    expect(await run.ended).toMatchObject({ code: 143 });
    expect(ndjson(report).at(-1)).toMatchObject({ event: 'run-end', outcome: 'interrupted' });
    expect(served.changes().length).toBeLessThan(300);
    expect((await leavers([...args, '--resume'], { env: { ...served.env } })).code).toBe(0);
    const changed = served.changes().map(({ path: where }) => where);
    expect(changed).toHaveLength(300);
    expect(new Set(changed).size).toBe(300);
  });
});

describe('guards refuse before anything is sent', () => {
  const cases: readonly [string, readonly object[], readonly string[], number][] = [
    ['without a yes off a terminal', [{ action: 'suspend-user', email: person(1).email }], [], 78],
    ['an irreversible action that is not allowed', [{ action: 'remove-user', email: person(1).email }], ['--yes'], 78],
    [
      'more changes than allowed',
      [1, 2, 3].map((n) => ({ action: 'suspend-user', email: person(n).email })),
      ['--yes', '--max-changes', '2'],
      78,
    ],
    [
      'more than a percentage',
      [1, 2, 3].map((n) => ({ action: 'suspend-user', email: person(n).email })),
      ['--yes', '--max-changes', '20%'],
      78,
    ],
    ['an invalid row', [{ action: 'suspend-user', email: 'jo@' }], ['--yes'], 65],
    [
      'a contradiction',
      ['suspend-user', 'restore-user'].map((action) => ({ action, email: person(1).email })),
      ['--yes'],
      65,
    ],
    ['an unknown flag', [{ action: 'suspend-user', email: person(1).email }], ['--yes', '--dri-run'], 64],
    ['a rate of nothing', [{ action: 'suspend-user', email: person(1).email }], ['--yes', '--rate', '0'], 64],
  ];

  it.each(cases)('%s', async (_, given, flags, expected) => {
    await using served = await company();
    const report = file('report.ndjson');
    const { code, stderr } = await leavers(['run', manifest(given), '--report', report, ...flags], { env: served.env });
    expect({ code, sentence: stderr.trim().split('\n').at(-1) }).toMatchObject({
      code: expected,
      sentence: expect.stringMatching(/\w/) as string,
    });
    expect(served.changes()).toEqual([]);
    expect(existsSync(report)).toBe(false);
  });

  it('an existing report is never overwritten', async () => {
    await using served = await company();
    const report = file('report.ndjson');
    writeFileSync(report, 'mine');
    const { code } = await leavers(
      ['run', manifest([{ action: 'suspend-user', email: person(1).email }]), '--report', report, '--yes'],
      { env: served.env },
    );
    expect(code).toBe(73);
    expect(served.changes()).toEqual([]);
  });

  it('a key that the organization refuses ends with 77 after one call', async () => {
    await using served = await company();
    const env = { ...served.env, ATLASSIAN_API_KEY: 'wrong' };
    const { code, stderr } = await leavers(
      ['run', manifest([{ action: 'suspend-user', email: person(1).email }]), '--report', file('r.ndjson'), '--yes'],
      { env },
    );
    expect(code).toBe(77);
    expect(stderr).not.toContain('wrong');
    expect(served.sandbox.ledger).toHaveLength(1);
  });

  it('v1 on an organization that serves v2 only ends with 78 and names the flag', async () => {
    await using served = await serveCompany({ people: 2 }, { generations: ['v2'] });
    const path = manifest([{ action: 'suspend-user', accountId: person(1).accountId }]);
    const { code, stderr } = await leavers(['run', path, '--report', file('r.ndjson'), '--yes', '--api', 'v1'], {
      env: served.env,
    });
    expect(code).toBe(78);
    expect(stderr).toContain('--api v2');
  });
});

describe('protection', () => {
  it('skips organization admins, people on the list and whoever runs it', async () => {
    await using served = await serveCompany({
      people: 4,
      change: (state) =>
        void (((state['people'] as Record<string, unknown>[])[1] as Record<string, unknown>)['orgAdmin'] = true),
    });
    const list = file('protect.txt');
    writeFileSync(list, `${person(2).email.toUpperCase()}\n`);
    const path = manifest([0, 1, 2, 3].map((n) => ({ action: 'suspend-user', email: person(n).email })));
    const report = file('report.ndjson');
    const { code } = await leavers(
      ['run', path, '--report', report, '--yes', '--protect', list, '--operator', person(3).email],
      { env: served.env },
    );
    expect(code).toBe(0);
    // Rows without a call are on disk before those with one; the manifest's order is in `row`.
    const lines = ndjson(report)
      .filter(({ event }) => event === 'row')
      .toSorted((a, b) => Number(a['row']) - Number(b['row']));
    const ends = lines.map(({ outcome, reason }) => reason ?? outcome);
    expect(ends).toEqual(['done', 'admin', 'protected', 'protected']);
  });
});
