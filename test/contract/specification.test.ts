// The published specification as a test: every request that the client forms and every answer of the simulated organization, on both generations.
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { actions } from '../../src/actions/action-table.ts';
import type { Generation } from '../../src/model.ts';
import { usedOperations } from '../../src/specification/operations.ts';
import { storedFacts } from '../../src/specification/stored-facts.ts';
import { observations, seenDeviations } from '../support/as-published.ts';
import { serveCast } from '../support/cast.ts';
import { groups, needsJson, people, rolesAndBodies } from '../support/cast-refusals.ts';
import { reads, writes } from '../support/cast-routes.ts';
import { deviations } from '../support/deviations.ts';
import { group, person, site } from '../support/organization.ts';
import { allowAll, path, type Scenario, scenario } from '../support/scenario.ts';

const role = { role: 'atlassian/user', resource: site };
const products = Array.from({ length: 25 }, (_, n) => `${site.slice(0, -2)}${String(n).padStart(2, '0')}`);

/** More people, products and roles than a page holds, and one person for each state. */
const company = () =>
  scenario({
    people: 250,
    groups: 130,
    change: (state) => {
      const all = state['people'] as Record<string, unknown>[];
      Object.assign(all[9] ?? {}, { status: 'suspended' });
      Object.assign(all[2] ?? {}, {
        roles: products.map((resource, n) => ({ role: `atlassian/${n === 0 ? 'viewer' : 'user'}`, resource })),
        products: products.map((id) => ({ id, key: 'jira-software', lastActive: '2026-01-02T03:04:05Z' })),
      });
      Object.assign(all[200] ?? {}, { accountType: 'app' });
      Object.assign(all[6] ?? {}, { status: 'deactivated' });
      const token = { id: 't1', label: 'deploy', createdAt: '2026-01-02T03:04:05Z' };
      Object.assign(all[7] ?? {}, { apiTokens: [token, { ...token, id: 't2', lastAccess: '2026-02-03T04:05:06Z' }] });
      for (const each of all) Object.assign(each, { claimed: true });
      Object.assign((state['groups'] as object[])[1] ?? {}, {
        roles: products.map((resource) => ({ role: 'atlassian/user', resource })),
      });
    },
  });

const rows = [
  { action: 'get-last-active', email: person(2).email },
  { action: 'suspend-user', email: person(1).email },
  { action: 'restore-user', accountId: person(9).accountId },
  { action: 'remove-user', accountId: person(2).accountId },
  { action: 'invite-user', email: 'new@example.com', ...role, groups: ['group-1'], sendNotification: false },
  { action: 'invite-user', email: 'other@example.com', notificationText: 'Welcome' },
  { action: 'create-group', groupName: 'alumni', description: 'People who left' },
  { action: 'add-user-to-group', email: person(3).email, groupName: 'alumni' },
  { action: 'delete-group', groupName: 'group-5', force: true },
  { action: 'remove-user-from-group', email: person(3).email, groupId: group(0).groupId },
  { action: 'assign-group-roles', groupName: 'group-2', roles: [role, { ...role, role: 'atlassian/admin' }] },
  { action: 'revoke-group-roles', groupName: 'group-1', roles: [role] },
  { action: 'grant-user-role', email: person(4).email, ...role },
  { action: 'grant-user-role', email: person(5).email, role: 'atlassian/org-admin' },
  { action: 'revoke-user-role', email: person(4).email, role: 'atlassian/admin', resource: site },
  { action: 'deactivate-user', email: person(7).email, message: 'Goodbye' },
  { action: 'reactivate-user', email: person(6).email },
  { action: 'revoke-api-tokens', email: person(7).email },
];

/** Runs every command that calls the API. */
async function useAll(s: Scenario, api: Generation): Promise<void> {
  const protect = path('protect.txt');
  writeFileSync(
    protect,
    ['*@board.example.com', 'group:group-7', group(8).groupId, person(20).accountId, ''].join('\n'),
  );
  const { code, report, outcomes } = await s.run(rows, ['--api', api, '--protect', protect, ...allowAll]);
  expect([code, new Set(outcomes)]).toEqual([0, new Set(['done'])]);
  const ids = Array.from({ length: 240 }, (_, n) => ({ action: 'suspend-user', accountId: person(n + 10).accountId }));
  await s.run(ids, ['--api', api, '--dry-run', '--max-changes', api === 'v2' ? '100%' : '500']);
  await s.leavers(['verify', report, '--live', '--audit-log', '--record', '--api', api]);
  await s.leavers(['inactive', '--days', '30', '--api', api]);
  await s.leavers(['doctor', '--api', api]);
}

const sort = (name: string): Generation | 'accounts' =>
  name.includes(' /users/') ? 'accounts' : name.includes(' /v2/') ? 'v2' : 'v1';
const countsOf = (names: ReadonlySet<string>) => Object.groupBy(names, sort);

describe('the published specification', () => {
  it.each(['v1', 'v2'] as const)('holds for every request of the client on %s, over all pages', async (api) => {
    await using s = await company();
    await useAll(s, api);
    expect(observations.violations).toEqual([]);
  });

  it('holds for every answer to a right request', async () => {
    for (const { route, body, status } of [...writes, ...reads]) {
      await using served = await serveCast();
      expect((await served.call(route, body)).status).toBe(status);
    }
    expect(observations.violations).toEqual([]);
  });

  it('holds for every refusal', async () => {
    await using served = await serveCast();
    for (const [route, body, status] of [...people, ...groups, ...rolesAndBodies])
      expect((await served.call(route, body)).status).toBe(status);
    for (const route of needsJson) expect((await served.call(route)).status).toBe(415);
    for (const { route, body } of reads) await served.callWith('other')(route, body);
    const stranger = '00000000-0000-0000-0000-000000000000';
    for (const { route, body } of reads) await served.call(route.replace('{org}', stranger), body);
    expect(observations.violations).toEqual([]);
  });

  it.each(['v1', 'v2'] as const)('holds where only %s is served', async (generation) => {
    await using served = await serveCast({ generations: [generation] });
    for (const { route, body } of [...reads, ...writes]) await served.call(route, body);
    expect(observations.violations).toEqual([]);
  });

  it('marks as experimental the endpoints that the plan calls so', () => {
    const operations = { ...storedFacts.organization.operations, ...storedFacts['organization-v1'].operations };
    const named = Object.values(actions).flatMap(({ endpoints, experimental }) =>
      experimental === undefined ? [] : [endpoints[experimental]],
    );
    const used = Object.values(actions).flatMap(({ endpoints }) => Object.values(endpoints));
    const marked = used.filter((endpoint) => operations[endpoint]?.marks.includes('experimental'));
    expect(named.toSorted()).toEqual(marked.toSorted());
  });

  it('has no deviation that nothing needs', () => {
    const idle = deviations.filter((each) => !seenDeviations.has(each));
    expect(idle.map(({ matches }) => String(matches))).toEqual([]);
  });

  it('was held against the operations that the client uses, but for those that only a person can ask for', () => {
    const all = Object.values(usedOperations).flat();
    const left = all.filter((name) => !observations.requests.has(name));
    expect(left).toMatchInlineSnapshot(`
      [
        "POST /v1/orgs/{orgId}/users/{userId}/role-assignments/assign",
        "POST /v1/orgs/{orgId}/users/{userId}/role-assignments/revoke",
        "GET /v1/orgs/{orgId}/events",
        "GET /v2/orgs/{orgId}/directories/{directoryId}/users/{userId}",
        "GET /v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}",
      ]
    `);
  });

  it('was compared with this number of operations and kinds of responses of each generation', () => {
    const [sent, answered] = [countsOf(observations.requests), countsOf(observations.answers)];
    expect({
      requests: [sent.v1?.length, sent.v2?.length, sent.accounts?.length],
      answers: [answered.v1?.length, answered.v2?.length, answered.accounts?.length],
    }).toMatchInlineSnapshot(`
      {
        "answers": [
          53,
          90,
          5,
        ],
        "requests": [
          15,
          16,
          5,
        ],
      }
    `);
  });
});
