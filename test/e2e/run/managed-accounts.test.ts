// The actions on managed accounts: who can't be managed keeps access and is named, tokens are revoked one by one, and no answer is taken for more than it says.
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/sandbox/faults.ts';
import { person } from '../../support/organization.ts';
import { allowAll, path, type Scenario, scenario } from '../../support/scenario.ts';
import { ndjson } from '../../support/spawn.ts';

const token = (id: string) => ({ id, label: `script ${id}`, createdAt: '2025-01-02T03:04:05.000Z' });
const tokens = [{ ...token('t1'), lastAccess: '2026-11-01T00:00:00.000Z' }, token('t2'), token('t3')];

/** Person 1 has three tokens, 2 is not claimed, 3 is managed by a directory elsewhere, 4 is deactivated after a suspension. */
const company = (faults: readonly Fault[] = []) =>
  scenario({
    people: 6,
    faults,
    change: (state) => {
      const people = state['people'] as Record<string, unknown>[];
      const set = (n: number, fields: object) => Object.assign(people[n] ?? {}, fields);
      set(1, { apiTokens: tokens });
      set(2, { claimed: false });
      set(3, { restriction: 'externalDirectory.scim' });
      set(4, { status: 'deactivated', statusBefore: 'suspended' });
    },
  });

const row = (action: string, n: number) => ({ action, email: person(n).email });
const stateOf = ({ sandbox }: Scenario, n: number) => sandbox.state().people[n];
const statuses = (s: Scenario) => s.sandbox.state().people.map(({ status, apiTokens }) => [status, apiTokens.length]);

describe.each(['v1', 'v2'])('on %s', (api) => {
  const flags = ['--api', api, ...allowAll];

  it.each(['deactivate-user', 'revoke-api-tokens'])(
    '%s leaves out whom the organization does not manage, with exit code 4',
    async (action) => {
      await using s = await company();
      const ended = await s.run([row(action, 2), row(action, 3)], flags);
      expect([ended.code, ended.outcomes]).toEqual([4, ['unmanaged', 'unmanaged']]);
      expect(ended.rows[1]?.['message']).toContain('externalDirectory.scim');
      expect((await s.run([row(action, 2)], [...flags, '--accept', 'unmanaged'])).code).toBe(0);
      expect(s.changes()).toEqual([]);
    },
  );

  it('revokes each token of one person, and reports label and last use of each', async () => {
    await using s = await company();
    const { rows, code } = await s.run([row('revoke-api-tokens', 1)], flags);
    expect([code, rows[0]]).toMatchObject([
      0,
      { outcome: 'done', result: { tokens: [{ label: 'script t1' }, {}, {}] } },
    ]);
    expect(rows[0]?.['result']).toMatchObject({
      tokens: [{ lastAccess: '2026-11-01T00:00:00.000Z' }, { lastAccess: null }, { lastAccess: null }],
    });
    expect(stateOf(s, 1)?.apiTokens).toEqual([]);
    expect(s.sandbox.ledger.filter(({ path: at }) => at.includes('/api-access/'))).toEqual([]);
  });

  it('says already for no token, a deactivated account and an active one', async () => {
    await using s = await company();
    const rows = [row('revoke-api-tokens', 0), row('deactivate-user', 4), row('reactivate-user', 5)];
    const { outcomes, code } = await s.run(rows, flags);
    expect([code, outcomes, s.changes()]).toEqual([0, ['already', 'already', 'already'], []]);
  });

  it.each([
    ['deactivate-user', 5],
    ['reactivate-user', 4],
  ])('undo of %s restores the state from before', async (action, n) => {
    await using s = await company();
    const before = statuses(s);
    const { report } = await s.run([row(action, n)], flags);
    expect(statuses(s)).not.toEqual(before);
    const back = path('undo.ndjson');
    await s.leavers(['undo', report, '--out', back]);
    expect([(await s.run(back, flags)).code, statuses(s)]).toEqual([0, before]);
  });
});

describe('an action that reaches beyond the organization', () => {
  it.each([
    ['deactivate-user', /1 × deactivate-user ends access to every Atlassian site.* add --allow deactivate-user/],
    ['revoke-api-tokens', /1 × revoke-api-tokens can't be undone; add --allow revoke-api-tokens/],
  ])('needs --allow: %s', async (action, words) => {
    await using s = await company();
    const { code, stderr } = await s.run([row(action, 1)]);
    expect([code, stderr]).toEqual([78, expect.stringMatching(words)]);
    expect(s.changes()).toEqual([]);
  });

  it('tells the undo of tokens that there is none', async () => {
    await using s = await company();
    const { report } = await s.run([row('revoke-api-tokens', 1)], allowAll);
    expect((await s.leavers(['undo', report])).stderr).toContain("a revoked API token can't be restored");
  });
});

const status = (where: string, code: number, body?: unknown): Fault => ({
  match: { path: where },
  kind: 'status',
  status: code,
  ...(body === undefined ? {} : { body }),
});

describe('answers of the account API', () => {
  it.each([
    ['a page', { match: { path: 'api-tokens$', nth: 2 }, kind: 'html' }],
    ['no list', { ...status('api-tokens$', 200, { tokens: [] }), match: { path: 'api-tokens$', nth: 2 } }],
    ['a token without id', { ...status('api-tokens$', 200, [{}]), match: { path: 'api-tokens$', nth: 2 } }],
  ] as const)('that are %s in place of the tokens never count as none', async (_, fault) => {
    await using s = await company([fault]);
    const { outcomes, code } = await s.run([row('revoke-api-tokens', 1)], [...allowAll, '--retries', '0']);
    expect([code, outcomes, s.changes()]).toEqual([1, ['failed'], []]);
  });

  it.each([404, 500, 200])('about privileges that say nothing (%i) leave the decision to the call', async (code) => {
    await using s = await company([status('/manage$', code, 'nonsense')]);
    const { outcomes } = await s.run(
      [row('deactivate-user', 5), row('deactivate-user', 2)],
      [...allowAll, '--retries', '0'],
    );
    expect(outcomes).toEqual(['done', 'failed']);
  });

  it('that know no such account leave the row out as not found', async () => {
    await using s = await company([status('/manage$', 404, { key: 'accountNotFound' })]);
    expect(await s.run([row('deactivate-user', 5)], allowAll)).toMatchObject({ code: 4, outcomes: ['not-found'] });
  });

  it('that refuse one of several tokens name those that were revoked, and resume goes on', async () => {
    const refusal = { match: { path: 'api-tokens/t2' }, times: 1, kind: 'status', status: 403 } as const;
    await using s = await company([{ ...refusal, body: { key: 'forbidden' } }]);
    const first = await s.run([row('revoke-api-tokens', 1)], [...allowAll, '--resume']);
    expect([first.code, first.rows[0]]).toMatchObject([
      1,
      { outcome: 'failed', error: { code: 'forbidden' }, result: { tokens: [{ label: 'script t1' }] } },
    ]);
    expect(first.rows[0]?.['message']).toContain('"script t2" was not revoked: forbidden; 1 of 3 tokens were revoked');
    expect((await s.run(first.manifest, [...allowAll, '--resume'], { report: first.report })).code).toBe(0);
    expect(stateOf(s, 1)?.apiTokens).toEqual([]);
  });

  it('that are lost between two tokens are settled by resume', async () => {
    const lost = { match: { path: 'api-tokens/t2' }, times: 1, kind: 'reset', after: true } as const;
    await using s = await company([lost]);
    const { code, rows } = await s.run([row('revoke-api-tokens', 1)], allowAll);
    expect([code, rows[0]?.['outcome'], stateOf(s, 1)?.apiTokens]).toEqual([0, 'done', []]);
  });

  it.each([
    [false, 'failed', 1],
    [true, 'done', 0],
  ])('409 is decided by the state: carried out %s means %s', async (after, outcome, code) => {
    const context = { message: 'not eligible', accountId: 'a', errorCodes: [{ code: 'x' }] };
    const conflict = status('lifecycle/disable', 409, { key: 'conflict.lifecycleErrors', context });
    await using s = await company([{ ...conflict, after }]);
    const ended = await s.run([row('deactivate-user', 5)], allowAll);
    expect([ended.code, ended.outcomes]).toEqual([code, [outcome]]);
    expect(ended.rows[0]).toMatchObject({ status: 409, error: { code: 'conflict.lifecycleErrors' } });
  });
});

describe('the address of managed accounts', () => {
  it('is that of the organization without /admin, or the one that is given', async () => {
    await using s = await company();
    const root = s.env.ATLASSIAN_API_URL.replace(/\/admin$/, '');
    const run = (address: string) => s.run([row('deactivate-user', 5)], [...allowAll, '--account-url', address]);
    expect(await run('http://example.com')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('--account-url'),
    });
    expect((await run(`${root}/elsewhere`)).outcomes).toEqual(['failed']);
    expect((await run(root)).outcomes).toEqual(['done']);
  });
});

describe('the whole closure', () => {
  it('is in the report with the key of each row', async () => {
    await using s = await company();
    const rows = ['suspend-user', 'revoke-api-tokens', 'deactivate-user', 'remove-user'].map((name) => row(name, 1));
    const { report, code } = await s.run(rows, allowAll);
    expect([code, stateOf(s, 1)]).toMatchObject([
      0,
      { status: 'deactivated', statusBefore: 'not_invited', groups: [] },
    ]);
    expect(ndjson(report).filter(({ event }) => event === 'row')).toHaveLength(4);
  });
});
