// Every route of the 13 actions in both generations: what a request that is right is answered, and what it does.
import { describe, expect, it } from 'vitest';
import { account, confluence, email, groupId, jira, org, serveCast, user } from '../../support/cast.ts';

type Served = Awaited<ReturnType<typeof serveCast>>;

interface Route {
  readonly route: string;
  readonly body?: unknown;
  readonly status: number;
  /** What the answer's JSON looks like; undefined means no body at all. */
  readonly answer: unknown;
  /** What is so afterwards and wasn't before. */
  readonly effect?: (served: Served) => unknown;
}

const v1 = '/v1/orgs/{org}';
const d1 = `${v1}/directory`;
const d2 = '/v2/orgs/{org}/directories/{directory}';
const active = account('active');
const [empty, staff] = [groupId('empty'), groupId('staff')];
const role = { resource: confluence, role: user };
const people = (served: Served) => served.sandbox.state().people;

const effects = {
  suspended: (s: Served) => s.person('active')?.status === 'suspended',
  restored: (s: Served) => s.person('suspended')?.status === 'active',
  removed: (s: Served) => s.person('active')?.status === 'not_invited' && s.person('active')?.groups.length === 0,
  created: (s: Served) =>
    s.sandbox.state().groups.some(({ name, description }) => name === 'Alumni' && description === 'Gone'),
  deleted: (s: Served) => s.group('empty') === undefined,
  forced: (s: Served) =>
    s.group('staff') === undefined && people(s).every(({ groups }) => !groups.includes(groupId('staff'))),
  joined: (s: Served) => s.person('active')?.groups.includes(groupId('empty')),
  left: (s: Served) => !s.person('active')?.groups.includes(groupId('staff')),
  invited: (s: Served) => people(s).some((each) => each.email === 'new@example.com' && each.status === 'active'),
  assigned: (s: Served) => s.group('empty')?.roles.some((each) => each.resource === confluence && each.role === user),
  revoked: (s: Served) => s.group('staff')?.roles.length === 0,
  granted: (s: Served) => s.person('active')?.roles.some((each) => each.role === user && each.resource === confluence),
  taken: (s: Served) => s.person('active')?.roles.length === 0,
  promoted: (s: Served) => s.person('active')?.orgAdmin,
  demoted: (s: Served) => s.person('admin')?.orgAdmin === false,
};

const invitedV2 = {
  data: [
    {
      id: expect.stringMatching(/^712020:/) as string,
      email: 'new@example.com',
      results: [{ roleAssignmentResult: [{ status: 'INVITED' }], groupAssignmentResult: [{ status: 'INVITED' }] }],
    },
  ],
};

/** The table of writes. */
const writes: readonly Route[] = [
  { route: `DELETE ${d1}/users/${active}`, status: 204, answer: undefined, effect: effects.removed },
  {
    route: `POST ${d1}/users/${active}/suspend-access`,
    status: 200,
    answer: { message: `Access to organization ${org} was suspended for user ${active}` },
    effect: effects.suspended,
  },
  {
    route: `POST ${d1}/users/${account('suspended')}/restore-access`,
    body: {},
    status: 200,
    answer: { message: `Access to organization ${org} was restored for user ${account('suspended')}` },
    effect: effects.restored,
  },
  {
    route: `POST ${d1}/groups`,
    body: { name: 'Alumni', description: 'Gone' },
    status: 200,
    answer: { message: 'Group Alumni was created', groupId: expect.stringMatching(/^[\da-f-]{36}$/) as string },
    effect: effects.created,
  },
  {
    route: `DELETE ${d1}/groups/${groupId('empty')}`,
    status: 200,
    answer: { message: `Group ${empty} was removed` },
    effect: effects.deleted,
  },
  {
    route: `DELETE ${d1}/groups/${groupId('staff')}?forceIfNotEmpty=true`,
    status: 200,
    answer: { message: `Group ${staff} was removed` },
    effect: effects.forced,
  },
  {
    route: `POST ${d1}/groups/${groupId('empty')}/memberships`,
    body: { account_id: active },
    status: 200,
    answer: { message: `User ${active} was added to group ${empty}` },
    effect: effects.joined,
  },
  {
    route: `DELETE ${d1}/groups/${groupId('staff')}/memberships/${active}`,
    status: 200,
    answer: { message: `User ${active} was removed from group ${staff}` },
    effect: effects.left,
  },
  {
    route: `POST ${v1}/users/invite`,
    body: { email: 'new@example.com', permissionRule: role, sendNotification: false, notificationText: 'Hi' },
    status: 202,
    answer: [expect.stringMatching(/^712020:/)],
    effect: effects.invited,
  },
  {
    route: `POST ${d1}/groups/${groupId('empty')}/roles/assign`,
    body: { roleAssociations: [role] },
    status: 202,
    answer: { message: `Roles of group ${empty}: assign accepted` },
    effect: effects.assigned,
  },
  {
    route: `POST ${d1}/groups/${groupId('staff')}/roles/revoke`,
    body: { roleAssociations: [{ resource: jira, role: user }] },
    status: 202,
    answer: { message: `Roles of group ${staff}: revoke accepted` },
    effect: effects.revoked,
  },
  {
    route: `POST ${v1}/users/${active}/roles/assign`,
    body: role,
    status: 204,
    answer: undefined,
    effect: effects.granted,
  },
  {
    route: `POST ${v1}/users/${active}/roles/revoke`,
    body: { role: 'atlassian/admin', resource: confluence },
    status: 204,
    answer: undefined,
    effect: effects.taken,
  },
  {
    route: `POST ${v1}/users/${active}/roles/assign`,
    body: { role: 'atlassian/org-admin' },
    status: 204,
    answer: undefined,
    effect: effects.promoted,
  },
  {
    route: `POST ${v1}/users/${active}/role-assignments/assign`,
    body: { role: 'atlassian/org-admin' },
    status: 204,
    answer: undefined,
    effect: effects.promoted,
  },
  {
    route: `POST ${v1}/users/${account('admin')}/role-assignments/revoke`,
    body: { role: 'atlassian/org-admin' },
    status: 204,
    answer: undefined,
    effect: effects.demoted,
  },
  { route: `DELETE ${d2}/users/${active}`, status: 204, answer: undefined, effect: effects.removed },
  { route: `POST ${d2}/users/${active}/suspend`, body: {}, status: 204, answer: undefined, effect: effects.suspended },
  {
    route: `POST ${d2}/users/${account('suspended')}/restore`,
    body: {},
    status: 204,
    answer: undefined,
    effect: effects.restored,
  },
  {
    route: `POST ${d2}/groups`,
    body: { name: 'Alumni', description: 'Gone' },
    status: 201,
    answer: undefined,
    effect: effects.created,
  },
  { route: `DELETE ${d2}/groups/${groupId('empty')}`, status: 204, answer: undefined, effect: effects.deleted },
  { route: `DELETE ${d2}/groups/${staff}`, status: 204, answer: undefined, effect: effects.forced },
  {
    route: `POST ${d2}/groups/${groupId('empty')}/memberships`,
    body: { accountId: active },
    status: 204,
    answer: undefined,
    effect: effects.joined,
  },
  {
    route: `DELETE ${d2}/groups/${groupId('staff')}/memberships/${active}`,
    status: 204,
    answer: undefined,
    effect: effects.left,
  },
  {
    route: 'POST /v2/orgs/{org}/users/invite',
    body: { emails: ['new@example.com'], permissionRules: [role], additionalGroups: [groupId('empty')] },
    status: 200,
    answer: invitedV2,
    effect: effects.invited,
  },
  {
    route: `POST ${d2}/groups/${groupId('empty')}/role-assignments/assign`,
    body: { resourceId: confluence, roleId: user },
    status: 200,
    answer: undefined,
    effect: effects.assigned,
  },
  {
    route: `POST ${d2}/groups/${groupId('staff')}/role-assignments/revoke`,
    body: { resourceId: jira, roleId: user },
    status: 204,
    answer: undefined,
    effect: effects.revoked,
  },
];

const organization = {
  type: 'orgs',
  attributes: { name: 'Cast' },
  relationships: { users: {} },
  links: { self: expect.stringMatching(/^http/) as string },
};

/** The table of reads; `answer` is what the body at least holds. */
const reads: readonly Route[] = [
  { route: 'GET /v1/orgs', status: 200, answer: { data: [organization], links: {} } },
  { route: `GET ${v1}`, status: 200, answer: { data: organization } },
  {
    route: `GET ${v1}/users`,
    status: 200,
    answer: {
      data: expect.arrayContaining([
        expect.objectContaining({
          account_id: active,
          account_type: 'atlassian',
          account_status: 'active',
          access_billable: true,
        }),
      ]) as unknown,
      meta: { total: 6 },
    },
  },
  {
    route: `GET ${d1}/users/${active}/last-active-dates`,
    status: 200,
    answer: {
      data: {
        product_access: [
          {
            id: jira,
            key: 'jira-software',
            last_active: '2026-01-02',
            last_active_timestamp: '2026-01-02T03:04:05.000Z',
          },
        ],
        added_to_org: '2020-01-02',
      },
      links: {},
    },
  },
  {
    route: `POST ${v1}/users/search`,
    body: { accountIds: [active] },
    status: 200,
    answer: {
      data: [{ accountId: active, accountType: 'atlassian', accountStatus: 'active', statusInUserbase: true }],
      links: {},
    },
  },
  {
    route: `POST ${v1}/groups/search`,
    body: { groupNames: { eq: ['Staff group'] } },
    status: 200,
    answer: { data: [{ id: groupId('staff'), name: 'staff GROUP', description: 'About staff' }] },
  },
  { route: 'GET /v2/orgs/{org}/directories', status: 200, answer: { data: [{ name: 'Directory' }], links: {} } },
  {
    route: `POST ${d2}/users/search`,
    body: { emails: [email('active').toUpperCase()] },
    status: 200,
    answer: {
      data: [
        {
          accountId: active,
          status: 'active',
          accountStatus: 'active',
          membershipStatus: 'active',
          claimStatus: 'managed',
        },
      ],
      links: {},
    },
  },
  {
    route: `GET ${d2}/users/${active}`,
    status: 200,
    answer: { data: { accountId: active, platformRoles: [], counts: { resources: 2 } } },
  },
  { route: `GET ${d2}/users/count`, status: 200, answer: { count: 5 } },
  {
    route: `GET ${d2}/users/stats`,
    status: 200,
    answer: {
      roles: [{ roleId: 'atlassian/org-admin', count: 1 }],
      accountStatus: [
        { status: 'active', count: 4 },
        { status: 'inactive', count: 1 },
      ],
    },
  },
  {
    route: `GET ${d2}/users/${active}/role-assignments`,
    status: 200,
    answer: {
      data: [
        {
          resourceId: confluence,
          resourceOwner: 'confluence',
          userDirectoryStatus: 'active',
          roleAssignments: [{ role: 'atlassian/admin', roleAssignmentMethods: ['direct'] }],
        },
        { resourceId: jira, roleAssignments: [{ role: user, roleAssignmentMethods: ['group_direct'] }] },
      ],
    },
  },
  {
    route: `POST ${d2}/groups/search`,
    body: { groupNames: ['STAFF group'] },
    status: 200,
    answer: {
      data: [
        {
          id: groupId('staff'),
          externalSynced: false,
          managementAccess: { deletable: true, modifiable: true, readable: true },
        },
      ],
    },
  },
  {
    route: `GET ${d2}/groups/${groupId('synced')}`,
    status: 200,
    answer: { data: { externalSynced: true, managedBy: 'external', counts: { users: 1, resources: 0 } } },
  },
  {
    route: `GET ${d2}/groups/ari:cloud:identity::group%2F${groupId('staff')}`,
    status: 200,
    answer: { data: { id: groupId('staff') } },
  },
  { route: `GET ${d2}/groups/count`, status: 200, answer: { count: 6 } },
  {
    route: `GET ${d2}/groups/${groupId('staff')}/role-assignments`,
    status: 200,
    answer: { data: [{ resourceId: jira, resourceOwner: 'jira-software', defaultRole: null, roles: [user] }] },
  },
];

describe('a request that is right', () => {
  it.each(writes)('$route is answered with $status and does it', async ({ route, body, status, answer, effect }) => {
    await using served = await serveCast();
    expect(effect?.(served) ?? false).toBe(false);
    const called = await served.call(route, body);
    expect(called.status).toBe(status);
    if (answer === undefined) expect(called.text).toBe('');
    else expect(called.body).toMatchObject(answer as object);
    expect(effect?.(served)).toBe(true);
    expect(served.sandbox.ledger).toMatchObject([{ status, applied: true, changed: true, body }]);
  });

  it.each(reads)('$route is answered with $status and changes nothing', async ({ route, body, status, answer }) => {
    await using served = await serveCast();
    const before = served.sandbox.state();
    const called = await served.call(route, body);
    expect(called.status).toBe(status);
    expect(called.headers.get('content-type')).toMatch(/^application\/json/);
    expect(called.body).toMatchObject(answer as object);
    expect(served.sandbox.state()).toEqual(before);
    expect(served.sandbox.ledger).toMatchObject([{ status, applied: false, changed: false }]);
  });

  it.each(reads.filter(({ route }) => route.includes('{directory}')))(
    '$route takes - for all directories',
    async ({ route, body, status, answer }) => {
      await using served = await serveCast();
      const called = await served.call(route.replace('{directory}', '-'), body);
      expect(called.status).toBe(status);
      expect(called.body).toMatchObject(answer as object);
    },
  );
});

describe('generations', () => {
  const all = [...writes, ...reads];
  const lasting = /GET \/v1|\/users\/[^/]+\/(roles|role-assignments)\//;
  const old = all.filter(({ route }) => route.includes(' /v1/') && !lasting.test(route));
  const gone = {
    status: 404,
    error: 'Not Found',
    requestId: expect.any(String) as string,
    path: expect.stringMatching(/^\/api\/admin\/v/) as string,
  };

  it('has routes of every sort in the tables above', () => {
    expect([old.length, all.length - old.length]).toEqual([13, 31]);
  });

  it.each(old)('$route is unknown where only v2 is served, in the words of the gateway', async ({ route, body }) => {
    await using served = await serveCast({ generations: ['v2'] });
    expect((await served.call(route, body)).body).toMatchObject(gone);
    expect(served.sandbox.ledger).toMatchObject([{ status: 404, applied: false }]);
  });

  it.each(all.filter(({ route }) => route.includes(' /v2/')))(
    '$route is unknown where only v1 is served',
    async ({ route, body }) => {
      await using served = await serveCast({ generations: ['v1'] });
      expect((await served.call(route, body)).body).toMatchObject(gone);
    },
  );

  it.each(all.filter(({ route }) => lasting.test(route.replace(' /v2', '')) && route.includes(' /v1/')))(
    '$route stays where only v2 is served',
    async ({ route, body, status }) => {
      await using served = await serveCast({ generations: ['v2'] });
      expect((await served.call(route, body)).status).toBe(status);
    },
  );
});

describe('who is asked, and by whom', () => {
  const anyRoute = [
    `GET ${v1}`,
    `POST ${d1}/users/${active}/suspend-access`,
    `POST ${d2}/users/search`,
    'GET /v1/nothing',
  ];

  it.each(anyRoute)('%s without the right key is refused by the gateway', async (route) => {
    await using served = await serveCast();
    const called = await served.callWith('other')(route, route.startsWith('POST') ? {} : undefined);
    expect([called.status, called.body]).toEqual([401, { code: 401, message: 'Unauthorized' }]);
    expect(served.sandbox.ledger).toMatchObject([{ status: 401, applied: false }]);
  });

  it('another key can be set', async () => {
    await using served = await serveCast({ key: 'secret' });
    expect((await served.call(`GET ${v1}`)).status).toBe(401);
    expect((await served.callWith('secret')(`GET ${v1}`)).status).toBe(200);
  });

  const stranger = '00000000-0000-0000-0000-000000000000';
  it.each([
    [`GET ${v1}`, 404, 'ADMIN-404-2'],
    [`GET ${v1}/users`, 404, 'ADMIN-404-2'],
    [`DELETE ${d1}/users/${active}`, 403, 'ADMIN-403-3'],
    [`DELETE ${d2}/users/${active}`, 403, 'ADMIN-UAM-403-2'],
    ['GET /v2/orgs/{org}/directories', 403, 'ADMIN-UAM-403-2'],
  ])("%s of somebody else's organization is refused with %i %s", async (route, status, code) => {
    await using served = await serveCast();
    const called = await served.call(route.replace('{org}', stranger));
    expect(called.status).toBe(status);
    expect(called.body).toMatchObject({ errors: [{ code }] });
  });

  it.each([`GET ${v1}`, `DELETE ${d1}/users/${active}`, 'GET /v2/orgs/{org}/directories'])(
    '%s with a malformed organization is not routed',
    async (route) => {
      await using served = await serveCast();
      const called = await served.call(route.replace('{org}', 'acme'));
      expect([called.status, called.body]).toMatchObject([404, { status: 404, message: 'TCS validation failed' }]);
    },
  );

  it.each([
    'GET /v1/nothing',
    `PUT ${v1}`,
    `GET ${d2}/users/${active}/suspend`,
    'GET /v3/orgs',
    `POST ${d2}/users/${active}/role-assignments/grant`,
  ])('%s is a route that nobody serves', async (route) => {
    await using served = await serveCast();
    expect((await served.call(route)).body).toMatchObject({ status: 404, error: 'Not Found' });
  });
});
