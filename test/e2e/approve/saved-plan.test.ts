// Saved plans in .json: bound to their organization, directory and age; a change is noticed; every reader of manifests reads them.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import canonicalize from 'canonicalize';
import { group, person } from '../../support/organization.ts';
import { file, path, scenario, type Scenario, suspend } from '../../support/scenario.ts';

interface Saved {
  readonly plan: Readonly<Record<string, string>>;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** A plan for two people, saved as .json. */
async function savePlan(s: Scenario, rows: readonly object[] = [suspend(0), suspend(1)]): Promise<string> {
  const out = path('plan.json');
  const { code, stderr } = await s.leavers(['plan', file('m.json', JSON.stringify(rows)), '--out', out]);
  expect([code, stderr]).toEqual([
    0,
    expect.stringMatching(/^Plan sha256:[0-9a-f]{64}\nNext: leavers run .*plan\.json/m),
  ]);
  return out;
}

const read = (at: string) => JSON.parse(readFileSync(at, 'utf8')) as Saved;
/** A copy of a plan with a change. */
const changed = (at: string, change: (plan: Saved) => unknown) =>
  file('changed.json', JSON.stringify(change(read(at))));

describe('a saved plan', () => {
  it('has the documented form and hash, with ids resolved', async () => {
    await using s = await scenario({ people: 2 });
    const { plan, rows } = read(await savePlan(s));
    const { sha256, ...binding } = plan;
    const lines = [binding, ...rows].map((line) => `${canonicalize(line)}\n`);
    expect(createHash('sha256').update(lines.join('')).digest('hex')).toBe(sha256);
    expect(Object.keys(plan)).toEqual(['org', 'directory', 'created', 'sha256']);
    expect(rows).toMatchObject([person(0), person(1)]);
  });

  it('runs, and the report names it', async () => {
    await using s = await scenario({ people: 2 });
    const plan = await savePlan(s);
    const { code, outcomes, lines } = await s.run(plan);
    const { sha256, created } = read(plan).plan;
    expect([code, outcomes]).toEqual([0, ['done', 'done']]);
    expect(lines[0]).toMatchObject({ event: 'run-start', plan: { path: plan, sha256, created } });
  });

  it('is read by plan like any manifest, and saved again in every format', async () => {
    await using s = await scenario({ people: 2 });
    const plan = await savePlan(s);
    for (const name of ['again.json', 'again.csv', 'again.xlsx', 'again.ndjson']) {
      const again = path(name);
      const { code, stderr } = await s.leavers(['plan', plan, '--out', again]);
      expect([code, stderr]).toEqual([0, expect.stringContaining(`${plan}: a plan saved on 20`)]);
      expect((await s.run(again, ['--dry-run'])).outcomes, name).toEqual(['planned', 'planned']);
    }
  });

  it('may be formatted by another program, because only its content counts', async () => {
    await using s = await scenario({ people: 2 });
    const plan = await savePlan(s);
    const pretty = file('pretty.json', JSON.stringify(read(plan), null, 4));
    expect((await s.run(pretty)).outcomes).toEqual(['done', 'done']);
  });
});

/** Serves every test that changes nobody. */
const shared = await scenario({ people: 3 });
afterAll(() => shared[Symbol.asyncDispose]());
const saved = await savePlan(shared);

const [first, second] = [(p: Saved) => p.rows[0] ?? {}, (p: Saved) => p.rows[1] ?? {}];
const changes: readonly (readonly [string, (plan: Saved) => unknown])[] = [
  ['another person', (p) => ({ ...p, rows: [first(p), { ...second(p), ...person(2) }] })],
  ['another action', (p) => ({ ...p, rows: [{ ...first(p), action: 'remove-user' }, second(p)] })],
  ['a row less', (p) => ({ ...p, rows: [first(p)] })],
  ['a row more', (p) => ({ ...p, rows: [...p.rows, { ...first(p), ...person(2) }] })],
  ['rows in another order', (p) => ({ ...p, rows: p.rows.toReversed() })],
  ['a later date', (p) => ({ ...p, plan: { ...p.plan, created: new Date().toISOString() } })],
  ['another organization', (p) => ({ ...p, plan: { ...p.plan, org: 'x' } })],
  ['another hash', (p) => ({ ...p, plan: { ...p.plan, sha256: '0'.repeat(64) } })],
  ['a value without a canonical form', (p) => ({ ...p, rows: [{ ...first(p), description: '\ud800' }] })],
];

describe('run refuses a saved plan', () => {
  it.each(changes)('with %s, and plan warns', async (_, change) => {
    const plan = changed(saved, change);
    const { code, stderr } = await shared.run(plan, ['--allow', 'remove-user']);
    expect([code, shared.changes()]).toEqual([78, []]);
    expect(stderr).toContain('was changed after it was saved');
    expect((await shared.leavers(['plan', plan])).stderr).toContain(`warning: ${plan} was changed after it was saved`);
  });

  it('of another organization, before anybody is looked up', async () => {
    const plan = saved;
    const env = { ATLASSIAN_ORG_ID: '' };
    const { code, stderr } = await shared.leavers(['run', plan, '--sandbox', '--report', path('r.ndjson')], { env });
    expect([code, stderr]).toEqual([78, expect.stringMatching(/is a plan for organization 6665a2c0\S+, but this is /)]);
  });

  it('of another organization, before the key is sent to it', async () => {
    const before = shared.sandbox.ledger.length;
    const other = ['--org-id', '11111111-1111-4111-8111-111111111111'];
    const { code, stderr } = await shared.run(saved, other);
    expect([code, shared.sandbox.ledger.length - before]).toEqual([78, 0]);
    expect(stderr).toContain('but this is 11111111-1111-4111-8111-111111111111');
  });

  it('of another directory or generation', async () => {
    const plan = saved;
    const { code, stderr } = await shared.run(plan, ['--api', 'v1']);
    expect([code, stderr]).toEqual([78, expect.stringMatching(/is a plan for directory \S+, but this is API v1/)]);
    expect(shared.changes()).toEqual([]);
  });

  it.each([
    ['after seven days', [], 8, 78, /was made 8 days ago, and --max-plan-age is 7 days/],
    ['after --max-plan-age', ['--max-plan-age', '1h'], 0.1, 78, /was made 2.4 h ago, and --max-plan-age is 60 min/],
    ['not before', ['--max-plan-age', '10d', '--dry-run'], 8, 0, /^/],
    ['from the future', [], -1, 78, /which is in the future; check the clock/],
  ] as const)('%s', async (_, flags, days, code, words) => {
    const plan = saved;
    const ended = await shared.run(plan, flags, { now: () => Date.now() + days * 86_400_000 });
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringMatching(words)]);
  });

  it('beside other manifests', async () => {
    const other = file('m.json', JSON.stringify([suspend(2)]));
    for (const command of ['run', 'plan']) {
      const { code, stderr } = await shared.leavers([command, other, saved]);
      expect([code, stderr]).toEqual([64, expect.stringContaining('is a saved plan, which must run alone')]);
    }
  });

  it.each([
    ['without its rows', (p: Saved) => ({ plan: p.plan })],
    ['without a hash', (p: Saved) => ({ plan: { org: 'x', directory: null, created: 'x' }, rows: p.rows })],
    ['with another part', (p: Saved) => ({ ...p, more: [] })],
    ['with its parts exchanged', (p: Saved) => ({ rows: p.rows, plan: p.plan })],
  ])('%s as malformed', async (_, change) => {
    const { code } = await shared.run(changed(saved, change));
    expect([code, shared.changes()]).toEqual([65, []]);
  });
});

describe('a job file', () => {
  const job = {
    input: { columns: { email: 'Work Email' }, where: [{ column: 'Status', in: ['Terminated'] }] },
    steps: [{ action: 'remove-user' }],
    guards: { allow: ['remove-user'], minRows: 100, maxInputAge: '1ms' },
  };

  it('makes no other rows of a saved plan, and its guards for exports do not apply', async () => {
    await using s = await scenario({ people: 2 });
    const plan = await savePlan(s);
    const { code, rows } = await s.run(plan, ['--job', file('job.json', JSON.stringify(job))]);
    expect([code, rows.map(({ action }) => action)]).toEqual([0, ['suspend-user', 'suspend-user']]);
  });

  it('stays in the command that runs the plan it made', async () => {
    await using s = await scenario({ people: 2 });
    const own = file('job.json', JSON.stringify({ guards: { maxChanges: 1 } }));
    const list = file('m.json', JSON.stringify([suspend(0)]));
    const { stderr } = await s.leavers(['plan', list, '--job', own, '--out', path('p.json')]);
    expect(stderr).toMatch(/Next: leavers run \S+p\.json --job \S+job\.json$/m);
  });
});

describe('plan --out', () => {
  it('refuses .json without a call, because the organization is unknown', async () => {
    const out = path('p.json');
    const { code, stderr } = await shared.leavers(['plan', file('m.json', '[]'), '--offline', '--out', out]);
    expect([code, stderr]).toEqual([
      64,
      expect.stringContaining('is bound to an organization, which --offline does not contact'),
    ]);
  });

  it('keeps groups and roles of rows in a bound plan', async () => {
    const row = { action: 'add-user-to-group', ...person(0), ...group(1) };
    expect(read(await savePlan(shared, [row])).rows).toMatchObject([row]);
  });
});
