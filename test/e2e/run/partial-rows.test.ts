// Rows of several calls that end halfway: no call is left out, no call is reported as done that was not, and no invitation is sent twice.
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/sandbox/faults.ts';
import { group, person, site } from '../../support/organization.ts';
import { manifest, path, type Scenario, scenario } from '../../support/scenario.ts';

/** A manifest of one row, run again and again on one report. */
function prepare(s: Scenario, row: object, api: string) {
  const [at, report] = [manifest([row]), path('r.ndjson')];
  const always = ['--resume', '--allow', 'invite-user', '--api', api, '--retries', '1'];
  return async (...flags: readonly string[]) => {
    const { code, lines } = await s.run(at, [...always, ...flags], { report });
    const end = lines.findLast(({ event }) => event === 'row');
    return { code, outcome: end?.['outcome'], message: end?.['message'], ambiguous: end?.['ambiguous'], end };
  };
}

const serve = (...faults: readonly Fault[]) => scenario({ people: 3, faults });
const sent = (s: Scenario, what: RegExp) => s.sandbox.ledger.filter(({ path: at }) => what.test(at)).length;
const roles = ['atlassian/user', 'atlassian/admin', 'atlassian/guest'].map((role) => ({ role, resource: site }));
const assign = { action: 'assign-group-roles', groupName: 'group-1', roles };
const invite = { action: 'invite-user', email: 'new@example.com', groups: ['group-0', 'group-1'] };
const already: Fault = {
  match: { path: 'assign$|invite$', nth: 1 },
  kind: 'status',
  status: 409,
  body: { errors: [{ code: 'ADMIN-UAM-409-2', title: 'Conflict', detail: 'already assigned' }] },
};

describe('several roles on v2', () => {
  it('of which the group has the first are assigned even so', async () => {
    await using s = await serve(already);
    expect(await prepare(s, assign, 'v2')()).toMatchObject({ code: 0, outcome: 'done' });
    const given = s.sandbox.state().groups[1]?.roles.map(({ role }) => role);
    expect(given).toEqual(['atlassian/admin', 'atlassian/guest']);
  });

  it('are already so only when the group has every one', async () => {
    await using s = await serve({ ...already, match: { path: 'assign$' } });
    expect(await prepare(s, assign, 'v2')()).toMatchObject({ code: 0, outcome: 'already' });
    expect(sent(s, /assign$/)).toBe(3);
  });

  it('of which the second is refused fail, say how far they came, and are given by a resumed run', async () => {
    await using s = await serve({ match: { path: 'assign$', nth: 2 }, kind: 'status', status: 403 });
    const run = prepare(s, assign, 'v2');
    const first = await run();
    expect(first).toMatchObject({ code: 1, outcome: 'failed' });
    expect(first.message).toMatch(/1 earlier call of the row had succeeded/);
    expect(await run()).toMatchObject({ code: 0, outcome: 'done' });
    expect(s.sandbox.state().groups[1]?.roles).toHaveLength(3);
  });
});

describe('an invitation with groups on v1', () => {
  const refused: Fault = { match: { path: 'memberships$', nth: 2 }, kind: 'status', status: 403 };

  it.each([
    ['refused', refused],
    ['lost', { match: { path: 'memberships$' }, kind: 'reset' }],
  ] satisfies [string, Fault][])('of which one is %s is unknown, and not sent again by itself', async (_, fault) => {
    await using s = await serve(fault);
    const run = prepare(s, invite, 'v1');
    expect(await run()).toMatchObject({ code: 3, outcome: 'unknown' });
    expect(await run()).toMatchObject({ code: 3 });
    expect(sent(s, /invite$/)).toBe(1);
  });

  it('whose key is revoked in between is unknown, and not sent again by itself', async () => {
    await using s = await serve({ match: { path: 'memberships$' }, kind: 'status', status: 401 });
    const run = prepare(s, invite, 'v1');
    expect(await run()).toMatchObject({ code: 77, outcome: 'unknown' });
    await run();
    expect(sent(s, /invite$/)).toBe(1);
  });

  it('of somebody who is in already still adds them to the groups', async () => {
    await using s = await serve(already);
    const row = { ...invite, email: person(1).email, groups: ['group-1', 'group-2'] };
    expect(await prepare(s, row, 'v1')()).toMatchObject({ code: 0, outcome: 'done' });
    expect(s.sandbox.state().people[1]?.groups).toHaveLength(3);
  });
});

describe('an invitation on v2', () => {
  it('that is answered 206 is not done: the row says what was refused, and it is not sent again by itself', async () => {
    const change = ({ groups }: Record<string, unknown>) =>
      void Object.assign((groups as object[])[1] ?? {}, { kind: 'scim' });
    await using s = await scenario({ people: 3, change });
    const run = prepare(s, invite, 'v2');
    const { end, message, ...first } = await run();
    expect([first, end?.['status']]).toMatchObject([{ code: 3, outcome: 'unknown' }, 206]);
    expect(message).toMatch(
      /^the invitation succeeded only in part: group group-1 was refused \(.*synced from an identity provider\)$/,
    );
    expect(end?.['accountId']).toMatch(/^712020:/);
    const parts = [
      { group: group(0).groupId, status: 'INVITED' },
      { group: group(1).groupId, status: 'ERROR' },
    ];
    expect(end?.['result']).toMatchObject({ parts });
    await run();
    expect(sent(s, /invite$/)).toBe(1);
  });

  it('of which every part is refused has failed, and a resumed run sends it again', async () => {
    const change = ({ groups }: Record<string, unknown>) =>
      void Object.assign((groups as object[])[1] ?? {}, { kind: 'scim' });
    await using s = await scenario({ people: 3, change });
    const run = prepare(s, { ...invite, groups: ['group-1'] }, 'v2');
    const { message, end, ...first } = await run();
    expect([first, end?.['status']]).toMatchObject([{ code: 1, outcome: 'failed' }, 206]);
    expect(message).toMatch(/^the invitation failed: group group-1 was refused \(/);
    await run();
    expect([sent(s, /invite$/), s.changes().filter(({ changed }) => changed).length]).toEqual([2, 0]);
  });

  it.each([
    ['v1', {}],
    ['v2', { data: [] }],
    ['v2', { error: 'access denied' }],
  ])('whose 2xx answer names no account is never done on %s: %j', async (api, body) => {
    await using served = await serve({ match: { path: 'invite$' }, kind: 'status', status: 200, body });
    const run = prepare(served, { action: 'invite-user', email: 'new@example.com' }, api);
    expect(await run()).toMatchObject({ code: 3, outcome: 'unknown', ambiguous: true });
    expect([sent(served, /invite$/), sent(served, /users\/search$/)]).toEqual([1, 2]);
  });

  it.each(['v1', 'v2'])('whose 2xx answer names no account is done on %s when the person is in', async (api) => {
    const body = { data: [] };
    await using served = await serve({ match: { path: 'invite$' }, kind: 'status', status: 200, body, after: true });
    const run = prepare(served, { action: 'invite-user', email: 'new@example.com' }, api);
    expect(await run()).toMatchObject({ code: 0, outcome: 'done' });
  });

  it.each(['v1', 'v2'])('whose answer is lost while nothing can be looked up is unknown on %s', async (api) => {
    const lost: Fault = { match: { path: 'invite$' }, kind: 'reset', after: true };
    const dark: Fault = { match: { path: 'users/search$', nth: 2 }, kind: 'status', status: 400 };
    await using s = await serve(lost, dark);
    const run = prepare(s, { action: 'invite-user', email: 'new@example.com' }, api);
    expect(await run()).toMatchObject({ code: 3, outcome: 'unknown', ambiguous: true });
    expect(await run('--retry-unknown')).toMatchObject({ code: 0, outcome: 'done', ambiguous: true });
    expect(sent(s, /invite$/)).toBe(1);
  });
});
