// The way back of a removal, as a property: what undo says it restores is as before, and whatever is not is in its words.
import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/sandbox/faults.ts';
import { group, person, site } from '../../support/organization.ts';
import { leavers } from '../../support/in-process.ts';
import { path, rowsOf, type Scenario, scenario } from '../../support/scenario.ts';
import { ndjson } from '../../support/spawn.ts';
import { undoRows } from '../../support/undo-fixture.ts';
import type { EndedRow } from '../../../src/actions/undo-row.ts';

const confluence = site.replace('jira-software', 'confluence');

const roles = ['user', 'admin', 'guest', 'user-access-admin', 'viewer'].flatMap((role) =>
  [site, confluence].map((resource) => ({ role: `atlassian/${role}`, resource })),
);
const anybody = fc.record({
  groups: fc.subarray([0, 1, 2].map((n) => group(n).groupId)),
  roles: fc.subarray(roles),
  status: fc.constantFrom('active', 'suspended'),
  siteAdmin: fc.boolean(),
  // Once removed, only an account of a claimed domain can still be looked up.
  claimed: fc.boolean(),
});
type Anybody = ReturnType<typeof anybody.generate>['value'];

const serve = (people: readonly object[], faults: readonly Fault[] = []) =>
  scenario({
    faults,
    people: people.length,
    change: (state) => {
      Object.assign(state, { licences: [site, confluence].map((resource) => ({ resource, limit: 100 })) });
      people.forEach((each, n) => Object.assign((state['people'] as object[])[n] ?? {}, each));
      // What comes through a group is nobody's own.
      Object.assign((state['groups'] as object[])[2] ?? {}, { roles: [roles[0], roles[6]] });
    },
  });

/** Runs a manifest on one API generation. */
const run = (s: Scenario, manifest: string, api: string) =>
  s.run(manifest, ['--api', api, '--retries', '1', '--allow', 'remove-user', '--allow', 'invite-user']);

/** Removes everybody and writes the way back. */
async function removeAll(s: Scenario, api: string) {
  const [manifest, out] = [path('m.ndjson'), path('undo.ndjson')];
  const rows = s.sandbox.state().people.map(({ email }) => JSON.stringify({ action: 'remove-user', email }));
  writeFileSync(manifest, rows.join('\n'));
  const { report } = await run(s, manifest, api);
  const { stderr } = await leavers(['undo', report, '--out', out]);
  return { out, stderr, rows: ndjson(out), ends: rowsOf(report) };
}

const keys = (list: readonly { role: string; resource: string }[]) =>
  list.map(({ role, resource }) => `${role}@${resource}`).toSorted();

/** What somebody does not have back, as the words of undo name it. */
function missing(n: number, was: Anybody, { sandbox }: Scenario): string[] {
  const now = sandbox.state().people.find(({ accountId }) => accountId === person(n).accountId);
  expect(now?.groups.toSorted()).toEqual(was.groups.toSorted());
  const has = keys(now?.roles ?? []);
  expect(has.filter((key) => !keys(was.roles).includes(key))).toEqual([]);
  return [
    ...keys(was.roles).filter((key) => !has.includes(key)),
    ...(was.siteAdmin === now?.siteAdmin ? [] : ['atlassian/site-admin']),
    ...(was.status === now?.status ? [] : ['they were suspended before, and will be active when invited again']),
  ];
}

/** Removes everybody and takes it back: what each of them lacks, and the words about them. */
async function thereAndBack(api: string, faults: readonly Fault[] = []) {
  const people = fc.sample(anybody, { numRuns: 30, seed: 7 });
  await using s = await serve(people, faults);
  const { out, rows, ends, stderr } = await removeAll(s, api);
  const { code } = await run(s, out, api);
  const lacks = people.map((was, n) => missing(n, was, s));
  const words = people.map((_, n) =>
    undoRows(ends.filter(({ email }) => email === person(n).email) as unknown as EndedRow[])
      .lost.map(({ what }) => what)
      .join('\n'),
  );
  return { code, rows, stderr, lacks, words };
}

describe('the undo of a removal', () => {
  it('gives groups and own roles back on v2, and names everything else', async () => {
    const { code, lacks, words, stderr } = await thereAndBack('v2');
    expect(code).toBe(0);
    // An invitation or a grant takes every role but these.
    expect([...new Set(lacks.flat().filter((what) => what.includes('@')))].toSorted()).toEqual(
      [site, confluence].map((resource) => `atlassian/viewer@${resource}`).toSorted(),
    );
    for (const [n, what] of lacks.entries()) expect(what.filter((each) => !words[n]?.includes(each))).toEqual([]);
    for (const each of new Set(lacks.flat())) expect(stderr).toContain(each);
  });

  it.each([
    ['v1', []],
    ['v2', [{ match: { method: 'GET', path: 'role-assignments' }, kind: 'status', status: 403 }]],
  ] satisfies [string, Fault[]][])(
    'gives groups back where %s does not tell roles, and says so',
    async (api, faults) => {
      const { code, rows, lacks, words } = await thereAndBack(api, faults);
      expect([code, new Set(rows.map(({ action }) => action))]).toEqual([0, new Set(['invite-user'])]);
      for (const each of words)
        expect(each).toContain(
          'their direct roles were not read (only API v2 shows them) and must be granted again (they had access to',
        );
      // Of roles v1 tells none, and v2 those for a whole site.
      const isUntold = (what: string) => (api === 'v1' ? /^atlassian/ : /^atlassian.*@/).test(what);
      for (const [n, what] of lacks.entries())
        expect(what.filter((each) => !isUntold(each) && !words[n]?.includes(each))).toEqual([]);
    },
  );

  it('is one invitation with all groups and the first role, and a row for each further role', async () => {
    await using s = await serve([{ roles: roles.slice(0, 3), groups: [0, 1].map((n) => group(n).groupId) }]);
    const who = { ...person(0), action: 'grant-user-role' };
    expect((await removeAll(s, 'v2')).rows).toEqual([
      { action: 'invite-user', email: who.email, ...roles[0], groups: ['group-0', 'group-1'] },
      // In the order of the API, which tells roles by product.
      ...[roles[2], roles[1]].map((role) => ({ ...who, ...role })),
    ]);
  });

  it('waits with the further roles until the invitation is through', async () => {
    const slow: Fault = { match: { path: 'invite$' }, kind: 'slow', delayMs: 700 };
    await using s = await serve([{ claimed: false, roles: roles.slice(0, 4) }], [slow]);
    const { out } = await removeAll(s, 'v2');
    expect((await run(s, out, 'v2')).code).toBe(0);
    expect(s.sandbox.state().people[0]?.roles).toHaveLength(4);
  });

  it('whose invitation is refused leaves its rows failed, and a resumed run does them all', async () => {
    const full: Fault = { match: { path: 'invite$', nth: 1 }, kind: 'status', status: 409 };
    await using s = await serve([{ claimed: false, roles: roles.slice(0, 4) }], [full]);
    const { out } = await removeAll(s, 'v2');
    const { code, report } = await run(s, out, 'v2');
    expect([code, s.sandbox.state().people[0]?.roles]).toEqual([1, []]);
    const flags = ['--resume', '--allow', 'invite-user', '--api', 'v2'];
    expect((await s.run(out, flags, { report })).code).toBe(0);
    expect(s.sandbox.state().people[0]?.roles).toHaveLength(4);
  });

  it.each(['v1', 'v2'])('leaves somebody who left in two stages as they were before the first, on %s', async (api) => {
    await using s = await serve([{ claimed: false, groups: [group(1).groupId] }]);
    const before = s.sandbox.state().people[0];
    const [manifest, out] = [path('m.ndjson'), path('undo.ndjson')];
    const rows = ['suspend-user', 'remove-user'].map((action) => ({ action, email: person(0).email }));
    writeFileSync(manifest, rows.map((row) => JSON.stringify(row)).join('\n'));
    await leavers(['undo', (await run(s, manifest, api)).report, '--out', out]);
    expect(ndjson(out).map(({ action }) => action)).toEqual(['invite-user', 'restore-user']);
    expect((await run(s, out, api)).code).toBe(0);
    const { status, groups } = s.sandbox.state().people[0] ?? {};
    expect([status, groups]).toEqual([before?.status, before?.groups]);
  });

  it('adds a person to the groups beyond the maximum of an invitation afterwards', async () => {
    const groups = Array.from({ length: 102 }, (_, n) => group(n).groupId);
    const change = ({ people }: Record<string, unknown>) =>
      void Object.assign((people as object[])[0] ?? {}, { groups });
    await using s = await scenario({ people: 1, groups: 102, change });
    const { out, rows } = await removeAll(s, 'v2');
    expect(rows.map(({ action }) => action)).toEqual(['invite-user', 'add-user-to-group', 'add-user-to-group']);
    expect((await run(s, out, 'v2')).code).toBe(0);
    expect(s.sandbox.state().people[0]?.groups).toEqual(groups);
  });

  it('is in the report when the answer to the removal was lost, and undo says to check', async () => {
    const faults: Fault[] = [
      { match: { method: 'DELETE' }, kind: 'reset' },
      { match: { path: 'search$', nth: 2 }, kind: 'status', status: 400 },
    ];
    await using s = await serve([{ roles: roles.slice(0, 1) }], faults);
    const { ends, rows, stderr } = await removeAll(s, 'v2');
    expect(ends[0]).toMatchObject({ outcome: 'failed', ambiguous: true, result: { held: roles.slice(0, 1) } });
    expect([rows, stderr]).toEqual([[], expect.stringContaining('an attempt may have been applied; check')]);
  });
});
