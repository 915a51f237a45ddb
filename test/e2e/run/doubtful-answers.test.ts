// Answers that do not confirm a change: a 2xx that reports a failure or is not from this API, and a 404 that does not say what is missing.
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/sandbox/faults.ts';
import { group, person, site } from '../../support/organization.ts';
import { allowAll, scenario } from '../../support/scenario.ts';

const role = { role: 'atlassian/user', resource: site };
const changes = {
  'suspend-user': { email: person(1).email },
  'restore-user': { email: person(2).email },
  'remove-user': { email: person(3).email },
  'invite-user': { email: 'new@example.com' },
  'create-group': { groupName: 'alumni' },
  'delete-group': { groupName: 'group-2' },
  'add-user-to-group': { email: person(7).email, groupName: 'group-1' },
  'remove-user-from-group': { email: person(4).email, groupName: 'group-0' },
  'assign-group-roles': { groupName: 'group-1', roles: [role] },
  'revoke-group-roles': { groupName: 'group-0', roles: [role] },
  'grant-user-role': { email: person(5).email, ...role },
  'revoke-user-role': { email: person(6).email, ...role },
} as const;
const bodies = [
  { error: 'access denied' },
  { data: [], errors: [{ title: 'Denied' }] },
  { errors: [{ code: 'X', title: 'Denied' }] },
  { code: 403, message: 'Forbidden' },
  { status: 'pending', ticket: 7 },
  [],
];
const posted = '(suspend|restore)(-access)?$|(invite|groups|memberships|assign|revoke)$';

const serve = (fault: Partial<Fault>) =>
  scenario({
    people: 8,
    faults: [
      { match: { method: 'POST', path: posted }, kind: 'status', status: 200, ...fault },
      { match: { method: 'DELETE' }, kind: 'status', status: 200, ...fault },
    ],
    change: (state) => void Object.assign((state['people'] as object[])[2] ?? {}, { status: 'suspended' }),
  });

describe.each(['v1', 'v2'])('a 2xx on %s', (api) => {
  it.each(bodies.map((body) => [body]))('with the body %j is never done', async (body) => {
    await using s = await serve({ body });
    const rows = Object.entries(changes).map(([action, fields]) => ({ action, ...fields }));
    const { outcomes, rows: ended } = await s.run(rows, ['--api', api, '--max-failures', '99', ...allowAll]);
    expect(outcomes).toHaveLength(12);
    expect(outcomes.filter((outcome) => outcome !== 'failed' && outcome !== 'unknown')).toEqual([]);
    expect(ended.map(({ message }) => message)).not.toContain(null);
  });

  it('that reports a failure is done when the directory shows the change', async () => {
    await using s = await serve({ body: { error: 'late' }, after: true });
    const settled = ['suspend-user', 'restore-user', 'delete-group', 'add-user-to-group'] as const;
    const rows = settled.map((action) => ({ action, ...changes[action] }));
    const { outcomes } = await s.run(rows, ['--api', api, ...allowAll]);
    expect(outcomes).toEqual(settled.map(() => 'done'));
  });
});

const vague = { errors: [{ code: 'ADMIN-404-1', title: 'Unknown resource', detail: 'Not found' }] };
const removals = [
  { action: 'remove-user', accountId: person(1).accountId },
  { action: 'delete-group', groupId: group(2).groupId },
  { action: 'remove-user-from-group', accountId: person(1).accountId, groupId: group(0).groupId },
];

describe.each(['v1', 'v2'])('a 404 on %s that does not say what is missing', (api) => {
  const fault: Fault = { match: { method: 'DELETE' }, kind: 'status', status: 404, body: vague };

  it.each(removals)('fails $action when it is there', async (row) => {
    await using s = await scenario({ people: 3, faults: [fault] });
    expect((await s.run([row], ['--api', api, ...allowAll])).outcomes).toEqual(['failed']);
  });

  it.each(removals)('means that $action is already so when it is gone', async (row) => {
    await using s = await scenario({ people: 3, faults: [{ ...fault, after: true }] });
    expect((await s.run([row], ['--api', api, ...allowAll])).outcomes).toEqual(['already']);
  });
});

describe.each(['empty', 'garbled'] as const)('a 404 on v1 whose body is %s', (kind) => {
  const fault: Fault = { match: { method: 'DELETE' }, kind, status: 404, body: vague };

  it.each(removals)('is no retired route: $action is looked up', async (row) => {
    await using there = await scenario({ people: 3, faults: [fault] });
    await using gone = await scenario({ people: 3, faults: [{ ...fault, after: true }] });
    const ran = await Promise.all([there, gone].map((s) => s.run([row], ['--api', 'v1', ...allowAll])));
    expect(ran.map(({ outcomes }) => outcomes)).toEqual([['failed'], ['already']]);
  });

  it.each(removals)('stops $action where the searches are gone as well', async (row) => {
    const searches: Fault = { match: { path: 'search' }, kind: 'status', status: 404, body: { code: 404 } };
    await using s = await scenario({ people: 3, faults: [fault, searches] });
    const { code, outcomes } = await s.run([row], ['--api', 'v1', ...allowAll]);
    expect([code, outcomes.filter((outcome) => outcome !== 'failed')]).toEqual([78, []]);
  });

  it('stops with 75 where the searches have an outage', async () => {
    const searches: Fault = { match: { path: '/groups/search' }, kind: 'status', status: 503, body: {} };
    await using s = await scenario({ people: 3, faults: [fault, searches] });
    const rows = [{ action: 'delete-group', groupId: group(0).groupId }];
    const { code, stderr } = await s.run(rows, ['--api', 'v1', '--retries', '0', ...allowAll]);
    expect([code, stderr]).toEqual([75, expect.not.stringContaining('no longer serves')]);
  });
});

it('an invitation on v1 goes on after a group that refuses', async () => {
  const change = (state: Record<string, unknown>) =>
    void Object.assign((state['groups'] as object[])[1] ?? {}, { kind: 'scim' });
  await using s = await scenario({ people: 3, change });
  const row = { action: 'invite-user', email: 'new@example.com', groups: ['group-0', 'group-1', 'group-2'] };
  const { outcomes, rows } = await s.run([row], ['--api', 'v1', ...allowAll]);
  expect([outcomes, rows[0]?.['message']]).toEqual([['unknown'], expect.stringContaining('group group-1 was refused')]);
  expect(s.sandbox.state().people.at(-1)?.groups).toEqual([group(0).groupId, group(2).groupId]);
});
