// The way back as a property: after any manifest, its undo leaves the organization as it was, except for what undo announced.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrgState } from '../../../src/sandbox/state-file.ts';
import { group, person, site } from '../../support/organization.ts';
import { allowAll, manifest, path, type Scenario, scenario } from '../../support/scenario.ts';

/** Manifests of each generation; `LEAVERS_UNDO_RUNS=2000` tries more. */
const numRuns = Number(process.env['LEAVERS_UNDO_RUNS'] ?? 12);
const wiki = site.replace('jira-software', 'confluence');

const people = fc.nat(5).chain((n) => {
  const { accountId, email } = person(n);
  return fc.constantFrom({ email }, { accountId }, { accountId, email });
});
const groups = fc
  .nat(3)
  .chain((n) => fc.constantFrom({ groupId: group(n).groupId }, { groupName: group(n).groupName }));
const created = fc.nat(1).map((n) => ({ groupName: `new-${n}` }));
const role = fc.record({
  role: fc.constantFrom('atlassian/user', 'atlassian/admin', 'atlassian/guest'),
  resource: fc.constantFrom(site, wiki),
});
const invited = fc.record(
  {
    email: fc.constantFrom('new@example.com', person(1).email, person(3).email),
    groups: fc.uniqueArray(fc.constantFrom('group-0', 'group-2', 'new-0'), { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: ['email'] },
);

const about = (name: string, ...parts: readonly fc.Arbitrary<object>[]) =>
  fc.tuple(...parts).map((all) => Object.assign({ action: name }, ...all) as object);
const roles = fc.uniqueArray(role, { minLength: 1, maxLength: 3, selector: (each) => JSON.stringify(each) });
const row = fc.oneof(
  ...['suspend-user', 'restore-user', 'remove-user'].map((name) => about(name, people)),
  ...['add-user-to-group', 'remove-user-from-group'].map((name) => about(name, people, fc.oneof(groups, created))),
  ...['grant-user-role', 'revoke-user-role'].map((name) => about(name, people, role)),
  ...['assign-group-roles', 'revoke-group-roles'].map((name) =>
    about(
      name,
      fc.oneof(groups, created),
      roles.map((some) => ({ roles: some })),
    ),
  ),
  about('create-group', fc.oneof(created, fc.constant({ groupName: 'group-3' }))),
  about('delete-group', groups, fc.constant({ force: true })),
  about('invite-user', invited),
);
const rows = fc.array(row, { minLength: 1, maxLength: 10 });

/** One call that the API refuses, counted over the calls that change something or read one person or group. */
const refusals = fc.option(fc.record({ nth: fc.integer({ min: 1, max: 12 }), status: fc.constantFrom(400, 403, 404) }));
type Refusal = Readonly<{ nth: number; status: number }> | null;

const company = (refusal: Refusal) =>
  scenario({
    faults:
      refusal === null
        ? []
        : [{ match: { path: '^(?!.*/search)', nth: refusal.nth }, kind: 'status', status: refusal.status }],
    people: 6,
    groups: 4,
    change: (state) => {
      const [all, own] = [state['people'] as object[], state['groups'] as object[]];
      Object.assign(all[1] ?? {}, { status: 'suspended' });
      Object.assign(all[2] ?? {}, { roles: [{ role: 'atlassian/user', resource: site }], groups: [] });
      Object.assign(all[3] ?? {}, { groups: [0, 1, 2].map((n) => group(n).groupId), claimed: false });
      Object.assign(all[4] ?? {}, { roles: [{ role: 'atlassian/admin', resource: wiki }] });
      Object.assign(own[0] ?? {}, { roles: [{ role: 'atlassian/user', resource: site }] });
      Object.assign(own[2] ?? {}, { roles: [{ role: 'atlassian/guest', resource: wiki }] });
    },
  });

/** Everything that can be compared, a line each: its kind, and the names of whom it is about. Lists in any order. */
function factsOf({ people: all, groups: own }: OrgState): Set<string> {
  const names = new Map(own.map(({ id, name }) => [id, name]));
  return new Set([
    ...own.map(({ name }) => `group ${name}`),
    ...own.flatMap(({ name, roles: held }) => held.map((each) => `role ${name} ${each.role}@${each.resource}`)),
    ...all.flatMap(({ email = '', status, groups: of, roles: held }) => [
      `status ${email} ${status}`,
      ...of.map((id) => `member ${email} ${names.get(id)}`),
      ...held.map((each) => `role ${email} ${each.role}@${each.resource}`),
    ]),
  ]);
}

/** What each announcement of undo excuses, by kinds of facts. */
const excuses: readonly (readonly [why: RegExp, kinds: RegExp])[] = [
  [/an invitation can't be withdrawn|it is unknown whether it was received/, /^(status|member|role|group)/],
  [/a deleted group can be created again/, /^(group|member|role)/],
  [/their direct roles were not read|the roles before the run were not read/, /^role/],
  [/they were suspended before, and will be active when invited again/, /^status/],
];

/** Whether undo said of a fact's person or group that it would not come back. */
function isAnnounced(fact: string, stderr: string): boolean {
  const [, who = '', second = ''] = fact.split(' ');
  const names = [who, ...(fact.startsWith('member') ? [second] : [])].flatMap(namesOf);
  const lines = stderr.split('\n').filter((line) => names.some((name) => line.includes(name)));
  return lines.some((line) => excuses.some(([why, kinds]) => why.test(line) && kinds.test(fact)));
}

/** A row may have named somebody by id. */
function namesOf(name: string): string[] {
  const known = [...Array.from({ length: 6 }, (_, n) => person(n)), ...Array.from({ length: 4 }, (_, n) => group(n))];
  const ids = known.filter((each) => Object.values(each).includes(name)).flatMap((each) => Object.values(each));
  return [name, ...ids];
}

async function runAndUndo(s: Scenario, some: readonly object[], api: string) {
  const start = factsOf(s.sandbox.state());
  const flags = ['--api', api, '--skip-invalid', '--max-failures', '100', ...allowAll];
  const { code, report } = await s.run(manifest(some), flags);
  if (code === 65) return { announced: '', differences: [] };
  const out = path('undo.ndjson');
  await fetch(new URL('/_sandbox/faults', s.env.ATLASSIAN_API_URL), { method: 'POST', body: '[]' });
  const { stderr } = await s.leavers(['undo', report, '--out', out]);
  const back = await s.run(out, flags);
  const end = factsOf(s.sandbox.state());
  return { announced: stderr, back, differences: [...start.symmetricDifference(end)].toSorted() };
}

describe.each(['v1', 'v2'])('the undo of any manifest on %s', (api) => {
  it('leaves everything as it was before, except what undo announced', async () => {
    await fc.assert(
      fc.asyncProperty(rows, refusals, async (some, refusal) => {
        await using s = await company(refusal);
        const { announced, differences } = await runAndUndo(s, some, api);
        expect(differences.filter((fact) => !isAnnounced(fact, announced))).toEqual([]);
      }),
      { numRuns },
    );
  });
});
