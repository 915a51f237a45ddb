// Runs that revoke API tokens and are killed in between: the resumed row names every token that the report's runs revoked.
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/sandbox/faults.ts';
import { withoutLists } from '../../support/earlier-report.ts';
import { person } from '../../support/organization.ts';
import { allowAll, manifest, path, type Scenario, scenario } from '../../support/scenario.ts';
import { ndjson, start } from '../../support/spawn.ts';

const tokens = ['a', 'b', 'c'].map((id) => ({ id: `t-${id}`, label: id, createdAt: '2025-01-02T03:04:05.000Z' }));
/** The call about this token is never answered. */
const hangingAt = (id: string): Fault[] => [
  { match: { method: 'DELETE', path: `api-tokens/t-${id}` }, kind: 'hang', times: 1 },
];
const company = (faults: readonly Fault[]) =>
  scenario({
    people: 2,
    faults,
    change: (state) => void Object.assign((state['people'] as object[])[1] ?? {}, { apiTokens: tokens }),
  });

/** Starts the built program and kills it once this many tokens are revoked. */
async function killedAfter(s: Scenario, count: number) {
  const [report, rows] = [path('r.ndjson'), manifest([{ action: 'revoke-api-tokens', email: person(1).email }])];
  const args = ['run', rows, '--report', report, '--resume', '--yes', ...allowAll];
  const run = start(args, { env: s.env });
  const left = () => s.sandbox.state().people[1]?.apiTokens.length;
  while (left() !== tokens.length - count || !existsSync(report)) await pause(10);
  await pause(50);
  run.child.kill('SIGKILL');
  await run.ended;
  return { report, args };
}

async function evidenceOf(s: Scenario, report: string): Promise<string> {
  const out = path('evidence.csv');
  const suspended = path('s.ndjson');
  const rows = manifest([{ action: 'suspend-user', email: person(1).email }]);
  await s.leavers(['run', rows, '--report', suspended, '--yes']);
  await s.leavers(['report', report, suspended, '--evidence', out]);
  return readFileSync(out, 'utf8');
}

/** Somebody else revokes a token. */
async function revoke(s: Scenario, id: string): Promise<void> {
  const address = `${new URL(s.env.ATLASSIAN_API_URL).origin}/users/${person(1).accountId}/manage/api-tokens/${id}`;
  const headers = { authorization: `Bearer ${s.env.ATLASSIAN_API_KEY}` };
  expect((await fetch(address, { method: 'DELETE', headers })).status).toBe(204);
}

const rowOf = (report: string) => ndjson(report).findLast(({ event }) => event === 'row');

describe('a run that is killed between two tokens', () => {
  it.each([
    ['after the first', 'b', 1],
    ['after the second', 'c', 2],
  ])('%s: the resumed row has all tokens, and says which were revoked before', async (_, hanging, count) => {
    await using s = await company(hangingAt(hanging));
    const { report, args } = await killedAfter(s, count);
    expect((await s.leavers(args)).code).toBe(0);
    const { outcome, ambiguous, message, result } = rowOf(report) ?? {};
    const found = (result as { tokens: { label: string; earlier?: true }[] }).tokens;
    expect([outcome, ambiguous, found.map(({ label, earlier = false }) => [label, earlier])]).toEqual([
      'done',
      true,
      tokens.map(({ label }, at) => [label, at < count]),
    ]);
    expect(message).toMatch(/^[12] tokens? (was|were) revoked by an earlier attempt of this row$/);
    expect(await evidenceOf(s, report)).toContain('(a, b, c)');
  });

  it('in a report of an earlier version: the number is said to be unknown, in row and evidence', async () => {
    await using s = await company(hangingAt('b'));
    const { report, args } = await killedAfter(s, 1);
    withoutLists(report);
    await s.leavers(args);
    expect(rowOf(report)).toMatchObject({
      outcome: 'done',
      message: 'an earlier attempt of this row stopped halfway; it is unknown how many tokens it revoked',
      result: { tokens: [{ label: 'b' }, { label: 'c' }], earlierUnknown: true },
    });
    expect(await evidenceOf(s, report)).toContain('(b, c) and an unknown number by an attempt that broke off');
  });
});

describe('a row whose tokens are gone', () => {
  it('when it is resumed has the tokens that its intent listed', async () => {
    await using s = await company(hangingAt('c'));
    const { report, args } = await killedAfter(s, 2);
    const others = manifest([{ action: 'revoke-api-tokens', email: person(1).email }]);
    await s.leavers(['run', others, '--report', path('o.ndjson'), '--yes', ...allowAll]);
    await s.leavers(args);
    expect(rowOf(report)).toMatchObject({
      outcome: 'done',
      result: { tokens: tokens.map(({ label }) => ({ label, earlier: true })) },
    });
  });

  it('although one was refused first, has all of them in the end', async () => {
    const refused = {
      match: { method: 'DELETE', path: 'api-tokens/t-b' },
      kind: 'status',
      status: 403,
      times: 1,
    } as const;
    await using s = await company([refused]);
    const { report, manifest: rows } = await s.run([{ action: 'revoke-api-tokens', email: person(1).email }], allowAll);
    await s.run(rows, ['--resume', ...allowAll], { report });
    expect(rowOf(report)).toMatchObject({
      outcome: 'done',
      result: { tokens: [{ label: 'a', earlier: true }, { label: 'b' }, { label: 'c' }] },
    });
  });

  it('claims none that somebody else revoked after a refusal of the first', async () => {
    const match = { method: 'DELETE', path: 'api-tokens/t-a' } as const;
    await using s = await company([{ match, kind: 'status', status: 403, times: 1 }]);
    const { report, manifest: rows } = await s.run([{ action: 'revoke-api-tokens', email: person(1).email }], allowAll);
    await revoke(s, 't-a');
    await s.run(rows, ['--resume', ...allowAll], { report });
    expect(rowOf(report)).toMatchObject({ outcome: 'done', result: { tokens: [{ label: 'b' }, { label: 'c' }] } });
  });

  it('keeps those that it revoked before a refusal, although others revoked the rest', async () => {
    const match = { method: 'DELETE', path: 'api-tokens/t-b' } as const;
    await using s = await company([{ match, kind: 'status', status: 403, times: 1 }]);
    const { report, manifest: rows } = await s.run([{ action: 'revoke-api-tokens', email: person(1).email }], allowAll);
    for (const { id } of tokens.slice(1)) await revoke(s, id);
    await s.run(rows, ['--resume', ...allowAll], { report });
    expect(rowOf(report)).toMatchObject({ outcome: 'already', result: { tokens: [{ label: 'a', earlier: true }] } });
  });
});
