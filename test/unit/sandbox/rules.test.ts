// What the organization refuses and with which words, what it takes as done before, and licences: each rule in both generations.
import { describe, expect, it } from 'vitest';
import { account, confluence, directory, groupId, jira, serveCast, user } from '../../support/cast.ts';
import {
  v1,
  d1,
  d2,
  invite2,
  suspend1,
  suspend2,
  restore1,
  restore2,
  delete1,
  delete2,
  add1,
  add2,
  take1,
  take2,
  grant,
  old,
  neu,
  roles1,
  people,
  groups,
  rolesAndBodies,
  needsJson,
} from '../../support/cast-refusals.ts';

const field = /^(The body|[a-zA-Z_]+): (Invalid|Too small)/;
const deactivated = /^The account of user \S+:deactivated is deactivated$/;
const admin = /^User \S+:admin is an organization admin; revoke that role first$/;
const invalidRole = /^Role \S+ is not valid for ari:cloud:jira-software::site\/\S+$/;
const taken = /^A group with the name Staff group already exists$/i;
const locked =
  /^(Group g-synced is synced from an identity provider|Members of site-admin group g-admins can't be .*)$/;
const stranger = /^(One or more user not found in the directory|User \S+:active is not a member of group g-empty)$/;
const unknown = /^(Group (g-)?nothing|User \S+:(nobody|outsider|uninvited)) not found$/;

/** The title of each code, and what its details say. */
const words: Readonly<Record<string, readonly [title: RegExp, ...details: RegExp[]]>> = {
  'ADMIN-400-4': [/^Invalid resource$/, taken, invalidRole, deactivated, admin],
  'ADMIN-400-24': [/^Invalid request body$/, field],
  'ADMIN-403-5': [/^Not allowed to manage the group$/, locked],
  'ADMIN-403-6': [/^Not allowed to delete group with default-role attribute$/, /^Group g-base is a default group$/],
  'ADMIN-403-7': [/^Not allowed to delete group which grants admin access/, /^Group g-admins grants admin access$/],
  'ADMIN-404-8': [/^User not found$/, stranger],
  'ADMIN-404-10': [/^Group not found$/, unknown],
  'ADMIN-409-5': [/^Group not empty$/, /^Group g-staff has members$/],
  'ADMIN-UAM-400-1': [/^Bad request$/, admin, field],
  'ADMIN-UAM-400-2': [/^Inactive user$/, deactivated],
  'ADMIN-UAM-400-3': [/^Invalid role for resource$/, invalidRole],
  'ADMIN-UAM-400-4': [/^Product not licensed$/, /^Resource ari:cloud:trello::site\/x is not a product of this/],
  'ADMIN-UAM-400-5': [/^Cloud Resource is empty$/, /^Cloud Resource is empty$/],
  'ADMIN-UAM-403-1': [/^Forbidden$/, locked],
  'ADMIN-UAM-404-1': [/^Unknown resource$/, stranger],
  'ADMIN-UAM-404-3': [/^(Group not found|Unknown resource)$/, unknown],
  'ADMIN-UAM-409-2': [/^Resource conflicts$/, taken],
};

describe.each([
  ['people', people],
  ['groups', groups],
  ['roles and bodies', rolesAndBodies],
])('refusals about %s', (_, cases) => {
  it.each(cases)('%s %j is refused with %i %s', async (route, body, status, code) => {
    await using served = await serveCast();
    const before = served.sandbox.state();
    const called = await served.call(route, body);
    const [title = /^$/, ...details] = words[code] ?? [];
    const error = {
      code,
      title: expect.stringMatching(title) as string,
      detail: expect.stringMatching(new RegExp(details.map(({ source }) => source).join('|'), 'i')) as string,
      id: expect.any(String) as string,
    };
    expect([called.status, called.body]).toMatchObject([status, { errors: [error] }]);
    expect(served.sandbox.state()).toEqual(before);
    expect(served.sandbox.ledger).toMatchObject([{ status, applied: false, changed: false }]);
  });
});

describe('details of refusals', () => {
  it.each(needsJson)('%s without a body is 415, and so is one that is not said to be JSON', async (route) => {
    await using served = await serveCast();
    expect((await served.call(route)).body).toMatchObject({ errors: [{ code: 'ADMIN-UAM-415-1' }] });
    const called = await served.call(route, '{}', { headers: { 'content-type': 'text/plain' } });
    expect(called.status).toBe(415);
  });

  it('the status in the envelope is text on both generations', async () => {
    await using served = await serveCast();
    expect((await served.call(suspend1('nobody'))).body).toMatchObject({ errors: [{ status: '404' }] });
    expect((await served.call(suspend2('nobody'), {})).body).toMatchObject({ errors: [{ status: '404' }] });
  });

  it.each([suspend2('active'), `POST ${d2}/groups`, add2('empty')])(
    '%s needs the id of a directory that is there',
    async (route) => {
      await using served = await serveCast();
      for (const id of ['-', 'elsewhere']) {
        const called = await served.call(route.replace('{directory}', id), { name: 'x', ...neu('active') });
        expect([called.status, called.body]).toMatchObject([404, { errors: [{ code: 'ADMIN-UAM-404-1' }] }]);
      }
    },
  );

  it.each([
    [`DELETE ${d1}/users/${account('active')}`, `DELETE ${d2}/users/${account('active')}`],
    [take1('staff'), take2('staff')],
    [delete1('empty'), delete2('empty')],
  ])('%s and its like on v2 find nothing the second time', async (...routes) => {
    for (const route of routes) {
      await using served = await serveCast();
      expect((await served.call(route)).status).toBeLessThan(300);
      expect((await served.call(route)).status).toBe(404);
    }
  });
});

describe('what is so before', () => {
  const again: readonly (readonly [string, unknown])[] = [
    [suspend1('suspended'), {}],
    [suspend2('suspended'), {}],
    [restore1('active'), {}],
    [restore2('active'), {}],
    [add1('staff'), old('active')],
    [add2('staff'), neu('active')],
    [`POST ${d1}/groups/${groupId('staff')}/roles/assign`, roles1({ role: user, resource: jira })],
    [`POST ${d2}/groups/${groupId('empty')}/role-assignments/revoke`, { roleId: user, resourceId: jira }],
    [grant('active'), { role: 'atlassian/admin', resource: confluence }],
    [grant('admin'), { role: 'atlassian/org-admin' }],
  ];

  it.each(again)('%s %j is carried out as if for the first time, and makes no difference', async (route, body) => {
    await using served = await serveCast();
    const before = served.sandbox.state();
    expect((await served.call(route, body)).status).toBeLessThan(300);
    expect(served.sandbox.state()).toEqual(before);
    expect(served.sandbox.ledger).toMatchObject([{ applied: true, changed: false }]);
  });

  it('an organization may answer 409 to adding a member again on v2, never on v1', async () => {
    await using served = await serveCast({ change: (state) => void (state['readd'] = '409') });
    const called = await served.call(add2('staff'), neu('active'));
    expect([called.status, called.body]).toMatchObject([
      409,
      { errors: [{ code: 'ADMIN-UAM-409-2', detail: expect.stringMatching(/already a member/) as string }] },
    ]);
    expect((await served.call(add1('staff'), old('active'))).status).toBe(200);
  });
});

describe('invitations', () => {
  it('find the account of somebody who was there before, with the id that they had', async () => {
    await using served = await serveCast();
    expect((await served.call(`POST ${v1}/users/invite`, { email: 'Outsider@example.com' })).body).toEqual([
      account('outsider'),
    ]);
    expect(served.person('outsider')).toMatchObject({ status: 'active', groups: [], roles: [] });
  });

  it('on v2 are answered with 206 when a group or a role is refused, and the rest is given', async () => {
    await using served = await serveCast();
    const rules = [
      { role: user, resource: jira },
      { role: 'atlassian/king', resource: jira },
    ];
    const called = await served.call(invite2, {
      emails: ['new@example.com'],
      permissionRules: rules,
      additionalGroups: [groupId('empty'), groupId('synced')],
    });
    const [results] = (called.body as { data: { results: unknown[] }[] }).data;
    const [good, bad] = [
      { status: 'INVITED', statusReason: null },
      { status: 'ERROR', statusReason: expect.any(String) as string },
    ];
    const roles = rules.map((rule, n) => ({ ...rule, ...(n === 0 ? good : bad) }));
    const joined = [
      { group: groupId('empty'), ...good },
      { group: groupId('synced'), ...bad },
    ];
    expect([called.status, results?.results]).toEqual([
      206,
      [{ roleAssignmentResult: roles, groupAssignmentResult: joined }],
    ]);
    expect(served.sandbox.state().people.at(-1)).toMatchObject({
      email: 'new@example.com',
      groups: [groupId('empty')],
      roles: [rules[0]],
    });
  });

  it('count as a change every time, because each sends a mail', async () => {
    await using served = await serveCast();
    for (const _ of [1, 2]) await served.call(`POST ${v1}/users/invite`, { email: 'active@example.com' });
    expect(served.sandbox.ledger).toMatchObject([
      { applied: true, changed: true },
      { applied: true, changed: true },
    ]);
  });
});

describe('licences', () => {
  /** Three active people hold a seat on Jira through their group; `room` is how many more may. */
  const withRoom = (room: number) => (state: Record<string, unknown>) =>
    void (state['licences'] = [{ resource: jira, limit: 3 + room }]);
  const free = (state: Record<string, unknown>) =>
    void ((state['people'] as { groups: string[] }[])[6] as { groups: string[] }).groups.splice(0);
  const seats: readonly (readonly [string, unknown, number, string])[] = [
    [restore1('suspended'), undefined, 400, 'ADMIN-400-32'],
    [restore2('suspended'), {}, 400, 'ADMIN-400-32'],
    [
      `POST ${v1}/users/invite`,
      { email: 'new@example.com', permissionRule: { role: user, resource: jira } },
      400,
      'ADMIN-400-32',
    ],
    [
      invite2,
      { emails: ['new@example.com'], permissionRules: [{ role: user, resource: jira }] },
      409,
      'ADMIN-UAM-409-3',
    ],
  ];

  it.each(seats)('%s %j needs a seat: refused with %i %s when there is none', async (route, body, status, code) => {
    await using full = await serveCast({ change: withRoom(0) });
    expect([(await full.call(route, body)).status, (await full.call(route, body)).body]).toMatchObject([
      status,
      { errors: [{ code }] },
    ]);
    await using roomy = await serveCast({ change: withRoom(1) });
    expect((await roomy.call(route, body)).status).toBeLessThan(300);
  });

  const joining: readonly (readonly [string, unknown, string])[] = [
    [add1('spare'), old('colleague'), 'ADMIN-400-32'],
    [add2('spare'), neu('colleague'), 'ADMIN-UAM-409-3'],
    [grant('colleague'), { role: user, resource: jira }, 'ADMIN-UAM-409-3'],
  ];

  it.each(joining)('%s %j needs a seat for somebody who holds none: %s', async (route, body, code) => {
    const change = (room: number) => (state: Record<string, unknown>) =>
      [free, withRoom(room)].forEach((each) => each(state));
    await using full = await serveCast({ change: change(-1) });
    expect((await full.call(route, body)).body).toMatchObject({ errors: [{ code }] });
    await using roomy = await serveCast({ change: change(0) });
    expect((await roomy.call(route, body)).status).toBeLessThan(300);
  });

  it('a role of a group takes a seat for every active member', async () => {
    await using served = await serveCast({
      change: (state) => void (state['licences'] = [{ resource: confluence, limit: 2 }]),
    });
    const called = await served.call(`POST ${d2}/groups/${groupId('spare')}/role-assignments/assign`, {
      resourceId: confluence,
      roleId: user,
    });
    expect(called.status).toBe(200);
    expect((await served.call(add2('spare'), neu('active'))).status).toBe(204);
  });

  it('suspending somebody frees the seat', async () => {
    await using served = await serveCast({ change: withRoom(0) });
    expect((await served.call(restore2('suspended'), {})).status).toBe(400);
    expect((await served.call(suspend2('colleague'), {})).status).toBe(204);
    expect((await served.call(restore2('suspended'), {})).status).toBe(204);
  });

  it.each(['atlassian/guest', 'atlassian/customer', 'atlassian/stakeholder'])('%s takes no seat', async (role) => {
    await using served = await serveCast({ change: withRoom(0) });
    expect(
      (
        await served.call(`POST ${v1}/users/invite`, {
          email: 'new@example.com',
          permissionRule: { role, resource: jira },
        })
      ).status,
    ).toBe(202);
  });
});

describe('an organization with several directories', () => {
  const other = '30000000-0000-4000-8000-000000000002';
  const change = (state: Record<string, unknown>) => {
    (state['directories'] as object[]).push({ id: other, name: 'Other' });
    ((state['people'] as Record<string, unknown>[])[6] as Record<string, unknown>)['directory'] = other;
  };

  it('shows and changes people in their own directory only', async () => {
    await using served = await serveCast({ change });
    expect((await served.call(`GET ${d2}/users/count`)).body).toEqual({ count: 5 });
    expect((await served.call(`GET ${d2.replace('{directory}', '-')}/users/count`)).body).toEqual({ count: 6 });
    expect((await served.call(suspend2('colleague'), {})).status).toBe(404);
    expect((await served.call(suspend2('colleague').replace('{directory}', other), {})).status).toBe(204);
  });

  it("keeps people out of another directory's groups", async () => {
    await using served = await serveCast({ change });
    const called = await served.call(add2('empty'), neu('colleague'));
    expect(called.body).toMatchObject({
      errors: [{ code: 'ADMIN-UAM-404-1', detail: 'One or more user not found in the directory' }],
    });
  });

  it('makes a group where it is asked for', async () => {
    await using served = await serveCast({ change });
    await served.call(`POST ${d2.replace('{directory}', other)}/groups`, { name: 'Elsewhere' });
    expect(served.sandbox.state().groups.at(-1)).toMatchObject({ name: 'Elsewhere', directory: other });
    expect((await served.call(`POST ${d2}/groups/search`, { groupNames: ['elsewhere'] })).body).toMatchObject({
      data: [],
    });
  });

  it.each([suspend1('active'), delete1('empty'), `DELETE ${d1}/users/${account('active')}`])(
    'refuses %s, because v1 needs one directory',
    async (route) => {
      await using served = await serveCast({ change });
      const called = await served.call(route);
      expect([called.status, called.body]).toMatchObject([
        400,
        {
          errors: [
            { code: 'ADMIN-400-4', detail: expect.stringMatching(/not with the new user management/) as string },
          ],
        },
      ]);
      expect((await served.call(`GET ${d1}/users/${account('active')}/last-active-dates`)).status).toBe(200);
      expect(directory).not.toBe(other);
    },
  );
});
