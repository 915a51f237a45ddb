// Requests that the cast's organization refuses, with status and code, in both generations.
import { account, groupId, jira, user, type Which, type Who } from './cast.ts';

export const v1 = '/v1/orgs/{org}';
export const d1 = `${v1}/directory`;
export const d2 = '/v2/orgs/{org}/directories/{directory}';
export const invite2 = 'POST /v2/orgs/{org}/users/invite';

type Refused = readonly [route: string, body: unknown, status: number, code: string];

/** The same request in both generations. */
export const suspend1 = (who: Who | 'nobody') => `POST ${d1}/users/${account(who)}/suspend-access`;
export const suspend2 = (who: Who | 'nobody') => `POST ${d2}/users/${account(who)}/suspend`;
export const restore1 = (who: Who | 'nobody') => `POST ${d1}/users/${account(who)}/restore-access`;
export const restore2 = (who: Who | 'nobody') => `POST ${d2}/users/${account(who)}/restore`;
export const delete1 = (which: Which | 'nothing') => `DELETE ${d1}/groups/${groupId(which)}`;
export const delete2 = (which: Which | 'nothing') => `DELETE ${d2}/groups/${groupId(which)}`;
export const add1 = (which: Which | 'nothing') => `POST ${d1}/groups/${groupId(which)}/memberships`;
export const add2 = (which: Which | 'nothing') => `POST ${d2}/groups/${groupId(which)}/memberships`;
export const take1 = (which: Which | 'nothing', who: Who | 'nobody' = 'active') =>
  `DELETE ${d1}/groups/${groupId(which)}/memberships/${account(who)}`;
export const take2 = (which: Which | 'nothing', who: Who | 'nobody' = 'active') =>
  `DELETE ${d2}/groups/${groupId(which)}/memberships/${account(who)}`;
export const grant = (who: Who | 'nobody') => `POST ${v1}/users/${account(who)}/roles/assign`;
export const old = (who: Who | 'nobody') => ({ account_id: account(who) });
export const neu = (who: Who | 'nobody') => ({ accountId: account(who) });
export const roles1 = (...roleAssociations: readonly object[]) => ({ roleAssociations });

export const people: readonly Refused[] = [
  ...(['admin'] as const).flatMap((who): Refused[] => [
    [suspend1(who), {}, 400, 'ADMIN-400-4'],
    [suspend2(who), {}, 400, 'ADMIN-UAM-400-1'],
    [restore1(who), {}, 400, 'ADMIN-400-4'],
    [restore2(who), {}, 400, 'ADMIN-UAM-400-1'],
    [`DELETE ${d1}/users/${account(who)}`, undefined, 400, 'ADMIN-400-4'],
    [`DELETE ${d2}/users/${account(who)}`, undefined, 400, 'ADMIN-UAM-400-1'],
  ]),
  ...(['nobody', 'uninvited', 'outsider'] as const).flatMap((who): Refused[] => [
    [suspend1(who), {}, 404, 'ADMIN-404-8'],
    [suspend2(who), {}, 404, 'ADMIN-UAM-404-1'],
    [restore1(who), {}, 404, 'ADMIN-404-8'],
    [restore2(who), {}, 404, 'ADMIN-UAM-404-1'],
    [`DELETE ${d1}/users/${account(who)}`, undefined, 404, 'ADMIN-404-8'],
    [`DELETE ${d2}/users/${account(who)}`, undefined, 404, 'ADMIN-UAM-404-1'],
    [`GET ${d1}/users/${account(who)}/last-active-dates`, undefined, 404, 'ADMIN-404-8'],
    [`GET ${d2}/users/${account(who)}`, undefined, 404, 'ADMIN-UAM-404-1'],
    [grant(who), { role: user, resource: jira }, 404, 'ADMIN-UAM-404-3'],
  ]),
  [suspend1('deactivated'), {}, 400, 'ADMIN-400-4'],
  [restore2('deactivated'), {}, 400, 'ADMIN-UAM-400-2'],
];

export const groups: readonly Refused[] = [
  [delete1('staff'), undefined, 409, 'ADMIN-409-5'],
  ...[delete1, delete2].flatMap((route): Refused[] => [
    [`${route('synced')}?forceIfNotEmpty=true`, undefined, 403, 'ADMIN-403-5'],
    [`${route('base')}?forceIfNotEmpty=true`, undefined, 403, 'ADMIN-403-6'],
    [`${route('admins')}?forceIfNotEmpty=true`, undefined, 403, 'ADMIN-403-7'],
  ]),
  [delete1('nothing'), undefined, 404, 'ADMIN-404-10'],
  [delete2('nothing'), undefined, 404, 'ADMIN-UAM-404-3'],
  [`GET ${d2}/groups/nothing`, undefined, 404, 'ADMIN-UAM-404-3'],
  [`POST ${d1}/groups`, { name: ' Staff group ' }, 400, 'ADMIN-400-4'],
  [`POST ${d2}/groups`, { name: 'STAFF GROUP' }, 409, 'ADMIN-UAM-409-2'],
  [add1('synced'), old('colleague'), 403, 'ADMIN-403-5'],
  [add2('synced'), neu('colleague'), 403, 'ADMIN-UAM-403-1'],
  [add1('empty'), old('nobody'), 404, 'ADMIN-404-8'],
  [add2('empty'), neu('uninvited'), 404, 'ADMIN-UAM-404-1'],
  [add1('nothing'), old('active'), 404, 'ADMIN-404-10'],
  [add2('nothing'), neu('active'), 404, 'ADMIN-UAM-404-3'],
  [take1('synced'), undefined, 403, 'ADMIN-403-5'],
  [take2('synced'), undefined, 403, 'ADMIN-UAM-403-1'],
  [take1('admins'), undefined, 403, 'ADMIN-403-5'],
  [take2('admins'), undefined, 403, 'ADMIN-UAM-403-1'],
  [take1('empty'), undefined, 404, 'ADMIN-404-8'],
  [take2('empty'), undefined, 404, 'ADMIN-UAM-404-1'],
  [take1('staff', 'nobody'), undefined, 404, 'ADMIN-404-8'],
  [take2('nothing'), undefined, 404, 'ADMIN-UAM-404-3'],
];

export const rolesAndBodies: readonly Refused[] = [
  [grant('active'), { role: user }, 400, 'ADMIN-UAM-400-5'],
  [grant('active'), { role: 'atlassian/king', resource: jira }, 400, 'ADMIN-UAM-400-3'],
  [grant('active'), { role: user, resource: 'ari:cloud:trello::site/x' }, 400, 'ADMIN-UAM-400-4'],
  [grant('active'), { resource: jira }, 400, 'ADMIN-UAM-400-1'],
  [grant('deactivated'), { role: user, resource: jira }, 400, 'ADMIN-UAM-400-2'],
  [`POST ${v1}/users/${account('active')}/role-assignments/assign`, { role: user }, 400, 'ADMIN-UAM-400-1'],
  [
    `POST ${d1}/groups/${groupId('empty')}/roles/assign`,
    roles1({ role: 'atlassian/org-admin', resource: jira }),
    400,
    'ADMIN-400-4',
  ],
  [`POST ${d1}/groups/${groupId('empty')}/roles/assign`, roles1(), 400, 'ADMIN-400-24'],
  [`POST ${d1}/groups/${groupId('nothing')}/roles/revoke`, roles1({ role: user, resource: jira }), 404, 'ADMIN-404-10'],
  [
    `POST ${d2}/groups/${groupId('empty')}/role-assignments/assign`,
    { resourceId: jira, roleId: 'king' },
    400,
    'ADMIN-UAM-400-3',
  ],
  [
    `POST ${d2}/groups/${groupId('empty')}/role-assignments/assign`,
    roles1({ role: user, resource: jira }),
    400,
    'ADMIN-UAM-400-1',
  ],
  [`POST ${d1}/groups`, { description: 'nameless' }, 400, 'ADMIN-400-24'],
  [`POST ${d1}/groups`, '{"name":', 400, 'ADMIN-400-24'],
  [`POST ${d2}/groups`, { name: '  ' }, 400, 'ADMIN-UAM-400-1'],
  [add1('empty'), neu('active'), 400, 'ADMIN-400-24'],
  [add2('empty'), old('active'), 400, 'ADMIN-UAM-400-1'],
  [`POST ${v1}/users/invite`, { email: 'jo@' }, 400, 'ADMIN-400-24'],
  [
    `POST ${v1}/users/invite`,
    { email: 'jo@example.com', permissionRule: { role: 'atlassian/king', resource: jira } },
    400,
    'ADMIN-400-4',
  ],
  [invite2, { emails: [] }, 400, 'ADMIN-UAM-400-1'],
  [invite2, { email: 'jo@example.com' }, 400, 'ADMIN-UAM-400-1'],
];

export const needsJson = [
  suspend2('active'),
  restore2('suspended'),
  add2('empty'),
  `POST ${d2}/groups`,
  `POST ${d2}/groups/${groupId('empty')}/role-assignments/assign`,
  invite2,
];
