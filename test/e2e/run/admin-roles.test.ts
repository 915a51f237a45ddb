// Who may be an organization admin on v2: people whose roles an answer does not show, and account ids that no search shows.
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/sandbox/faults.ts';
import { person } from '../../support/organization.ts';
import { allowAll, scenario } from '../../support/scenario.ts';

const id = person(1).accountId;
const suspend = { action: 'suspend-user', accountId: id };
const remove = { action: 'remove-user', accountId: id };
const bare = { ...person(1), accountType: 'atlassian', status: 'active' };
const search = (data: readonly object[]): Fault => ({
  match: { path: '/users/search$', body: 'accountIds' },
  kind: 'status',
  status: 200,
  body: { data, links: {} },
});
const read = (status: number, body: object): Fault => ({
  match: { method: 'GET', path: '/users/[^/]+$' },
  kind: 'status',
  status,
  body,
});
const gone = { errors: [{ code: 'ADMIN-UAM-404-1', title: 'Unknown resource' }] };

describe('on v2 a person', () => {
  /** Name, what the API answers, the row, flags, and what becomes of it. */
  const cases: readonly (readonly [string, readonly Fault[], object, readonly string[], string])[] = [
    ['without admin roles in the answer is protected', [search([bare])], suspend, [], 'admin'],
    [
      'with a role that is not text is protected',
      [search([{ ...bare, platformRoles: [{ toString: 1 }] }])],
      suspend,
      [],
      'admin',
    ],
    ['without admin roles is changed with --include-admins', [search([bare])], suspend, ['--include-admins'], 'done'],
    ['whom only a read shows is changed', [search([])], suspend, [], 'done'],
    ['whom nothing shows is not found', [search([]), read(404, gone)], suspend, [], 'not-found'],
    ['whom nothing shows is removed already', [search([]), read(404, gone)], remove, [], 'already'],
    ['whose read has no roles is protected', [search([]), read(200, { data: bare })], suspend, [], 'admin'],
    ['whose read is unclear is protected', [search([]), read(400, gone)], suspend, [], 'admin'],
    [
      'whose read is unclear is changed with --include-admins',
      [search([]), read(400, gone)],
      suspend,
      ['--include-admins'],
      'done',
    ],
  ];

  it.each(cases)('%s', async (_, faults, row, flags, outcome) => {
    await using s = await scenario({ people: 3, faults });
    const { outcomes } = await s.run([row], ['--api', 'v2', ...allowAll, ...flags]);
    expect(outcomes).toEqual([outcome]);
  });

  it('whom no search shows is read once, whatever number of rows name them', async () => {
    await using s = await scenario({ people: 3, faults: [search([])] });
    const member = { action: 'remove-user-from-group', accountId: id, groupName: 'group-0' };
    const { outcomes } = await s.run([member, suspend], ['--api', 'v2']);
    expect(outcomes).toEqual(['done', 'done']);
    expect(
      s.sandbox.ledger.filter(({ method, path }) => method === 'GET' && /\/users\/[^/]+$/.test(path)),
    ).toHaveLength(1);
  });

  it('on v1 is changed without a read, because v1 shows no roles', async () => {
    await using s = await scenario({ people: 3 });
    const { outcomes } = await s.run([{ ...suspend, accountId: '557058:nobody' }], ['--api', 'v1']);
    expect([
      outcomes,
      s.sandbox.ledger.some(({ path }) => path.includes('/v2/orgs') && path.includes('users')),
    ]).toEqual([['failed'], false]);
  });
});
