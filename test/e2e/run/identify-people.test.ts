// Who and what a row means: look-ups that show somebody else, two of a name or no address; protection by another name; groups made in the run.
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/sandbox/faults.ts';
import { group, person } from '../../support/organization.ts';
import { allowAll, file, scenario, suspend } from '../../support/scenario.ts';

/** Runs rows and gives the outcome (or the reason) of each, with the report's lines and what was changed. */
async function run(rows: readonly object[], { faults = [] as Fault[], flags = [] as string[], people = 4 } = {}) {
  await using s = await scenario({ people, faults });
  const ran = await s.run(rows, [...allowAll, ...flags]);
  const changes = s.changes().map(({ method, path }) => `${method} ${decodeURIComponent(path)}`);
  return { ...ran, ends: ran.rows, outcomes: ran.outcomes, changes, state: s.sandbox.state() };
}

/** A search for people by e-mail that shows these. */
const shows = (...data: readonly object[]): Fault => ({
  match: { method: 'POST', path: '/users/search$', body: 'emails' },
  kind: 'status',
  status: 200,
  body: { data, links: {} },
});
const shown = (n: number, more: object = {}) => ({
  ...person(n),
  accountType: 'atlassian',
  status: 'active',
  platformRoles: [],
  ...more,
});

describe('an e-mail', () => {
  it('of two accounts is nobody, and the row names both', async () => {
    const twin = shown(2, { email: person(1).email });
    const { outcomes, ends, changes } = await run([suspend(1)], { faults: [shows(shown(1), twin)] });
    expect([outcomes, changes]).toEqual([['not-found'], []]);
    expect(ends[0]?.['message']).toContain(
      `matches 2 entries of the directory: ${person(1).accountId}, ${person(2).accountId}`,
    );
  });

  it("of a person and of a portal customer is the person's", async () => {
    const customer = shown(2, { email: person(1).email, accountType: 'customer' });
    const { changes } = await run([suspend(1)], { faults: [shows(shown(1), customer)] });
    expect(changes).toEqual([expect.stringContaining(person(1).accountId)]);
  });

  it('stays with the person whom the search showed, when a row names another account with the same one', async () => {
    const byId: Fault = {
      ...shows(shown(2, { email: person(1).email })),
      match: { path: '/users/search$', body: 'accountIds' },
    };
    const rows = [suspend(1), { action: 'restore-user', accountId: person(2).accountId }];
    const { changes, outcomes } = await run(rows, { faults: [byId] });
    expect(outcomes).toEqual(['done', 'already']);
    expect(changes).toEqual([expect.stringContaining(person(1).accountId)]);
  });

  it('that its owner hides is found by a search of its own', async () => {
    const { email: _, ...hidden } = shown(1);
    const only: Fault = { ...shows(hidden), match: { path: '/users/search$', body: `\\["${person(1).email}"\\]` } };
    const { outcomes, changes } = await run([suspend(0), suspend(1)], { faults: [only, shows(shown(0), hidden)] });
    expect(outcomes).toEqual(['done', 'done']);
    expect(changes.toSorted()).toEqual([0, 1].map((n) => expect.stringContaining(person(n).accountId) as string));
  });

  it('shown once suspended and once active, as in two directories, is not taken as suspended', async () => {
    const both = [shown(1, { status: 'suspended' }), shown(1)];
    const { outcomes } = await run([suspend(1)], { faults: [shows(...both)] });
    expect(outcomes).toEqual(['done']);
  });

  it('of an admin in one of two entries is protected', async () => {
    const both = [shown(1, { platformRoles: ['atlassian/org-admin'] }), shown(1, { platformRoles: [] })];
    expect((await run([suspend(1)], { faults: [shows(...both)] })).outcomes).toEqual(['admin']);
  });
});

describe('rows that contradict each other', () => {
  const { email, accountId } = person(1);
  const remove = { action: 'remove-user', email };
  const cases: readonly [string, object, object][] = [
    ['suspended by e-mail and restored by account id', suspend(1), { action: 'restore-user', accountId }],
    [
      'removed by e-mail and put into a group by account id',
      remove,
      { action: 'add-user-to-group', accountId, groupName: 'group-1' },
    ],
    [
      'removed by account id and invited again',
      { ...remove, email: undefined, accountId },
      { action: 'invite-user', email },
    ],
    [
      'put into a group by its name and taken out by its id',
      { action: 'add-user-to-group', email, groupName: 'group-1' },
      { action: 'remove-user-from-group', accountId, groupId: group(1).groupId },
    ],
  ];

  it.each(cases)('because somebody is %s are found before anything is sent', async (_, one, other) => {
    for (const flags of [[], ['--skip-invalid']]) {
      const { code, stderr, changes } = await run([suspend(0), one, other], { flags });
      expect([code, changes]).toEqual([65, []]);
      expect(stderr).toMatch(/m\.ndjson:3.* contradicts .*m\.ndjson:2, which .*keep one of the two/);
    }
  });
});

describe('a change with two dates', () => {
  const { email, accountId } = person(1);
  const [soon, late] = ['2026-03-31', '2099-10-31'];
  const cases: readonly [string, object, object][] = [
    ['of one person', { ...suspend(1), notBefore: soon }, { ...suspend(1), notBefore: late }],
    ['of which one is none', suspend(1), { ...suspend(1), notBefore: late }],
    [
      'of one person by e-mail and by account id',
      { ...suspend(1), notBefore: soon },
      { action: 'suspend-user', accountId, notBefore: late },
    ],
  ];

  it.each(cases)('%s is refused with both lines and both dates, and nothing is sent', async (_, one, other) => {
    const { code, stderr, changes } = await run([suspend(0), one, other]);
    expect([code, changes]).toEqual([65, []]);
    expect(stderr).toMatch(
      /m\.ndjson:3: notBefore 2099-10-31T00:00Z contradicts .*m\.ndjson:2, the same .* due at .*keep/,
    );
  });

  it('of which the later row has none is refused too', async () => {
    const { code, stderr } = await run([{ ...suspend(1), notBefore: late }, suspend(1)]);
    expect([code, stderr]).toEqual([65, expect.stringMatching(/:2: notBefore is empty \(due at once\).* 2099-10-31/)]);
  });

  it('is run for nobody with --skip-invalid, whatever else the file wants of that person; the rest is', async () => {
    const leave = { action: 'remove-user-from-group', email, groupName: 'group-0' };
    const rows = [{ ...suspend(1), notBefore: soon }, suspend(0), { ...suspend(1), notBefore: late }, leave];
    const { code, outcomes, changes } = await run(rows, { flags: ['--skip-invalid'] });
    expect([code, outcomes]).toEqual([1, ['invalid', 'done', 'invalid', 'invalid']]);
    expect(changes).toEqual([expect.stringContaining(person(0).accountId)]);
  });

  it('is a duplicate when the dates are the same', async () => {
    const held = { ...suspend(1), notBefore: late };
    const { code, outcomes } = await run([held, { ...held, reference: 'HR-2' }]);
    expect([code, outcomes]).toEqual([0, ['held', 'duplicate']]);
  });
});

describe('a group', () => {
  it('whose name two groups have is none, and the row names both', async () => {
    const data = [0, 1].map((n) => ({ id: group(n).groupId, name: n === 0 ? 'Staff' : 'staff' }));
    const twice: Fault = { match: { path: '/groups/search$' }, kind: 'status', status: 200, body: { data, links: {} } };
    const row = { action: 'delete-group', groupName: 'staff' };
    const { outcomes, ends, changes } = await run([row], { faults: [twice] });
    expect([outcomes, changes]).toEqual([['not-found'], []]);
    expect(ends[0]?.['message']).toContain(`${group(0).groupId}, ${group(1).groupId}`);
  });

  it.each([
    ['remove-user-from-group', 'done'],
    ['add-user-to-group', 'already'],
  ])('given to %s by an id in capitals is the same group', async (action, outcome) => {
    const groupId = 'abcdef00-0000-4000-8000-00000000000a';
    const member = shown(1, { groups: [{ id: `ari:cloud:identity::group/${groupId}`, name: 'x' }] });
    const gone: Fault = { match: { method: 'DELETE', path: 'memberships' }, kind: 'status', status: 204 };
    const row = { action, email: person(1).email, groupId: groupId.toUpperCase() };
    expect((await run([row], { faults: [shows(member), gone] })).outcomes).toEqual([outcome]);
  });

  it('made earlier in the run takes the people who are invited into it', async () => {
    const rows = [
      { action: 'create-group', groupName: 'Alumni' },
      { action: 'invite-user', email: 'new@example.com', groups: ['alumni ', 'group-1'] },
    ];
    for (const api of ['v1', 'v2']) {
      const { outcomes, state } = await run(rows, { flags: ['--api', api] });
      const made = state.groups.find(({ name }) => name === 'Alumni')?.id;
      expect(outcomes).toEqual(['done', 'done']);
      expect(new Set(state.people.at(-1)?.groups)).toEqual(new Set([made, group(1).groupId]));
    }
  });

  it('made and deleted in one run is gone at its end', async () => {
    const rows = ['create-group', 'delete-group'].map((action) => ({ action, groupName: 'alumni' }));
    const { outcomes, state } = await run(rows);
    expect([outcomes, state.groups.map(({ name }) => name)]).toEqual([
      ['done', 'done'],
      ['group-0', 'group-1', 'group-2'],
    ]);
  });
});

describe('protection', () => {
  const list = (...entries: readonly string[]) => ['--protect', file('protect.txt', entries.join('\n'))];
  const add = { action: 'add-user-to-group', email: person(1).email };
  const cases: readonly [string, string, object][] = [
    ["a group's name holds for its id", 'Group-1', { ...add, groupId: group(1).groupId }],
    ["a group's id holds for its name", group(1).groupId, { ...add, groupName: 'group-1' }],
    [
      "a group's name holds for an invitation into it",
      'group-1',
      { action: 'invite-user', email: 'n@example.com', groups: ['GROUP-1'] },
    ],
    [
      "a group's name holds for an invitation by its id",
      'group-1',
      { action: 'invite-user', email: 'n@example.com', groups: [group(1).groupId] },
    ],
    [
      'an e-mail holds for the account id',
      'Person1@Example.com',
      { action: 'suspend-user', accountId: person(1).accountId },
    ],
    ['an account id holds for the e-mail', person(1).accountId, suspend(1)],
  ];

  it.each(cases)('%s', async (_, entry, row) => {
    const { outcomes, changes } = await run([row], { flags: list(entry) });
    expect([outcomes, changes]).toEqual([['protected'], []]);
  });

  it('by e-mail holds for an account id whose owner hides the address', async () => {
    const { email: _, ...hidden } = shown(1);
    const byId: Fault = { ...shows(hidden), match: { path: '/users/search$', body: 'accountIds' } };
    const row = { action: 'remove-user', accountId: person(1).accountId };
    const { outcomes } = await run([row], { faults: [byId], flags: list(person(1).email) });
    expect(outcomes).toEqual(['protected']);
  });

  it("of the operator is about people, not about a group with the operator's name", async () => {
    const row = { ...add, groupName: 'group-1' };
    expect((await run([row], { flags: ['--operator', 'group-1'] })).outcomes).toEqual(['done']);
    const own = ['--operator', person(1).email.toUpperCase()];
    expect((await run([suspend(1)], { flags: own })).outcomes).toEqual(['protected']);
  });
});
