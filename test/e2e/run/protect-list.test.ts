// Guard entries looked up in the directory: what they protect on both generations, and where those that match nobody are named.
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/sandbox/faults.ts';
import { leavers } from '../../support/in-process.ts';
import { group, person, serveCompany } from '../../support/organization.ts';
import { desk, path } from '../../support/scenario.ts';
import { ndjson } from '../../support/spawn.ts';

const suspend = (n: number) => ({ action: 'suspend-user', accountId: person(n).accountId });

/** Groups 1 and 2 have persons 1 and 2 as their members; group 0 has everybody. */
const change = (state: Record<string, unknown>) => {
  const people = state['people'] as { groups: string[] }[];
  for (const n of [1, 2]) people[n]?.groups.push(group(n).groupId);
};

interface Wanted {
  readonly list?: readonly string[];
  readonly flags?: readonly string[];
  readonly faults?: Fault[];
  readonly rows?: readonly object[];
  readonly command?: 'run' | 'plan';
}

/** Runs or plans rows under a protect list. */
async function go({ list = [], flags = [], faults = [], rows = [suspend(1)], command = 'run' }: Wanted) {
  await using served = await serveCompany({ people: 4, change }, { faults });
  const [manifest, report, protect] = [path('m.ndjson'), path('r.ndjson'), path('protect.txt')];
  writeFileSync(manifest, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  writeFileSync(protect, list.join('\n'));
  const guarded = [...(list.length === 0 ? [] : ['--protect', protect]), ...flags];
  const own = command === 'run' ? ['--report', report, '--yes'] : [];
  const ended = await leavers([command, manifest, ...own, ...guarded], { env: served.env, cwd: desk });
  const lines = () => ndjson(report);
  const outcomes = () => lines().flatMap(({ event, outcome, reason }) => (event === 'row' ? [reason ?? outcome] : []));
  const searches = served.sandbox.ledger.filter((call) => call.path.endsWith('/search')).length;
  return { ...ended, lines, outcomes, searches, changes: served.changes() };
}

describe.each(['v1', 'v2'])('on API %s', (api) => {
  it.each([
    ['a member of a group', 'group:group-1'],
    ['a member of a group by its id', `group:${group(1).groupId}`],
    ['somebody with an e-mail of a pattern', '*@example.com'],
    ['somebody with an e-mail of a pattern with a start', 'person1*@example.com'],
    ['somebody by a line with a comment', `${person(1).email} # boss`],
    ['somebody by a line with a remark', `${person(1).email},CEO`],
    ['somebody by a display name', `Person One <${person(1).email}>`],
  ])('%s is protected behind an account id that the search shows without an e-mail', async (_, entry) => {
    const { accountId } = person(1);
    const data = [{ accountId, accountType: 'atlassian', status: 'active' }];
    const match = { path: '/users/search$', body: 'accountIds' };
    const faults: Fault[] = [{ match, kind: 'status', status: 200, body: { data, links: {} } }];
    const { outcomes, changes, lines } = await go({ list: [entry], flags: ['--api', api], faults });
    expect([outcomes(), changes]).toEqual([['protected'], []]);
    expect(lines()[0]).toMatchObject({ event: 'run-start', unmatchedGuards: [] });
  });

  it('somebody is protected by e-mail behind an account id that the search does not show', async () => {
    const match = { path: '/users/search$', body: 'accountIds' };
    const faults: Fault[] = [{ match, kind: 'status', status: 200, body: { data: [], links: {} } }];
    const { outcomes, changes } = await go({ list: [person(1).email], flags: ['--api', api], faults });
    expect([outcomes(), changes]).toEqual([['protected'], []]);
  });

  it('a pattern holds for somebody who is only about to be invited', async () => {
    const rows = [{ action: 'invite-user', email: 'new@board.example.com' }];
    const flags = ['--api', api, '--allow', 'invite-user'];
    expect((await go({ list: ['*@board.example.com'], flags, rows })).outcomes()).toEqual(['protected']);
  });

  it('each entry that matches nobody is named by run and report, and counted in the metrics', async () => {
    const ids = ['712020:5b10ac8d-82e0-5b22-cc7d-4ef5aaaaaaaa', '5b10ac8d-82e0-4b22-8c7d-4ef5aaaaaaaa'];
    const missing = ['adaa@example.com', '*@nowhere.example.com', 'group:no-such', 'no-such', ...ids];
    const list = [...missing, person(2).email, 'group:group-2', 'group-1', group(2).groupId, person(3).accountId];
    const metrics = path('m.prom');
    const flags = ['--api', api, '--quiet', '--metrics-file', metrics, '--operator', 'me@exmaple.com'];
    const { lines, stderr, outcomes } = await go({ list, flags });
    const unmatched = [...missing, 'me@exmaple.com'];
    expect(outcomes()).toEqual(['done']);
    expect(lines()[0]?.['unmatchedGuards']).toEqual(unmatched);
    for (const entry of unmatched) expect(stderr).toContain(entry);
    expect(readFileSync(metrics, 'utf8')).toMatch(/^leavers_unmatched_guards\{org="[^"]+",job="[^"]+"\} 7$/m);
  });

  it('a group without members protects nobody and is named', async () => {
    const { lines } = await go({ list: ['group:group-3', 'group:group-0'], flags: ['--api', api] });
    expect(lines()[0]?.['unmatchedGuards']).toEqual(['group:group-3']);
  });

  it('members that are not shown in full stop the plan before anything is sent', async () => {
    const [what, body] = api === 'v1' ? ['groups', 'USERS'] : ['users', 'groupIds'];
    const match = { path: `/${what}/search$`, body };
    const data = [{ id: group(1).groupId, name: group(1).groupName }];
    const faults: Fault[] = [{ match, kind: 'status', status: 200, body: { data, links: {} } }];
    const { code, stderr, changes } = await go({ list: ['group:group-1'], flags: ['--api', api], faults });
    expect([code, changes]).toEqual([78, []]);
    expect(stderr).toContain('members of group group-1 are to be protected, but the API does not show all of them');
  });

  it('entries are looked up in batches', async () => {
    const emails = Array.from({ length: 100 }, (_, n) => person(n).email);
    const { searches } = await go({ list: emails, flags: ['--api', api] });
    // One for all entries, one for the row.
    expect(searches).toBe(2);
  });
});

describe('plan', () => {
  const list = ['adaa@example.com', person(2).email];

  it('names entries that match nobody, in words and as JSON', async () => {
    const { stdout } = await go({ list, command: 'plan' });
    expect(stdout).toContain('warning: 1 guard entry matches nobody in the directory: adaa@example.com;');
    const json = await go({ list, command: 'plan', flags: ['--json'] });
    expect(JSON.parse(json.stdout)).toMatchObject({ unmatchedGuards: ['adaa@example.com'] });
  });

  it('says with --offline that guards were not checked', async () => {
    const { stdout } = await go({ list, command: 'plan', flags: ['--offline'] });
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('guards were not checked: --offline looks nobody up');
    const json = await go({ list, command: 'plan', flags: ['--offline', '--json'] });
    expect(JSON.parse(json.stdout)).toMatchObject({ unmatchedGuards: null });
  });

  it('refuses a malformed entry with its line, and a malformed operator', async () => {
    const { code, stderr } = await go({ list: [...list, 'ada@'], command: 'plan' });
    expect([code, stderr]).toEqual([65, expect.stringMatching(/protect\.txt:3: "ada@" is not an entry/)]);
    expect((await go({ command: 'plan', flags: ['--operator', 'Ada Lovelace'] })).code).toBe(64);
  });

  it('takes an operator for a person, and never for the group of that name', async () => {
    const { stdout } = await go({ command: 'plan', flags: ['--json', '--operator', 'group-1'] });
    expect(JSON.parse(stdout)).toMatchObject({ unmatchedGuards: ['group-1'] });
  });

  it('looks nobody up for the login name', async () => {
    const { stdout, searches } = await go({ command: 'plan', flags: ['--json'] });
    expect([JSON.parse(stdout).unmatchedGuards, searches]).toEqual([[], 1]);
  });
});

describe('inactive', () => {
  it('names entries that match nobody', async () => {
    await using served = await serveCompany({ people: 2 });
    const protect = path('protect.txt');
    writeFileSync(protect, 'adaa@example.com\n');
    const { stderr } = await leavers(['inactive', '--days', '90', '--protect', protect], { env: served.env });
    expect(stderr).toContain('Note: 1 guard entry matches nobody in the directory: adaa@example.com;');
  });
});
