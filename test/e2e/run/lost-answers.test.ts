// Answers that get lost, on both generations: calls that may have arrived are reported, settled by reading where that is possible, and an
// invitation or a group is never made twice.
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/sandbox/faults.ts';
import type { ActionName } from '../../../src/model.ts';
import { person, site } from '../../support/organization.ts';
import { allowAll, path, scenario, suspend } from '../../support/scenario.ts';

const role = { role: 'atlassian/user', resource: site };
/** A row of each action that changes something, and the path of its call. */
const rows: readonly (readonly [ActionName, object, string])[] = [
  ['suspend-user', { email: person(1).email }, 'suspend'],
  ['restore-user', { email: person(9).email }, 'restore'],
  ['remove-user', { email: person(1).email }, 'users/[^/]+$'],
  ['add-user-to-group', { email: person(1).email, groupName: 'group-1' }, 'memberships$'],
  ['remove-user-from-group', { email: person(1).email, groupName: 'group-0' }, 'memberships/'],
  ['delete-group', { groupName: 'group-2' }, 'groups/[^/]+$'],
  ['assign-group-roles', { groupName: 'group-1', roles: [role] }, 'assign'],
  ['grant-user-role', { email: person(1).email, ...role }, 'roles/assign'],
  ['invite-user', { email: 'new@example.com', sendNotification: false }, 'invite'],
  ['create-group', { groupName: 'alumni' }, 'directory/groups$|directories/[^/]+/groups$'],
];
const isCreation = (action: string) => action === 'invite-user' || action === 'create-group';

const company = (faults: readonly Fault[]) =>
  scenario({
    people: 10,
    change: ({ people }) => void Object.assign((people as object[])[9] ?? {}, { status: 'suspended' }),
    faults,
  });

/** Runs one row while its first call is lost, and once more with resume when the faults are over. */
async function loseOne([action, fields, where]: (typeof rows)[number], api: string, fault: Partial<Fault>) {
  const match = {
    path: where,
    method:
      /user$|from|delete/.test(action) && !/suspend|restore|invite|add/.test(action)
        ? ('DELETE' as const)
        : ('POST' as const),
  };
  const s = await company([{ match, times: 1, kind: 'reset', ...fault }]);
  const flags = ['--resume', '--api', api, '--timeout', '2s', ...allowAll];
  const first = await s.run([{ action, ...fields }], flags);
  const second = await s.run(first.manifest, flags, { report: first.report });
  return { s, first, second, ends: second.rows, [Symbol.asyncDispose]: () => s[Symbol.asyncDispose]() };
}

describe.each(['v1', 'v2'])('a call on %s', (api) => {
  it.each(rows)(
    '%s whose answer is lost after it was carried out is made good, and never made twice',
    async (...row) => {
      await using lost = await loseOne(row, api, { after: true });
      const [end] = lost.ends;
      expect(end).toMatchObject({ outcome: expect.stringMatching(/done|unknown/) as string, ambiguous: true });
      expect(lost.s.changes().filter(({ changed }) => changed)).toHaveLength(1);
      // What can be read is settled by reading, so that nobody has to look.
      expect(end?.['outcome']).toBe('done');
      expect(lost.second.code).toBe(0);
    },
  );

  it.each(rows)('%s that was lost on its way is made once, or left for a person to decide', async (...row) => {
    await using lost = await loseOne(row, api, { after: false });
    const done = lost.s.changes().length;
    if (isCreation(row[0]))
      expect([done, lost.ends[0]?.['outcome'], lost.first.code, lost.second.code]).toEqual([0, 'unknown', 3, 3]);
    else
      expect([done, lost.ends.at(-1)?.['outcome'], lost.ends.at(-1)?.['ambiguous'], lost.second.code]).toEqual([
        1,
        'done',
        true,
        0,
      ]);
  });
});

describe('an unknown row', () => {
  it('is sent again only when a person says so', async () => {
    await using s = await company([{ match: { path: 'invite' }, times: 1, kind: 'reset' }]);
    const row = { action: 'invite-user', email: 'new@example.com', sendNotification: false };
    const flags = ['--resume', ...allowAll];
    const { code, manifest, report, stdout } = await s.run([row], [...flags, '--quiet']);
    expect(code).toBe(3);
    const next = stdout.split('\n').find((line) => line.startsWith('Next'));
    expect(next).toMatch(/^Next {6}check 1 unconfirmed row in the organization, then: leavers run .* --retry-unknown$/);
    expect(next).not.toMatch(/--yes|--quiet/);
    // As long as nobody has looked, every later run says so.
    expect((await s.run(manifest, flags, { report })).code).toBe(3);
    expect(s.changes()).toEqual([]);
    const last = await s.run(manifest, [...flags, '--retry-unknown'], { report });
    expect(last.code).toBe(0);
    expect(s.changes()).toHaveLength(1);
    expect(last.rows.at(-1)).toMatchObject({ outcome: 'done', ambiguous: true });
  });
});

describe('an organization that is down', () => {
  it('stops the run within half a minute with 75, without a storm of calls, and resume makes everything', async () => {
    const faults: Fault[] = [{ match: { path: 'suspend' }, kind: 'status', status: 503 }];
    await using s = await scenario({ people: 40, faults });
    const { code, lines, manifest, report } = await s.run(40, ['--resume'], { speed: 20 });
    const calls = s.sandbox.ledger.filter(({ path: at }) => at.includes('suspend')).length;
    expect([code, lines.at(-1)]).toMatchObject([75, { event: 'run-end', outcome: 'stopped' }]);
    expect(calls).toBeLessThanOrEqual(44);
    expect(lines.at(-1)?.['seconds']).toBeLessThan(60);
    const control = s.env.ATLASSIAN_API_URL.replace(/\/admin$/, '/_sandbox/faults');
    await fetch(control, { method: 'POST', body: '[]', headers: { 'content-type': 'application/json' } });
    expect((await s.run(manifest, ['--resume'], { report })).code).toBe(0);
    expect(new Set(s.changes().map(({ path: at }) => at)).size).toBe(40);
  });
});

describe('the key', () => {
  const key = 'ATATT3xFfGF0-very-secret-key-0123456789';
  const kinds: readonly Fault[] = [
    { kind: 'status', status: 401 },
    { kind: 'status', status: 403, body: { message: `denied for Bearer ${key}` } },
    { kind: 'status', status: 500, body: `stack trace: Authorization: Bearer ${key}` },
    { kind: 'status', status: 307, headers: { location: `https://example.com/?key=${key}` } },
    { kind: 'html' },
    { kind: 'garbled' },
    { kind: 'reset' },
    { kind: 'truncate' },
  ];

  it.each(kinds)('is in no byte of any output under %j', async (fault) => {
    await using s = await scenario({ people: 3, key, faults: [{ ...fault, match: { path: 'suspend' } }] });
    const [metrics = '', html = ''] = ['m.prom', 'p.html'].map(path);
    const env = { ATLASSIAN_API_KEY: key };
    const flags = ['--verbose', '--retries', '1', '--timeout', '2s', '--metrics-file', metrics];
    const { stdout, stderr, report } = await s.run([0, 1, 2].map(suspend), flags, { env });
    await s.leavers(['report', report, '--html', html], { env });
    const all = [stdout, stderr, ...[report, metrics, html].map((at) => readFileSync(at, 'utf8'))].join('\n');
    expect(all.length).toBeGreaterThan(1000);
    expect(all).not.toContain(key);
  });
});

describe('a row that a broken run has sent', () => {
  it('stays marked ambiguous when it is left out afterwards, and undo names it', async () => {
    const leaves = ({ people }: Record<string, unknown>) =>
      void Object.assign((people as object[])[1] ?? {}, { claimed: false });
    await using s = await scenario({ people: 3, change: leaves });
    const { report, manifest } = await s.run([suspend(1)]);
    writeFileSync(report, `${readFileSync(report, 'utf8').split('\n').slice(0, 2).join('\n')}\n`);
    await s.run([{ action: 'remove-user', email: person(1).email }], allowAll);
    for (let time = 0; time < 2; time += 1) {
      const { rows: ended } = await s.run(manifest, ['--resume'], { report });
      expect(ended.at(-1)).toMatchObject({ outcome: 'skipped', reason: 'not-found', ambiguous: true });
    }
    expect((await s.leavers(['undo', report])).stderr).toMatch(/an earlier run sent it/);
  });
});
