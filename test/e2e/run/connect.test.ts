// What a run finds out about the organization before and while it changes it: generation, directory, people, groups, limits.
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import { group, person, serveCompany, type Wanted } from '../../support/organization.ts';
import { folder, leavers, ndjson, start } from '../../support/spawn.ts';

const home = folder();
afterAll(() => home[Symbol.dispose]());
let files = 0;
const file = (name: string) => join(home.path, `${(files += 1)}-${name}`);

type Served = Awaited<ReturnType<typeof serveCompany>>;

function manifest(rows: readonly object[]): string {
  const path = file('manifest.ndjson');
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return path;
}

/** Runs the rows, and what the report says of each, in the order of the manifest. */
async function run(served: Served, rows: readonly object[], flags: readonly string[] = []) {
  const report = file('report.ndjson');
  const ended = await leavers(['run', manifest(rows), '--report', report, '--yes', ...flags], { env: served.env });
  const lines = () => ndjson(report);
  const ends = () =>
    lines()
      .filter(({ event }) => event === 'row')
      .toSorted((a, b) => Number(a['row']) - Number(b['row']));
  return { ...ended, report, lines, ends, outcomes: () => ends().map(({ outcome, reason }) => reason ?? outcome) };
}

const suspend = (n: number) => ({ action: 'suspend-user', email: person(n).email });
const looks = (served: Served, what: RegExp) => served.sandbox.ledger.filter(({ path }) => what.test(path));
const everyone = (n: number) => Array.from({ length: n }, (_, each) => suspend(each));

describe('the generation', () => {
  const cases: readonly [SandboxOptions['generations'] & {}, string][] = [
    [['v1'], 'v1'],
    [['v2'], 'v2'],
    [['v1', 'v2'], 'v2'],
  ];

  it.each(cases)('of an organization that serves %j is found to be %s by one question', async (generations, found) => {
    await using served = await serveCompany({ people: 3 }, { generations });
    const { code, lines, outcomes } = await run(served, everyone(3));
    expect([code, outcomes()]).toEqual([0, ['done', 'done', 'done']]);
    expect(lines()[0]).toMatchObject({ event: 'run-start', api: found });
    expect(looks(served, /\/directories$/)).toHaveLength(1);
  });

  it('of an organization that is not there is not guessed: nothing is sent, and the words are about the organization', async () => {
    await using served = await serveCompany({ people: 1 });
    const env = { ...served.env, ATLASSIAN_ORG_ID: '00000000-0000-4000-8000-00000000dead' };
    const ended = await leavers(['run', manifest([suspend(0)]), '--report', file('r.ndjson'), '--yes'], { env });
    expect(ended.stderr).toMatch(/organization|org-id/);
    expect([77, 78]).toContain(ended.code);
    expect(served.changes()).toEqual([]);
  });

  it('is not taken for the old one because the API does not know the organization', async () => {
    const body = { errors: [{ code: 'ADMIN-404-2', title: 'Organization not found' }] };
    const faults = [{ match: { path: '/directories$' }, kind: 'status' as const, status: 404, body }];
    await using served = await serveCompany({ people: 1 }, { faults });
    const { code, stderr } = await run(served, everyone(1));
    expect([code, served.changes()]).toEqual([78, []]);
    expect(stderr).toContain('Organization not found); check --org-id and the key');
    expect(served.sandbox.ledger).toHaveLength(1);
  });
});

describe('several directories', () => {
  const two: Wanted = {
    people: 2,
    change: (state) => void (state['directories'] as object[]).push({ id: other, name: 'Contractors' }),
  };
  const other = '30000000-0000-4000-8000-000000000001';

  it('and none named is 78, lists them, and sends nothing', async () => {
    await using served = await serveCompany(two);
    const { code, stderr } = await run(served, everyone(2));
    expect(code).toBe(78);
    expect(stderr).toContain(`${other}  Contractors`);
    expect(served.changes()).toEqual([]);
  });

  it('and one named is where changes go', async () => {
    await using served = await serveCompany(two);
    const [directory = { id: '' }] = served.sandbox.state().directories;
    const { code, lines } = await run(served, everyone(2), ['--directory', directory.id]);
    expect([code, lines()[0]]).toMatchObject([0, { directory: directory.id }]);
    expect(served.changes().every(({ path }) => path.includes(directory.id))).toBe(true);
  });

  it('and one named that is not there is 78', async () => {
    await using served = await serveCompany(two);
    const { code, stderr } = await run(served, everyone(1), ['--directory', '30000000-0000-4000-8000-00000000dead']);
    expect([code, served.changes()]).toEqual([78, []]);
    expect(stderr).toContain('directories');
  });
});

describe.each(['v1', 'v2'])('people and groups on %s', (api) => {
  it('are looked up a hundred at a time, whatever the case of their addresses', async () => {
    await using served = await serveCompany({ people: 250 });
    const rows = everyone(250).map(({ action, email }) => ({ action, email: email.toUpperCase() }));
    const { code, outcomes } = await run(served, rows, ['--api', api]);
    expect([code, new Set(outcomes())]).toEqual([0, new Set(['done'])]);
    expect(looks(served, /users\/search$/).length).toBeLessThanOrEqual(4);
  });

  it('that are not there are skipped, and the others go on', async () => {
    await using served = await serveCompany({ people: 2 });
    const rows = [
      suspend(7),
      suspend(0),
      { action: 'add-user-to-group', email: person(1).email, groupName: 'nobody-made-this' },
      { action: 'add-user-to-group', email: person(1).email, groupName: 'GROUP-1' },
    ];
    const { code, outcomes } = await run(served, rows, ['--api', api]);
    expect([code, outcomes()]).toEqual([0, ['not-found', 'done', 'not-found', 'done']]);
  });

  it('that are in the wished state are known before the call', async () => {
    await using served = await serveCompany({
      people: 2,
      change: ({ people }) => void Object.assign((people as object[])[0] ?? {}, { status: 'suspended' }),
    });
    const rows = [suspend(0), { action: 'restore-user', email: person(1).email }];
    const { code, outcomes } = await run(served, rows, ['--api', api]);
    expect([code, outcomes()]).toEqual([0, ['already', 'already']]);
    expect(looks(served, /suspend|restore/)).toEqual([]);
  });

  it('that depend on a group that could not be made are blocked', async () => {
    const faults = [{ match: { method: 'POST' as const, path: '/groups$' }, kind: 'status' as const, status: 403 }];
    await using served = await serveCompany({ people: 2 }, { faults });
    const rows = [
      { action: 'create-group', groupName: 'alumni' },
      { action: 'add-user-to-group', email: person(1).email, groupName: 'alumni' },
      suspend(0),
    ];
    const { code, outcomes } = await run(served, rows, ['--api', api, '--max-failures', '5']);
    expect([code, outcomes()]).toEqual([1, ['failed', 'blocked', 'done']]);
  });

  it('keep the order of the manifest and never overlap, each by itself', async () => {
    await using served = await serveCompany({ people: 20 });
    const steps = (n: number) => [
      { action: 'add-user-to-group', email: person(n).email, groupName: 'group-1' },
      { action: 'remove-user-from-group', email: person(n).email, groupName: 'group-0' },
      suspend(n),
    ];
    const rows = Array.from({ length: 20 }, (_, n) => steps(n)).flat();
    const { code } = await run(served, rows, ['--api', api, '--concurrency', '16']);
    expect(code).toBe(0);
    for (let n = 0; n < 20; n += 1) {
      const own = served.changes().filter(({ path, body }) => mentions(`${path} ${JSON.stringify(body)}`, n));
      expect(own.map(({ path }) => /memberships$|memberships\/|suspend/.exec(path)?.[0])).toEqual([
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
    await using served = await serveCompany({ people: 2 });
    const { outcomes } = await run(served, [full], ['--api', 'v1', '--allow', 'delete-group']);
    expect(outcomes()).toEqual(['done']);
  });

  it('forced on v2 says that v2 has no force', async () => {
    await using served = await serveCompany({ people: 2 });
    const { stderr, stdout } = await run(served, [full], ['--api', 'v2', '--allow', 'delete-group']);
    expect(stderr + stdout).toContain('API v2 has no force');
  });
});

describe('a limit', () => {
  it('that is hit shuts one gate for everybody, and no row fails of it', async () => {
    await using served = await serveCompany({ people: 12 }, { rate: { limit: 6, windowMs: 1000, retryAfter: true } });
    const { code, outcomes, lines } = await run(served, everyone(12), ['--concurrency', '8']);
    expect([code, new Set(outcomes())]).toEqual([0, new Set(['done'])]);
    expect(served.changes()).toHaveLength(12);
    expect(Number(lines().at(-1)?.['throttled'])).toBeLessThanOrEqual(8);
  });

  it('that is used up is waited for before it refuses', async () => {
    await using served = await serveCompany({ people: 12 }, { rate: { limit: 6, windowMs: 1000 } });
    const { code } = await run(served, everyone(12), ['--concurrency', '1']);
    expect(code).toBe(0);
    expect(served.sandbox.ledger.filter(({ status }) => status === 429)).toEqual([]);
  });
});

describe('signals', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('a second %s stops at once', async (signal, code) => {
    const faults = [{ match: { path: 'suspend' }, kind: 'hang' as const }];
    await using served = await serveCompany({ people: 5 }, { faults });
    const report = file('report.ndjson');
    const args = ['run', manifest(everyone(5)), '--report', report, '--yes', '--concurrency', '2'];
    const { child, ended, said } = start(args, { env: served.env });
    while (looks(served, /suspend/).length < 2) await new Promise((wake) => setTimeout(wake, 10));
    child.kill(signal);
    while (!said().stderr.includes('second signal')) await new Promise((wake) => setTimeout(wake, 10));
    child.kill(signal);
    expect((await ended).code).toBe(code);
    expect(ndjson(report).filter(({ event }) => event === 'row-sent')).toHaveLength(2);
  });
});

describe('several roles', () => {
  it.each(['v1', 'v2'])('on %s are one outcome', async (api) => {
    await using served = await serveCompany({ people: 1 });
    const resource = 'ari:cloud:jira-software::site/7c9e6679-7425-40de-944b-e07fc1f90ae7';
    const roles = ['atlassian/user', 'atlassian/admin', 'atlassian/guest'].map((role) => ({ role, resource }));
    const { outcomes } = await run(
      served,
      [{ action: 'assign-group-roles', groupName: 'group-1', roles }],
      ['--api', api],
    );
    expect(outcomes()).toEqual(['done']);
    expect(served.changes()).toHaveLength(api === 'v1' ? 1 : 3);
  });
});
