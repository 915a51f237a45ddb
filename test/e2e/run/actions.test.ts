// Every action on both API generations, over a socket: the requests it sends, its line in the report, and a second run that has nothing to do.
import { describe, expect, it } from 'vitest';
import { type ActionName, actionNames, type Fields, type Generation } from '../../../src/model.ts';
import { group, person, site } from '../../support/organization.ts';
import { allowAll, scenario } from '../../support/scenario.ts';
import { sentOf, wire } from '../../contract/wire.ts';

const role = { role: 'atlassian/user', resource: site };

/** A row of each action, and what must have taken effect in the organization. */
const rows: Readonly<Record<ActionName, Fields>> = {
  'get-last-active': { email: person(1).email },
  'suspend-user': { email: person(1).email },
  'restore-user': { accountId: person(9).accountId },
  'remove-user': { email: person(1).email },
  'invite-user': { email: 'new@example.com', sendNotification: false },
  'create-group': { groupName: 'alumni', description: 'People who left' },
  'delete-group': { groupName: 'group-2' },
  'add-user-to-group': { email: person(1).email, groupName: 'group-1' },
  'remove-user-from-group': { email: person(1).email, groupId: group(0).groupId },
  'assign-group-roles': { groupName: 'group-1', roles: [role, { ...role, role: 'atlassian/admin' }] },
  'revoke-group-roles': { groupName: 'group-0', roles: [role] },
  'grant-user-role': { email: person(1).email, ...role },
  'revoke-user-role': { email: person(2).email, ...role },
  'deactivate-user': { email: person(1).email, message: 'Goodbye' },
  'reactivate-user': { email: person(8).email },
  'revoke-api-tokens': { email: person(1).email },
};

const company = () =>
  scenario({
    people: 10,
    change: (state) => {
      const people = state['people'] as Record<string, unknown>[];
      (people[9] as Record<string, unknown>)['status'] = 'suspended';
      (people[2] as Record<string, unknown>)['roles'] = [role];
      (people[8] as Record<string, unknown>)['status'] = 'deactivated';
      (people[1] as Record<string, unknown>)['apiTokens'] = ['t1', 't2'].map((id) => ({
        id,
        label: `script ${id}`,
        createdAt: '2025-01-02T03:04:05Z',
      }));
      ((state['groups'] as Record<string, unknown>[])[0] as Record<string, unknown>)['roles'] = [role];
    },
  });

describe.each(['v1', 'v2'] as const)('on %s', (generation: Generation) => {
  it.each(actionNames)('%s runs, is reported, and a second run has nothing to do', async (action) => {
    await using s = await company();
    const flags = ['--api', generation, ...allowAll];
    const first = await s.run([{ action, ...rows[action] }], flags);
    expect(sentOf(s.sandbox.ledger)).toEqual(wire[action][generation]);
    expect(first.rows[0]).toMatchObject({ action, outcome: 'done', ambiguous: false });
    expect(first.code).toBe(0);
    const calls = s.changes().length;
    if (action !== 'get-last-active') expect(calls).toBeGreaterThan(0);
    expect((await s.run(first.manifest, [...flags, '--resume'], { report: first.report })).code).toBe(0);
    expect(s.changes()).toHaveLength(calls);
  });

  it('uses a group by the name that an earlier row gave it, and blocks what needs a group that could not be made', async () => {
    await using s = await company();
    const made = [
      { action: 'create-group', groupName: 'alumni' },
      { action: 'add-user-to-group', email: person(1).email, groupName: 'Alumni' },
    ];
    const { code, outcomes } = await s.run(made, ['--api', generation]);
    expect(code).toBe(0);
    expect(outcomes).toEqual(['done', 'done']);
    const alumni = s.sandbox.state().groups.find(({ name }) => name === 'alumni');
    expect(s.sandbox.state().people[1]?.groups).toContain(alumni?.id);
  });
});
