// What each action has to send on each generation, from the specification's table of endpoints: written out here, not taken from the code.
import type { ActionName, Generation } from '../../src/model.ts';
import { group, org, person, site } from '../support/organization.ts';

const directory = '30000000-0000-4000-8000-000000000000';
const enc = encodeURIComponent;
const p1 = person(1).accountId;
const [g0, g1, g2] = [group(0).groupId, group(1).groupId, group(2).groupId];
const v1 = `/v1/orgs/${org}`;
const v2 = `/v2/orgs/${org}`;
const d1 = `${v1}/directory`;
const d2 = `${v2}/directories/${directory}`;
const user = { resource: site, role: 'atlassian/user' };
const admin = { resource: site, role: 'atlassian/admin' };
const roleId = (role: string) => ({ resourceId: site, roleId: role });

/** Method, path, query, body: in order. */
type Sent = readonly [route: string, body?: unknown, query?: Readonly<Record<string, string>>];

/** One request that both generations take alike. */
const same = (route: string, body?: unknown) => {
  const sent: readonly Sent[] = [body === undefined ? [route] : [route, body]];
  return { v1: sent, v2: sent };
};
const manage = (n: number, rest: string) => `/users/${enc(person(n).accountId)}/manage/${rest}`;

/** The requests about the rows of actions.test.ts, apart from look-ups. */
export const wire: Readonly<Record<ActionName, Readonly<Record<Generation, readonly Sent[]>>>> = {
  'get-last-active': {
    v1: [[`GET ${d1}/users/${enc(p1)}/last-active-dates`]],
    v2: [[`GET ${d1}/users/${enc(p1)}/last-active-dates`]],
  },
  'suspend-user': {
    v1: [[`POST ${d1}/users/${enc(p1)}/suspend-access`]],
    v2: [[`POST ${d2}/users/${enc(p1)}/suspend`, {}]],
  },
  'restore-user': {
    v1: [[`POST ${d1}/users/${enc(person(9).accountId)}/restore-access`]],
    v2: [[`POST ${d2}/users/${enc(person(9).accountId)}/restore`, {}]],
  },
  'remove-user': { v1: [[`DELETE ${d1}/users/${enc(p1)}`]], v2: [[`DELETE ${d2}/users/${enc(p1)}`]] },
  'invite-user': {
    v1: [[`POST ${v1}/users/invite`, { email: 'new@example.com', sendNotification: false }]],
    v2: [[`POST ${v2}/users/invite`, { emails: ['new@example.com'], sendNotification: false }]],
  },
  'create-group': {
    v1: [[`POST ${d1}/groups`, { name: 'alumni', description: 'People who left' }]],
    v2: [[`POST ${d2}/groups`, { name: 'alumni', description: 'People who left' }]],
  },
  'delete-group': { v1: [[`DELETE ${d1}/groups/${g2}`]], v2: [[`DELETE ${d2}/groups/${g2}`]] },
  'add-user-to-group': {
    v1: [[`POST ${d1}/groups/${g1}/memberships`, { account_id: p1 }]],
    v2: [[`POST ${d2}/groups/${g1}/memberships`, { accountId: p1 }]],
  },
  'remove-user-from-group': {
    v1: [[`DELETE ${d1}/groups/${g0}/memberships/${enc(p1)}`]],
    v2: [[`DELETE ${d2}/groups/${g0}/memberships/${enc(p1)}`]],
  },
  'assign-group-roles': {
    v1: [[`POST ${d1}/groups/${g1}/roles/assign`, { roleAssociations: [user, admin] }]],
    v2: ['atlassian/user', 'atlassian/admin'].map((role) => [
      `POST ${d2}/groups/${g1}/role-assignments/assign`,
      roleId(role),
    ]),
  },
  'revoke-group-roles': {
    v1: [[`POST ${d1}/groups/${g0}/roles/revoke`, { roleAssociations: [user] }]],
    v2: [[`POST ${d2}/groups/${g0}/role-assignments/revoke`, roleId('atlassian/user')]],
  },
  'grant-user-role': {
    v1: [[`POST ${v1}/users/${enc(p1)}/roles/assign`, user]],
    v2: [[`POST ${v1}/users/${enc(p1)}/roles/assign`, user]],
  },
  'revoke-user-role': {
    v1: [[`POST ${v1}/users/${enc(person(2).accountId)}/roles/revoke`, user]],
    v2: [[`POST ${v1}/users/${enc(person(2).accountId)}/roles/revoke`, user]],
  },
  'deactivate-user': same(`POST ${manage(1, 'lifecycle/disable')}`, { message: 'Goodbye' }),
  'reactivate-user': same(`POST ${manage(8, 'lifecycle/enable')}`),
  'revoke-api-tokens': {
    v1: ['t1', 't2'].map((id) => [`DELETE ${manage(1, `api-tokens/${id}`)}`]),
    v2: ['t1', 't2'].map((id) => [`DELETE ${manage(1, `api-tokens/${id}`)}`]),
  },
};

const lookUp = /\/search$|^GET \S+\/(orgs\/[^/]+|directories|groups|role-assignments|manage|api-tokens)$/;

/** The requests of a ledger in the form of the table, without look-ups. */
export function sentOf(ledger: readonly { method: string; path: string; body: unknown; query: object }[]): unknown[] {
  return ledger
    .map(({ method, path, body, query }) => [`${method} ${path}`, body, query] as const)
    .filter(([route]) => !lookUp.test(route))
    .map(([route, body, query]) => {
      if (Object.keys(query).length > 0) return [route, body, query];
      return body === undefined ? [route] : [route, body];
    });
}
