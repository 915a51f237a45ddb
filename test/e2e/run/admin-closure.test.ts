// An organization admin who leaves: the role first, then everything else, in one run; never the last admin, never the operator.
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/sandbox/faults.ts';
import { group, person } from '../../support/organization.ts';
import { scenario } from '../../support/scenario.ts';

/** People 1 to `admins` are organization admins. */
const company = (admins: number, faults: readonly Fault[] = []) =>
  scenario({
    people: 5,
    faults,
    change: ({ people }) => {
      for (let n = 1; n <= admins; n += 1) Object.assign((people as object[])[n] ?? {}, { orgAdmin: true });
    },
  });

const closure = (n: number) => [
  { action: 'revoke-user-role', email: person(n).email, role: 'atlassian/org-admin' },
  { action: 'suspend-user', email: person(n).email },
];
const included = ['--include-admins', '--api', 'v2'];

/** Refuses the suspension as long as the end of the role has not taken effect. */
const stillAdmin = (times: number): Fault => ({
  match: { path: 'suspend' },
  times,
  kind: 'status',
  status: 400,
  body: { errors: [{ code: 'ADMIN-UAM-400-1', title: 'Bad request', detail: 'The user is an organization admin' }] },
});

describe('an organization admin who leaves', () => {
  it('loses the role and is suspended in one run, once the end of the role has taken effect', async () => {
    await using s = await company(2, [stillAdmin(3)]);
    const { code, outcomes, rows } = await s.run(closure(1), included, { speed: 50 });
    expect([code, outcomes]).toEqual([0, ['done', 'done']]);
    expect(rows[1]).toMatchObject({ attempts: 4, ambiguous: false });
    expect(s.sandbox.state().people[1]).toMatchObject({ orgAdmin: false, status: 'suspended' });
  });

  it('is waited for a minute at most', async () => {
    await using s = await company(2, [stillAdmin(100)]);
    const { code, outcomes } = await s.run(closure(1), included, { speed: 50 });
    expect([code, outcomes]).toEqual([1, ['done', 'failed']]);
    expect(s.sandbox.ledger.filter(({ path }) => path.includes('suspend')).length).toBeLessThan(16);
  });

  it('is left out without --include-admins, and a person without the role needs no call for it', async () => {
    await using s = await company(2);
    const { code, outcomes } = await s.run([...closure(1), ...closure(3)], ['--api', 'v2']);
    expect([code, outcomes]).toEqual([4, ['admin', 'admin', 'already', 'done']]);
  });

  it.each(['suspend-user', 'remove-user', 'deactivate-user'])(
    'is never left without a successor by %s',
    async (action) => {
      await using s = await company(2);
      const rows = [1, 2].map((n) => ({ action, email: person(n).email }));
      const { outcomes, rows: ended } = await s.run(rows, [...included, '--allow', action], { speed: 50 });
      expect(outcomes[1]).toBe('admin');
      expect(ended[1]?.['message']).toContain('the last active organization admin');
    },
  );

  it('keeps the role when nobody else has it, and when that can not be told', async () => {
    await using s = await company(1);
    expect((await s.run(closure(1), included)).outcomes).toEqual(['admin', 'admin']);
    expect((await s.run(closure(1), ['--include-admins', '--api', 'v1'])).outcomes[0]).toBe('admin');
    expect(s.changes()).toEqual([]);
  });

  it.each(['atlassian/org-admin', 'org-admin'])(
    'keeps the role %s of the only admin also where the API ignores the filter and shows everybody',
    async (role) => {
      const entry = (n: number, platformRoles: string[]) => ({ ...person(n), status: 'active', platformRoles });
      const body = { data: [entry(1, [role]), entry(2, []), entry(3, [])] };
      await using s = await company(1, [{ match: { body: 'roleIds' }, kind: 'status', status: 200, body }]);
      expect((await s.run(closure(1), included)).outcomes).toEqual(['admin', 'admin']);
      expect(s.changes()).toEqual([]);
    },
  );

  it('stays in the group that makes the last admin, and leaves other groups', async () => {
    await using s = await scenario({
      people: 3,
      change: ({ people, groups }) => {
        const role = { role: 'atlassian/org-admin', resource: 'ari:cloud:platform::org/1' };
        Object.assign((groups as object[])[1] ?? {}, { roles: [role] });
        for (const each of (people as { groups: string[] }[]).slice(1)) each.groups.push(group(1).groupId);
      },
    });
    const leave = (n: number, groupName: string) => ({
      action: 'remove-user-from-group',
      email: person(n).email,
      groupName,
    });
    const rows = [leave(1, 'group-1'), leave(2, 'group-1'), leave(2, 'group-0')];
    expect((await s.run(rows, included)).outcomes).toEqual(['done', 'admin', 'done']);
  });

  it('is never the operator', async () => {
    await using s = await company(2);
    const { outcomes } = await s.run(closure(1), [...included, '--operator', person(1).email]);
    expect([outcomes, s.changes()]).toEqual([['protected', 'protected'], []]);
  });
});
