// What a run finds out about the organization before and while it changes it: generation, directory, people, groups, limits.
import { describe, expect, it } from 'vitest';
import type { SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import { group, person, type Wanted } from '../../support/organization.ts';
import { manifest, path, type Scenario, scenario, suspend } from '../../support/scenario.ts';
import { ndjson, start } from '../../support/spawn.ts';

const looks = (s: Scenario, what: RegExp) => s.sandbox.ledger.filter(({ path: at }) => what.test(at));
const everyone = (n: number) => Array.from({ length: n }, (_, each) => suspend(each));

describe('the generation', () => {
  const cases: readonly [SandboxOptions['generations'] & {}, string][] = [
    [['v1'], 'v1'],
    [['v2'], 'v2'],
    [['v1', 'v2'], 'v2'],
  ];

  it.each(cases)('of an organization that serves %j is found to be %s by one question', async (generations, found) => {
    await using s = await scenario({ people: 3, generations });
    const { code, lines, outcomes } = await s.run(everyone(3));
    expect([code, outcomes]).toEqual([0, ['done', 'done', 'done']]);
    expect(lines[0]).toMatchObject({ event: 'run-start', api: found });
    expect(looks(s, /\/directories$/)).toHaveLength(1);
  });

  it('of an organization that is not there is not guessed: nothing is sent, and the words are about the organization', async () => {
    await using s = await scenario({ people: 1 });
    const env = { ATLASSIAN_ORG_ID: '00000000-0000-4000-8000-00000000dead' };
    const ended = await s.run([suspend(0)], [], { env });
    expect(ended.stderr).toMatch(/organization|org-id/);
    expect([77, 78]).toContain(ended.code);
    expect(s.changes()).toEqual([]);
  });

  it('is not taken for the old one because the API does not know the organization', async () => {
    const body = { errors: [{ code: 'ADMIN-404-2', title: 'Organization not found' }] };
    const faults = [{ match: { path: '/directories$' }, kind: 'status' as const, status: 404, body }];
    await using s = await scenario({ people: 1, faults });
    const { code, stderr } = await s.run(everyone(1));
    expect([code, s.changes()]).toEqual([78, []]);
    expect(stderr).toContain('Organization not found); check --org-id and the key');
    expect(s.sandbox.ledger).toHaveLength(1);
  });
});

describe('several directories', () => {
  const two: Wanted = {
    people: 2,
    change: (state) => void (state['directories'] as object[]).push({ id: other, name: 'Contractors' }),
  };
  const other = '30000000-0000-4000-8000-000000000001';

  it('and none named is 78, lists them, and sends nothing', async () => {
    await using s = await scenario(two);
    const { code, stderr } = await s.run(everyone(2));
    expect(code).toBe(78);
    expect(stderr).toContain(`${other}  Contractors`);
    expect(s.changes()).toEqual([]);
  });

  it('and one named is where changes go', async () => {
    await using s = await scenario(two);
    const [directory = { id: '' }] = s.sandbox.state().directories;
    const { code, lines } = await s.run(everyone(2), ['--directory', directory.id]);
    expect([code, lines[0]]).toMatchObject([0, { directory: directory.id }]);
    expect(s.changes().every(({ path: at }) => at.includes(directory.id))).toBe(true);
  });

  it('and one named that is not there is 78', async () => {
    await using s = await scenario(two);
    const { code, stderr } = await s.run(everyone(1), ['--directory', '30000000-0000-4000-8000-00000000dead']);
    expect([code, s.changes()]).toEqual([78, []]);
    expect(stderr).toContain('directories');
  });
});

describe.each(['v1', 'v2'])('people and groups on %s', (api) => {
  it('are looked up a hundred at a time, whatever the case of their addresses', async () => {
    await using s = await scenario({ people: 250 });
    const rows = everyone(250).map(({ action, email }) => ({ action, email: email.toUpperCase() }));
    const { code, outcomes } = await s.run(rows, ['--api', api]);
    expect([code, new Set(outcomes)]).toEqual([0, new Set(['done'])]);
    expect(looks(s, /users\/search$/).length).toBeLessThanOrEqual(4);
  });

  it('that are not there are skipped, and the others go on', async () => {
    await using s = await scenario({ people: 2 });
    const rows = [
      suspend(7),
      suspend(0),
      { action: 'add-user-to-group', email: person(1).email, groupName: 'nobody-made-this' },
      { action: 'add-user-to-group', email: person(1).email, groupName: 'GROUP-1' },
    ];
    const { code, outcomes } = await s.run(rows, ['--api', api]);
    expect([code, outcomes]).toEqual([4, ['not-found', 'done', 'not-found', 'done']]);
  });

  it('that are in the desired state are known before the call', async () => {
    await using s = await scenario({
      people: 2,
      change: ({ people }) => void Object.assign((people as object[])[0] ?? {}, { status: 'suspended' }),
    });
    const rows = [suspend(0), { action: 'restore-user', email: person(1).email }];
    const { code, outcomes } = await s.run(rows, ['--api', api]);
    expect([code, outcomes]).toEqual([0, ['already', 'already']]);
    expect(looks(s, /suspend|restore/)).toEqual([]);
  });

  it('that depend on a group that could not be made are blocked', async () => {
    const faults = [{ match: { method: 'POST' as const, path: '/groups$' }, kind: 'status' as const, status: 403 }];
    await using s = await scenario({ people: 2, faults });
    const rows = [
      { action: 'create-group', groupName: 'alumni' },
      { action: 'add-user-to-group', email: person(1).email, groupName: 'alumni' },
      suspend(0),
    ];
    const { code, outcomes } = await s.run(rows, ['--api', api, '--max-failures', '5']);
    expect([code, outcomes]).toEqual([1, ['failed', 'blocked', 'done']]);
  });

  it('keep the order of the manifest and never overlap, each by itself', async () => {
    await using s = await scenario({ people: 20 });
    const steps = (n: number) => [
      { action: 'add-user-to-group', email: person(n).email, groupName: 'group-1' },
      { action: 'remove-user-from-group', email: person(n).email, groupName: 'group-0' },
      suspend(n),
    ];
    const rows = Array.from({ length: 20 }, (_, n) => steps(n)).flat();
    const { code } = await s.run(rows, ['--api', api, '--concurrency', '16']);
    expect(code).toBe(0);
    for (let n = 0; n < 20; n += 1) {
      const own = s.changes().filter(({ path: at, body }) => mentions(`${at} ${JSON.stringify(body)}`, n));
      expect(own.map(({ path: at }) => /memberships$|memberships\/|suspend/.exec(at)?.[0])).toEqual([
        'memberships',
        'memberships/',
        'suspend',
      ]);
    }
  });
});

function mentions(text: string, n: number): boolean {
  const { accountId } = person(n);
  return text.includes(accountId) || text.includes(encodeURIComponent(accountId));
}

describe('delete-group', () => {
  const full = { action: 'delete-group', groupId: group(0).groupId, force: true };

  it('forced on v1 deletes a group with people in it', async () => {
    await using s = await scenario({ people: 2 });
    const { outcomes } = await s.run([full], ['--api', 'v1', '--allow', 'delete-group']);
    expect(outcomes).toEqual(['done']);
  });

  it('forced on v2 says that v2 has no force', async () => {
    await using s = await scenario({ people: 2 });
    const { stderr, stdout } = await s.run([full], ['--api', 'v2', '--allow', 'delete-group']);
    expect(stderr + stdout).toContain('API v2 ignores force');
  });
});

describe('a limit', () => {
  it('that is hit shuts one gate for everybody, and no row fails of it', async () => {
    await using s = await scenario({ people: 12, rate: { limit: 6, windowMs: 1000, retryAfter: true } });
    const { code, outcomes, lines } = await s.run(everyone(12), ['--concurrency', '8']);
    expect([code, new Set(outcomes)]).toEqual([0, new Set(['done'])]);
    expect(s.changes()).toHaveLength(12);
    expect(Number(lines.at(-1)?.['throttled'])).toBeLessThanOrEqual(8);
  });

  it('that is used up is waited for before it refuses', async () => {
    await using s = await scenario({ people: 12, rate: { limit: 6, windowMs: 1000 } });
    const { code } = await s.run(everyone(12), ['--concurrency', '1']);
    expect(code).toBe(0);
    expect(s.sandbox.ledger.filter(({ status }) => status === 429)).toEqual([]);
  });
});

describe('signals', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('a second %s stops at once', async (signal, code) => {
    const faults = [{ match: { path: 'suspend' }, kind: 'hang' as const }];
    await using s = await scenario({ people: 5, faults });
    const report = path('report.ndjson');
    const args = ['run', manifest(everyone(5)), '--report', report, '--yes', '--concurrency', '2'];
    const { child, ended, said } = start(args, { env: s.env });
    while (looks(s, /suspend/).length < 2) await new Promise((wake) => setTimeout(wake, 10));
    child.kill(signal);
    while (!said().stderr.includes('to stop now')) await new Promise((wake) => setTimeout(wake, 10));
    child.kill(signal);
    expect((await ended).code).toBe(code);
    expect(ndjson(report).filter(({ event }) => event === 'row-sent')).toHaveLength(2);
  });
});

describe('several roles', () => {
  it.each(['v1', 'v2'])('on %s are one outcome', async (api) => {
    await using s = await scenario({ people: 1 });
    const resource = 'ari:cloud:jira-software::site/7c9e6679-7425-40de-944b-e07fc1f90ae7';
    const roles = ['atlassian/user', 'atlassian/admin', 'atlassian/guest'].map((role) => ({ role, resource }));
    const { outcomes } = await s.run([{ action: 'assign-group-roles', groupName: 'group-1', roles }], ['--api', api]);
    expect(outcomes).toEqual(['done']);
    expect(s.changes()).toHaveLength(api === 'v1' ? 1 : 3);
  });
});
