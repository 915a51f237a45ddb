// A row that failed, and the rows after it about the same person or group: a resumed run takes up what is still to do, in order, and ends.
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/sandbox/faults.ts';
import { group, person, site } from '../../support/organization.ts';
import { allowAll, scenario, type Scenario } from '../../support/scenario.ts';

interface Case {
  readonly rows: readonly object[];
  /** The call that is refused once. */
  readonly refused: Fault['match'];
  readonly first: readonly string[];
  readonly resumed: readonly string[];
  /** Changes of the resumed run, by a part of their paths. */
  readonly sends: readonly string[];
  readonly code?: number;
  readonly api?: 'v1' | 'v2';
}

const about = (action: string, more: object = {}) => ({ action, email: person(1).email, ...more });
const [team, own] = [{ groupName: group(0).groupName }, { role: 'atlassian/user', resource: site }];
const removed = about('remove-user');
const overtaken = { first: ['failed', 'done'], resumed: ['already', 'done'], sends: [] };

const cases: Readonly<Record<string, Case>> = {
  'a group is created before its member is added': {
    rows: [{ action: 'create-group', groupName: 'New' }, about('add-user-to-group', { groupName: 'New' })],
    refused: { method: 'POST', path: 'groups$' },
    first: ['failed', 'blocked'],
    resumed: ['done', 'done'],
    sends: ['groups', 'memberships'],
  },
  'an admin loses the role before the suspension': {
    rows: [about('revoke-user-role', { role: 'atlassian/org-admin' }), about('suspend-user')],
    refused: { path: 'revoke' },
    first: ['failed', 'failed'],
    resumed: ['done', 'done'],
    sends: ['revoke', 'suspend'],
    api: 'v2',
  },
  'a suspension is overtaken by the removal': {
    ...overtaken,
    rows: [about('suspend-user'), removed],
    refused: { path: 'suspend' },
  },
  'a membership is overtaken by the removal': {
    ...overtaken,
    rows: [about('remove-user-from-group', team), removed],
    refused: { method: 'DELETE', path: 'memberships' },
  },
  'a role is overtaken by the removal': {
    ...overtaken,
    rows: [about('revoke-user-role', own), removed],
    refused: { path: 'roles/revoke' },
  },
  'a membership is overtaken by the end of the group': {
    ...overtaken,
    rows: [about('remove-user-from-group', team), { action: 'delete-group', ...team, force: true }],
    refused: { method: 'DELETE', path: 'memberships' },
  },
  'tokens outlive the removal': {
    rows: [about('revoke-api-tokens'), removed],
    refused: { method: 'DELETE', path: 'api-tokens' },
    first: ['failed', 'done'],
    resumed: ['done', 'done'],
    sends: ['api-tokens'],
    api: 'v2',
  },
  'tokens outlive the removal, where the address finds nobody any longer': {
    rows: [about('revoke-api-tokens'), removed],
    refused: { method: 'DELETE', path: 'api-tokens' },
    first: ['failed', 'done'],
    resumed: ['not-found', 'done'],
    sends: [],
    code: 4,
    api: 'v1',
  },
};

/** Persons 1 and 3 have a token and a role; they are organization admins where a row is about that. */
const company = ({ refused, rows }: Case) =>
  scenario({
    people: 4,
    faults: [{ match: refused, kind: 'status', status: 403, times: 1 }],
    change: ({ people }) => {
      const orgAdmin = JSON.stringify(rows).includes('org-admin');
      const token = { id: 't', label: 'script', createdAt: '2025-01-02T03:04:05.000Z' };
      for (const n of [1, 3])
        Object.assign((people as object[])[n] ?? {}, { orgAdmin, roles: [own], apiTokens: [token] });
    },
  });

const on = (api: string) => ['--api', api, '--include-admins', ...allowAll];
const byRow = ({ rows }: Awaited<ReturnType<Scenario['run']>>) =>
  [1, 2].map((n) => rows.findLast(({ row }) => row === n)).map((row) => row?.['reason'] ?? row?.['outcome']);

const all = Object.entries(cases).flatMap(([name, one]) =>
  (one.api === undefined ? ['v1', 'v2'] : [one.api]).map((api) => [name, api, one] as const),
);

describe('after a row that failed', () => {
  it.each(all)('%s, on %s', async (_, api, one) => {
    await using s = await company(one);
    const first = await s.run(one.rows, on(api), { speed: 50 });
    expect([first.code, byRow(first)]).toEqual([1, one.first]);
    const sent = s.changes().length;
    const resumed = await s.run(first.manifest, ['--resume', ...on(api)], { report: first.report, speed: 50 });
    expect([resumed.code, byRow(resumed)]).toEqual([one.code ?? 0, one.resumed]);
    const paths = s
      .changes()
      .slice(sent)
      .map(({ path }) => path);
    expect(paths).toEqual(one.sends.map((part) => expect.stringContaining(part) as string));
  });

  it('somebody who was invited after the removal is suspended by the resumed run', async () => {
    const one = cases['a suspension is overtaken by the removal'] as Case;
    await using s = await company(one);
    const { report, manifest } = await s.run(one.rows, on('v2'));
    await s.run([about('invite-user')], on('v2'));
    const { rows } = await s.run(manifest, ['--resume', ...on('v2')], { report });
    expect(rows.findLast(({ action }) => action === 'suspend-user')).not.toMatchObject({ outcome: 'already' });
  });
});
