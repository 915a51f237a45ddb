// verify --audit-log: what the organization's own log says about each change, under delay, doubled, foreign and missing events.
import { describe, expect, it } from 'vitest';
import type { AuditTrouble } from '../../../src/sandbox/audit-log.ts';
import { org, person, site } from '../../support/organization.ts';
import { allowAll, type Scenario, scenario, suspend } from '../../support/scenario.ts';

/** JSON that has no text. */
const wordless = { toString: 1 };
const generations = ['v1', 'v2'] as const;
const role = { role: 'atlassian/user', resource: site };

/** One row of each action that changes something. */
const mixed = [
  { action: 'suspend-user', email: person(1).email },
  { action: 'restore-user', email: person(2).email },
  { action: 'remove-user', email: person(3).email },
  { action: 'invite-user', email: 'new@example.com' },
  { action: 'create-group', groupName: 'alumni' },
  { action: 'delete-group', groupName: 'group-2' },
  { action: 'add-user-to-group', email: person(4).email, groupName: 'alumni' },
  { action: 'remove-user-from-group', email: person(4).email, groupName: 'group-0' },
  { action: 'assign-group-roles', groupName: 'group-1', roles: [role] },
  { action: 'revoke-group-roles', groupName: 'group-3', roles: [role] },
  { action: 'grant-user-role', email: person(4).email, ...role },
  { action: 'revoke-user-role', email: person(5).email, ...role },
  { action: 'deactivate-user', email: person(0).email },
  { action: 'reactivate-user', email: person(6).email },
  { action: 'revoke-api-tokens', email: person(1).email },
];

function prepare(state: Record<string, unknown>): void {
  const [people, groups] = [state['people'], state['groups']] as [object[], object[]];
  Object.assign(people[2] ?? {}, { status: 'suspended' });
  Object.assign(people[5] ?? {}, { roles: [role] });
  Object.assign(people[6] ?? {}, { status: 'deactivated' });
  const createdAt = '2026-01-02T03:04:05Z';
  Object.assign(people[1] ?? {}, { apiTokens: ['ci', 'laptop'].map((id) => ({ id, label: id, createdAt })) });
  Object.assign(groups[3] ?? {}, { roles: [role] });
}

const company = (trouble: (subject: string) => AuditTrouble | undefined = () => undefined) =>
  scenario({ people: 7, groups: 4, change: prepare, audit: { trouble } });
const about = (n: number, trouble: AuditTrouble) => (subject: string) =>
  subject === person(n).accountId ? trouble : undefined;
const verify = (s: Scenario, report: string, ...flags: string[]) =>
  s.leavers(['verify', report, '--audit-log', ...flags], { speed: 50 });

describe('verify --audit-log', () => {
  it.each(generations)('confirms a change of every action on %s, and names who made it', async (api) => {
    await using s = await company();
    const { report } = await s.run(mixed, ['--api', api, ...allowAll]);
    const { code, stdout } = await verify(s, report, '--api', api, '--key-label', 'leavers');
    expect(stdout).toContain('15 changes confirmed by the audit log, 0 by another actor, 0 not found.');
    expect([code, stdout]).toEqual([0, expect.stringContaining('Actors: leavers (key of key.owner@example.com): 15')]);
  });

  it.each<[AuditTrouble, number, RegExp]>([
    ['doubled', 0, /2 changes confirmed by the audit log, 0 by another actor, 0 not found/],
    ['missing', 65, /:2: suspend-user person1@\S+: not found in the audit log yet; .*\n1 change confirmed/],
    ['foreign', 65, /:2: suspend-user person1@\S+: by another actor, another\.admin@example\.com \(event/],
  ])('tells a %s event', async (trouble, expected, words) => {
    await using s = await company(about(1, trouble));
    const { report } = await s.run(2);
    const { code, stdout } = await verify(s, report, '--key-label', 'leavers');
    expect([code, stdout]).toEqual([expected, expect.stringMatching(words)]);
  });

  it('takes every actor without --key-label, and names them', async () => {
    await using s = await company(about(1, 'foreign'));
    const { report } = await s.run(2);
    const { code, stdout } = await verify(s, report);
    expect([code, stdout]).toEqual([0, expect.stringContaining('2 changes confirmed')]);
    expect(stdout).toMatch(/Actors: leavers \(key of .*\): 1, another\.admin@example\.com: 1/);
  });

  it('finds an event that is processed late, once it is there', async () => {
    let passed = 0;
    const clock = { now: () => Date.now() + passed };
    await using s = await scenario({ people: 1, clock, audit: { delayMs: 600_000 } });
    const { report } = await s.run(1);
    expect(await verify(s, report)).toMatchObject({ code: 65, stdout: expect.stringContaining('not found') as string });
    passed = 600_000;
    expect(await verify(s, report)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 change confirmed') as string,
    });
  });

  it('reads the log to its end, past what others did', async () => {
    await using s = await scenario({ people: 2 });
    const headers = { authorization: 'Bearer sandbox', 'content-type': 'application/json' };
    const users = `http://sandbox/admin/v1/orgs/${org}/directory/users/${person(1).accountId}`;
    for (let n = 0; n < 505; n += 1)
      await s.sandbox.fetch(
        new Request(`${users}/${n % 2 === 0 ? 'suspend' : 'restore'}-access`, { method: 'POST', headers, body: '{}' }),
      );
    const { report } = await s.run(1);
    expect((await verify(s, report)).stdout).toContain('1 change confirmed');
    expect(s.sandbox.ledger.filter(({ path }) => path.endsWith('/events-stream'))).toHaveLength(3);
  });

  it('does not take an event of another time for the one of the run', async () => {
    let passed = 0;
    const clock = { now: () => Date.now() + passed };
    await using s = await scenario({ people: 1, clock });
    passed = -3_600_000;
    const { report } = await s.run(1);
    passed = 0;
    expect((await verify(s, report)).stdout).toContain('1 not found');
  });

  it.each([403, 404])('ends with 77 when the log is answered with %i', async (status) => {
    await using s = await scenario({ people: 1, faults: [{ match: { path: '/event' }, kind: 'status', status }] });
    const { report } = await s.run(1);
    const { code, stderr } = await verify(s, report);
    expect([code, stderr]).toEqual([77, expect.stringMatching(/the audit log may not be read.*read:events:admin/)]);
  });

  it.each([
    ['the same page again and again', { data: [{ id: 'x', attributes: {} }], meta: { next: 'x' } }, 75],
    [
      'odd events',
      {
        data: [
          null,
          7,
          {},
          { id: 'x', attributes: { time: 'noon', context: [null] } },
          {
            id: 'y',
            attributes: {
              time: '2026-01-01T00:00:00Z',
              action: wordless,
              actor: { id: wordless },
              context: [{ type: wordless, id: 5 }],
            },
          },
        ],
        meta: {},
      },
      65,
    ],
    ['no list', { data: 'none' }, 75],
  ])('survives %s', async (_, body, expected) => {
    await using s = await scenario({
      people: 1,
      faults: [{ match: { path: 'events-stream' }, kind: 'status', status: 200, body }],
    });
    const { report } = await s.run(1);
    expect((await verify(s, report)).code).toBe(expected);
  });

  it('gives all of it as JSON', async () => {
    await using s = await company(about(1, 'missing'));
    const { report } = await s.run(2);
    const { audit } = JSON.parse((await verify(s, report, '--json')).stdout) as { audit: object };
    expect(audit).toMatchObject({
      confirmed: [{ row: 1, action: 'suspend-user', event: { action: 'user_access_suspended' } }],
      notFound: [{ row: 2, who: person(1).email }],
      byOthers: [],
    });
  });

  it.each([['--record'], ['--key-label', 'x']])('refuses %s alone', async (...flags) => {
    await using s = await scenario({ people: 1 });
    const { report } = await s.run(1);
    expect((await s.leavers(['verify', report, ...flags])).code).toBe(64);
  });

  it('does not look for rows that changed nothing', async () => {
    await using s = await scenario({ people: 1 });
    const first = await s.run(1);
    const { report } = await s.run([suspend(0), { action: 'get-last-active', email: person(0).email }]);
    expect(first.code).toBe(0);
    expect((await verify(s, report)).stdout).toContain(
      '0 changes confirmed by the audit log, 0 by another actor, 0 not',
    );
  });
});
