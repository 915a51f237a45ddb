// What the plan knows of refusals: groups that the API does not change, texts that nobody gets, and what happens to such rows.
import { describe, expect, it } from 'vitest';
import { group, person } from '../../support/organization.ts';
import { allowAll, manifest, scenario } from '../../support/scenario.ts';

/** Group 1 is synced, group 2 a default group, group 3 an admin group; two accounts share an address. */
const company = () =>
  scenario({
    people: 4,
    groups: 5,
    change: (state) => {
      const [people, groups] = [state['people'] as object[], state['groups'] as object[]];
      ['normal', 'scim', 'default', 'site-admin'].forEach((kind, n) => Object.assign(groups[n] ?? {}, { kind }));
      Object.assign(people[3] ?? {}, { email: person(2).email });
      Object.assign(people[1] ?? {}, { groups: [group(1).groupId] });
    },
  });

const { email } = person(1);
const rows = [
  { action: 'remove-user-from-group', email, groupName: 'group-1' },
  { action: 'add-user-to-group', email: person(0).email, groupId: group(1).groupId },
  { action: 'delete-group', groupId: group(1).groupId.toUpperCase() },
  { action: 'delete-group', groupName: 'group-2' },
  { action: 'delete-group', groupName: 'group-3' },
  { action: 'add-user-to-group', email, groupName: 'group-4' },
];

describe('a group that the API does not change', () => {
  it('is marked in the plan, whether it is named or given by id', async () => {
    await using s = await company();
    const { stdout } = await s.leavers(['plan', manifest(rows), '--json', '--all', '--allow', 'delete-group']);
    const { actions, rows: all } = JSON.parse(stdout) as Record<string, Record<string, { refused: number }>>;
    const counts = Object.values(actions ?? {}).map(({ refused }) => refused);
    expect(counts.toSorted((a, b) => a - b)).toEqual([1, 1, 3]);
    expect(JSON.stringify(all)).toContain(
      'the API will refuse this: group group-1 is synced from an identity provider',
    );
  });

  it('is named in the text of the plan, with the number of rows that will fail', async () => {
    await using s = await company();
    const { stdout } = await s.leavers(['plan', manifest(rows), '--allow', 'delete-group']);
    expect(stdout).toContain('6 to change (5 of them the API will refuse)');
    expect(stdout).toMatch(/– 3 that will fail: .*group group-2\s+can't be deleted/s);
  });

  it('is sent even so, fails with the code of the API, and has its own advice', async () => {
    await using s = await company();
    const { rows: ended, stdout } = await s.run(rows, [...allowAll, '--max-failures', '100', '--accept', 'blocked']);
    const codes = ended.map(({ error }) => (error as { code: string } | null)?.code);
    const [synced, undeletable] = ['ADMIN-UAM-403-1', 'ADMIN-403-5'];
    expect(codes).toEqual([synced, synced, undeletable, 'ADMIN-403-6', 'ADMIN-403-7', undefined]);
    for (const words of ['synced from an identity provider', 'a default group', 'gives admin access'])
      expect(stdout).toContain(words);
  });

  it('costs one look-up for many rows about the same ids', async () => {
    await using s = await company();
    const { groupId } = group(4);
    const many = [0, 1, 2].map((n) => ({ action: 'add-user-to-group', accountId: person(n).accountId, groupId }));
    await s.leavers(['plan', manifest(many)]);
    expect(s.sandbox.ledger.filter(({ path }) => path.endsWith('/groups/search'))).toHaveLength(1);
  });
});

describe('the plan', () => {
  it.each([
    ['v2', { action: 'invite-user', email: 'new@example.com', notificationText: 'Hello' }, 'nobody receives the text'],
    ['v2', { action: 'remove-user', email }, 'removals are queued'],
    ['v1', { action: 'create-group', groupName: 'new' }, 'published as experimental'],
  ])('on %s of %j says that %s', async (api, row, words) => {
    await using s = await company();
    const { stdout } = await s.leavers([
      'plan',
      manifest([row, { action: 'get-last-active', email }]),
      '--json',
      '--api',
      api,
      ...allowAll,
    ]);
    expect(stdout).toContain(words);
  });

  it('shows the ids of two accounts that have one address, and the recap too', async () => {
    await using s = await company();
    const {
      rows: [row],
      stdout,
    } = await s.run([{ action: 'suspend-user', email: person(2).email }]);
    expect(row).toMatchObject({ outcome: 'skipped', reason: 'not-found' });
    for (const n of [2, 3]) expect(stdout.replaceAll(/\s+/g, '')).toContain(person(n).accountId);
    expect(stdout).not.toContain('spelling');
  });
});
