// Lists that can't be read to their end, through the program: nobody counts as missing or inactive because of them.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { maxEmptyPages } from '../../../src/actions/read-pages.ts';
import type { Fault } from '../../../src/sandbox/faults.ts';
import { leaversAt } from '../../support/in-process.ts';
import { org, person, serveCompany } from '../../support/organization.ts';
import { desk, manifest, path } from '../../support/scenario.ts';
import { ndjson } from '../../support/spawn.ts';

const now = Date.parse('2026-06-01T12:00:00Z');
const incomplete = /the list could not be read completely/;
type Served = Awaited<ReturnType<typeof serveCompany>>;

const leavers = (served: Pick<Served, 'env'>, ...args: string[]) =>
  leaversAt(now, args, { env: served.env, cwd: desk });

/** Every answer of a list shows the same entries and the same next page. */
function repeating(where: string, data: unknown, next: object = { links: { next: 'again' } }): Fault {
  return { match: { path: where }, kind: 'status', status: 200, body: { data, ...next } };
}

/** One person of each generation's lists. */
const entry = {
  accountId: person(0).accountId,
  account_id: person(0).accountId,
  status: 'active',
  statusInUserbase: true,
};

function rowsOf(name: string, rows: readonly object[]): string {
  const file = path(name);
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return file;
}

describe.each(['v1', 'v2'])('a cursor that comes back on %s', (api) => {
  it.each([
    ['links', { links: { next: 'again' } }],
    ['meta', { meta: { next: 'again' } }],
  ])('in %s of a search for people stops the run before it sends anything', async (_, next) => {
    await using served = await serveCompany({ people: 5 }, { faults: [repeating('users/search$', [entry], next)] });
    const report = path('r.ndjson');
    const run = await leavers(served, 'run', manifest(5), '--report', report, '--yes', '--api', api);
    expect([run.code, run.stderr]).toEqual([75, expect.stringMatching(incomplete)]);
    expect(served.changes()).toEqual([]);
  });

  it('in a search for groups stops the plan', async () => {
    await using served = await serveCompany({ people: 5 }, { faults: [repeating('groups/search$', [])] });
    const file = rowsOf('m.ndjson', [{ action: 'delete-group', groupName: 'group-1' }]);
    const plan = await leavers(served, 'plan', file, '--api', api, '--allow', 'delete-group');
    expect([plan.code, plan.stderr]).toEqual([75, expect.stringMatching(incomplete)]);
  });

  it('in the list of all people ends the search for inactive people with 75, and names nobody twice', async () => {
    const where = api === 'v1' ? 'orgs/[^/]+/users$' : 'users/search$';
    await using served = await serveCompany({ people: 5 }, { faults: [repeating(where, [entry])] });
    const { code, stdout, stderr } = await leavers(served, 'inactive', '--days', '90', '--api', api);
    expect([code, stderr]).toEqual([75, expect.stringMatching(incomplete)]);
    expect(stdout.split(person(0).accountId).length).toBeLessThanOrEqual(2);
  });

  it('leaves verify --live without a verdict', async () => {
    const fault = { ...repeating('users/search$', [entry]), match: { path: 'users/search$', body: 'GROUPS|groups' } };
    await using served = await serveCompany({ people: 5 }, { faults: [fault] });
    const report = path('r.ndjson');
    await leavers(served, 'run', manifest(2), '--report', report, '--yes', '--api', api);
    const { code, stderr } = await leavers(served, 'verify', report, '--live', '--api', api);
    expect([served.changes().length, code, stderr]).toEqual([2, 75, expect.stringMatching(incomplete)]);
  });

  it('is an answer of doctor, not a missing group', async () => {
    await using served = await serveCompany({ people: 5 }, { faults: [repeating('groups/search$', [])] });
    const { code, stdout } = await leavers(served, 'doctor', '--api', api);
    expect([code, stdout]).toEqual([75, expect.stringMatching(/groups +fail .*could not be read completely/)]);
  });
});

describe('last-active dates whose cursor comes back', () => {
  const old = {
    product_access: [{ id: 's', key: 'jira-software', last_active: '2020-01-01' }],
    added_to_org: '2019-01-01',
  };
  const faults = [repeating('last-active-dates$', old)];

  it('are unread, so a row with onlyIfInactiveDays is skipped', async () => {
    await using served = await serveCompany({ people: 3 }, { faults });
    const file = rowsOf('m.ndjson', [{ action: 'suspend-user', email: person(1).email, onlyIfInactiveDays: 30 }]);
    const report = path('r.ndjson');
    await leavers(served, 'run', file, '--report', report, '--yes', '--api', 'v1');
    const end = ndjson(report).find(({ event }) => event === 'row');
    expect([end, served.changes()]).toEqual([expect.objectContaining({ outcome: 'skipped', reason: 'active' }), []]);
  });

  it('make nobody inactive', async () => {
    await using served = await serveCompany({ people: 3 }, { faults });
    const { stdout, stderr } = await leavers(served, 'inactive', '--days', '30', '--api', 'v1');
    expect([stdout, stderr]).toEqual(['', expect.stringContaining('0 of 3 people are inactive')]);
  });

  it('fail the row that asks for them', async () => {
    await using served = await serveCompany({ people: 3 }, { faults });
    const file = rowsOf('m.ndjson', [{ action: 'get-last-active', accountId: person(1).accountId }]);
    const report = path('r.ndjson');
    const { code } = await leavers(served, 'run', file, '--report', report, '--yes');
    const end = ndjson(report).find(({ event }) => event === 'row');
    expect([code, end]).toEqual([
      1,
      expect.objectContaining({ outcome: 'failed', message: expect.stringMatching(incomplete) }),
    ]);
  });
});

describe('the list of directories', () => {
  const more = (count: number) => (state: Record<string, unknown>) =>
    void (state['directories'] as object[]).push(
      ...Array.from({ length: count }, (_, n) => ({ id: `d-${n}`, name: `Directory ${n}` })),
    );

  it('is read to its end, so a directory of the second page can be chosen', async () => {
    await using served = await serveCompany({ people: 1, change: more(30) });
    const { code, stderr } = await leavers(served, 'plan', manifest(1), '--directory', 'd-29');
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('is not one of')]);
  });

  it('stops the run when its cursor comes back, instead of choosing the only one that was read', async () => {
    const faults = [repeating('directories$', [{ directoryId: 'd-0', name: 'First' }])];
    await using served = await serveCompany({ people: 1 }, { faults });
    const { code, stderr } = await leavers(served, 'plan', manifest(1));
    expect([code, stderr]).toEqual([75, expect.stringMatching(incomplete)]);
  });
});

/** A server whose every answer is an empty page with a new cursor. */
async function serveEmptyPages() {
  let calls = 0;
  const server: Server = createServer((_, response) => {
    calls += 1;
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ data: [], links: { next: `c${calls}` } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/admin`;
  const env = { ATLASSIAN_ORG_ID: org, ATLASSIAN_API_KEY: 'k', ATLASSIAN_API_URL: url, LEAVERS_RATE: 'none' };
  return { env, calls: () => calls, [Symbol.asyncDispose]: async () => void server.close() };
}

describe('empty pages with new cursors', () => {
  it.each(['v1', 'v2'])('end after %s pages in a row at the latest, with 75', async (api) => {
    await using served = await serveEmptyPages();
    const { code, stderr } = await leavers(served, 'plan', manifest(3), '--api', api, '--directory', 'd');
    expect([code, stderr]).toEqual([75, expect.stringMatching(incomplete)]);
    expect(served.calls()).toBe(maxEmptyPages);
  });
});
