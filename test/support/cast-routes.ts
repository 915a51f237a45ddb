// Every route of the 13 actions and their look-ups on the cast's organization: a right request, its answer and its effect.
import { expect } from 'vitest';
import { account, confluence, directory, email, groupId, jira, org, type serveCast, user } from './cast.ts';

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

export const v1 = '/v1/orgs/{org}';
export const d1 = `${v1}/directory`;
export const d2 = '/v2/orgs/{org}/directories/{directory}';
export const active = account('active');
export const [empty, staff] = [groupId('empty'), groupId('staff')];
export const role = { resource: confluence, role: user };
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
export const writes: readonly Route[] = [
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

export const organization = {
  type: 'orgs',
  attributes: { name: 'Cast' },
  relationships: { users: {} },
  links: { self: expect.stringMatching(/^http/) as string },
};

/** The table of reads; `answer` is what the body at least holds. */
export const reads: readonly Route[] = [
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
  { route: `GET ${v1}/events?limit=500`, status: 200, answer: { data: [], meta: { page_size: 0 }, links: {} } },
  {
    route: `GET ${v1}/events-stream?from=0&sortOrder=desc`,
    status: 200,
    answer: { data: [], meta: { page_size: 0, next: expect.any(String) as string }, links: {} },
  },
  {
    route: `GET ${v1}/event-actions`,
    status: 200,
    answer: {
      data: expect.arrayContaining([
        {
          id: 'user_removed',
          type: 'event-actions',
          attributes: { displayName: 'Removed user from organization', groupDisplayName: 'User access' },
        },
      ]) as unknown,
    },
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
  { route: `GET ${d2}/users/count`, status: 200, answer: { count: 6 } },
  { route: `GET ${d2}/users/count?directoryIds=${directory}`, status: 200, answer: { count: 5 } },
  { route: `GET ${d2}/users/count?status=suspended&claimStatus=managed`, status: 200, answer: { count: 1 } },
  {
    route: `GET ${d2}/users?status=active&groupIds=${groupId('synced')}&limit=1`,
    status: 200,
    answer: { data: [{ accountId: active }], links: {} },
  },
  {
    route: `GET ${d2}/groups?accountIds=${active}&searchTerm=staff`,
    status: 200,
    answer: { data: [{ id: groupId('staff'), externalSynced: false }], links: {} },
  },
  { route: `GET ${d2}/groups/count?resourceOwners=jira-software`, status: 200, answer: { count: 2 } },
  {
    route: `GET ${d2}/groups/stats`,
    status: 200,
    answer: { totals: { all: 6, managed: 1, synced: 1 }, types: [{ type: 'GROUP', count: 6 }] },
  },
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
