// `doctor --record`: how the API answers beside its specification, in a file that names nobody.
import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/faults.ts';
import { group, org, person, site } from '../support/organization.ts';
import { path, scenario } from '../support/scenario.ts';

interface Recorded {
  readonly limitHeaders: readonly string[];
  readonly calls: readonly Readonly<Record<string, unknown>>[];
}

async function record(faults: readonly Fault[] = []) {
  await using s = await scenario({ people: 3, faults });
  const file = path('answers.json');
  const ended = await s.leavers(['doctor', '--api', 'v2', '--record', file], { speed: 20 });
  const text = readFileSync(file, 'utf8');
  const { calls, limitHeaders } = JSON.parse(text) as Recorded;
  return { ...ended, text, calls, limitHeaders, writes: s.changes() };
}

const answer = (to: string, body: unknown): Fault => ({ match: { path: to }, kind: 'status', status: 200, body });

/** Everything by which somebody could be recognized. */
const secrets = [
  org,
  site,
  'Test company',
  'Person 0',
  ...[0, 1, 2].flatMap((n) => Object.values(person(n))),
  ...[0, 1, 2].flatMap((n) => Object.values(group(n))),
];

describe('doctor --record', () => {
  it('reads once of each kind, finds nothing new in the simulated organization, and changes nothing', async () => {
    const { code, calls, stdout, writes } = await record();
    expect([code, writes]).toEqual([0, []]);
    expect(calls.map(({ status }) => status)).toEqual(Array.from({ length: 14 }, () => 200));
    expect(new Set(calls.map(({ operation }) => operation)).size).toBe(14);
    expect(stdout).toMatch(/record +ok +14 calls compared with the published specification: 0 new, \d+ missing/);
  });

  it('names the headers of the rate limit by their forms', async () => {
    const { limitHeaders } = await record();
    expect(limitHeaders).toEqual([
      'x-ratelimit-limit: number',
      'x-ratelimit-remaining: number',
      'x-ratelimit-reset: ISO 8601',
    ]);
  });

  it('lists fields that are new or missing, statuses that are not published, and calls without an answer', async () => {
    const { code, stdout, calls } = await record([
      answer('directories$', { data: [{ directoryId: person(0).accountId, lastActiveName: 'x' }] }),
      { match: { path: 'users/count' }, kind: 'status', status: 418 },
      { match: { path: 'event-actions' }, kind: 'close' },
    ]);
    expect(code).not.toBe(70);
    const said = stdout.replaceAll(/\s+/g, ' ');
    expect(said).toContain('new: body/data/*/lastActiveName; missing: body/data/*/icon, body/data/*/name');
    expect(said).toContain('users/count 418: status 418 is not published');
    expect(calls).toContainEqual({ operation: 'GET /v1/orgs/{orgId}/event-actions', failed: 'no answer' });
  });

  it('holds no name, address or id of the organization', async () => {
    const { text } = await record();
    for (const secret of secrets) expect(text).not.toContain(secret);
  });

  it('holds none in unexpected fields either, whatever they are called and contain', async () => {
    const name = fc.constantFrom(...secrets, 'Ada', 'ada_lovelace', 'okta-Berlin', '__proto__');
    const tree = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof({ maxDepth: 3 }, name, fc.integer(), fc.array(tie('node')), fc.dictionary(name, tie('node'))),
    })).node;
    await fc.assert(
      fc.asyncProperty(tree, tree, fc.dictionary(name, tree), async (one, other, extra) => {
        const body = { data: [{ accountId: person(0).accountId, ...extra, groups: one }], links: other, ...extra };
        const { text } = await record([answer('users/search', body), { ...answer('groups', one), status: 400 }]);
        for (const secret of [...secrets, 'Ada', 'ada', 'Berlin']) expect(text).not.toContain(secret);
      }),
      { numRuns: 5 },
    );
  });

  it('refuses a file that is there, before any call', async () => {
    await using s = await scenario();
    const file = path('answers.json');
    writeFileSync(file, 'mine');
    const { code } = await s.leavers(['doctor', '--record', file]);
    expect([code, readFileSync(file, 'utf8'), s.sandbox.ledger]).toEqual([73, 'mine', []]);
  });
});
