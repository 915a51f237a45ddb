// Who is an organization admin, which ARIs a site has, and when a change shows.
import { describe, expect, it } from 'vitest';
import { account, confluence, directory, groupId, jira, serveCast, site, stoppedClock } from '../../support/cast.ts';

const d2 = '/v2/orgs/{org}/directories/{directory}';
const orgRole = { role: 'atlassian/org-admin' };
const [active, admins] = [account('active'), groupId('admins')];

/** The group `admins` gives the organization admin's role; one person is in it. */
const withAdminGroup = (state: Record<string, unknown>) => {
  const groups = state['groups'] as { id: string; roles: object[] }[];
  const platform = 'ari:cloud:platform::org/6665kc2j-4644-14k8-j32c-68cc0b1d15b8';
  groups.find(({ id }) => id === admins)?.roles.push({ ...orgRole, resource: platform });
};

describe('an organization admin', () => {
  it('is who a group makes one: reads show it, and a suspension is refused', async () => {
    await using served = await serveCast({ change: withAdminGroup });
    const shown = await served.call(`GET ${d2}/users/${active}`);
    expect(shown.body).toMatchObject({ data: { platformRoles: [orgRole.role] } });
    expect((await served.call(`POST ${d2}/users/${active}/suspend`, {})).status).toBe(400);
    const held = await served.call(`GET ${d2}/users/${active}/role-assignments`);
    const entries = (held.body as { data: { directoryId: string | null; resourceId: string }[] }).data;
    expect(entries.map(({ directoryId }) => directoryId)).toEqual([directory, directory, null]);
  });

  it('becomes one by joining the group, and by the role of the organization', async () => {
    await using served = await serveCast({ change: withAdminGroup });
    const colleague = account('colleague');
    await served.call(`POST ${d2}/groups/${admins}/memberships`, { accountId: colleague });
    expect((await served.call(`POST ${d2}/users/${colleague}/suspend`, {})).status).toBe(400);
    const suspended = account('suspended');
    await served.call(`POST /v1/orgs/{org}/users/${suspended}/role-assignments/assign`, orgRole);
    expect((await served.call(`POST ${d2}/users/${suspended}/restore`, {})).status).toBe(400);
    await served.call(`POST /v1/orgs/{org}/users/${suspended}/role-assignments/revoke`, orgRole);
    expect((await served.call(`POST ${d2}/users/${suspended}/restore`, {})).status).toBe(204);
  });
});

it.each(['jira', 'platform'])('a site has an ARI of %s, as the specification writes it', async (owner) => {
  await using served = await serveCast();
  const body = { role: 'atlassian/user', resource: `ari:cloud:${owner}::site/${site}` };
  expect((await served.call(`POST /v1/orgs/{org}/users/${active}/roles/assign`, body)).status).toBe(204);
});

it('a person who would exceed the limits of several products is refused with ADMIN-400-32', async () => {
  const change = (state: Record<string, unknown>) => {
    state['licences'] = [jira, confluence].map((resource) => ({ resource, limit: 1 }));
    const groups = state['groups'] as { roles: object[] }[];
    groups[1]?.roles.push(...[jira, confluence].map((resource) => ({ role: 'atlassian/user', resource })));
    const people = state['people'] as { accountId: string; roles: object[]; groups: string[] }[];
    const colleague = people.find(({ accountId }) => accountId === account('colleague'));
    Object.assign(colleague ?? {}, { roles: [], groups: [] });
  };
  await using served = await serveCast({ change });
  const added = await served.call(`POST ${d2}/groups/${groupId('empty')}/memberships`, {
    accountId: account('colleague'),
  });
  expect(added).toMatchObject({ status: 400, body: { errors: [{ code: 'ADMIN-400-32' }] } });
});

describe('a change', () => {
  const status = async ({ call }: Awaited<ReturnType<typeof serveCast>>) => {
    const { body } = await call(`POST ${d2}/users/search`, { accountIds: [active] });
    return (body as { data: { status: string }[] }).data[0]?.status;
  };

  it('shows after the delay of effects, and the rules go by it at once', async () => {
    const clock = stoppedClock();
    await using served = await serveCast({ clock, effectDelayMs: 30_000 });
    await served.call(`POST ${d2}/users/${active}/suspend`, {});
    clock.pass(29_000);
    expect([await status(served), served.person('active')?.status]).toEqual(['active', 'suspended']);
    clock.pass(1000);
    expect(await status(served)).toBe('suspended');
  });

  it('leaves a removed person in the deletion queue for its delay, unless they are invited again', async () => {
    const clock = stoppedClock();
    await using served = await serveCast({ clock, deletionDelayMs: 60_000 });
    await served.call(`DELETE ${d2}/users/${active}`);
    clock.pass(59_000);
    expect(await status(served)).toBe('active');
    clock.pass(1000);
    expect(await status(served)).toBe('not_invited');
    await served.call('POST /v2/orgs/{org}/users/invite', { emails: ['active@example.com'] });
    await served.call(`DELETE ${d2}/users/${active}`);
    await served.call('POST /v2/orgs/{org}/users/invite', { emails: ['active@example.com'] });
    clock.pass(60_000);
    expect(await status(served)).toBe('active');
  });
});
