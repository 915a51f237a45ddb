// How many calls a use costs: at 180 a minute they are what people wait for.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { person } from '../../support/organization.ts';
import { desk, type Scenario, scenario } from '../../support/scenario.ts';

/** An HR export in the form of Workday, of this number of people. */
function exportOf(people: number): string {
  const path = join(desk, `${people}.csv`);
  const rows = Array.from({ length: people }, (_, n) => `${n},${person(n).email},2026-01-31,Terminated`);
  writeFileSync(path, ['Employee ID,Work Email,Last Day of Work,Active Status', ...rows, ''].join('\n'));
  return path;
}

describe('the calls of', () => {
  it('a licence clean-up over 13,500 people are at most 150 on v2', async () => {
    await using s = await scenario({ people: 13_500 });
    const { code, stdout } = await s.leavers(['inactive', '--days', '90', '--api', 'v2']);
    expect([code, stdout.split('\n').length - 1]).toEqual([0, 13_500]);
    expect(s.sandbox.ledger.length).toBeLessThanOrEqual(150);
    expect(s.changes()).toEqual([]);
  });

  it('its plan, by account id with the dates read again, are one for a hundred people', async () => {
    await using s = await scenario({ people: 3000 });
    const manifest = join(desk, 'idle.ndjson');
    const row = (n: number) => ({ action: 'suspend-user', accountId: person(n).accountId, onlyIfInactiveDays: 90 });
    writeFileSync(manifest, Array.from({ length: 3000 }, (_, n) => `${JSON.stringify(row(n))}\n`).join(''));
    const { code, stdout } = await s.leavers(['plan', manifest, '--max-changes', '100%']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('Plan: 3000 to change')]);
    expect(searchesOf(s)).toHaveLength(30);
  });

  it.each([
    ['v1', 60],
    ['v2', 120],
  ])(
    'removing 60 people on %s are %i, with one read a person where their own roles can be read',
    async (api, calls) => {
      await using s = await scenario({ people: 60 });
      const manifest = join(desk, `${api}.ndjson`);
      const row = (n: number) => ({ action: 'remove-user', accountId: person(n).accountId });
      writeFileSync(manifest, Array.from({ length: 60 }, (_, n) => `${JSON.stringify(row(n))}\n`).join(''));
      const args = [manifest, '--api', api, '--allow', 'remove-user'];
      const { stdout } = await s.leavers(['plan', ...args]);
      const planning = s.sandbox.ledger.length;
      expect(stdout).toContain(`${calls} calls`);
      const report = join(desk, `${api}-report.ndjson`);
      await s.leavers(['run', ...args, '--yes', '--report', report]);
      expect([s.changes().length, s.sandbox.ledger.length]).toEqual([60, 2 * planning + calls]);
    },
  );

  it('an HR run of 2,000 e-mails are at most 21 look-ups beside its changes', async () => {
    await using s = await scenario({ people: 2000 });
    const job = join(desk, 'job.json');
    const columns = { email: 'Work Email', notBefore: 'Last Day of Work', reference: 'Employee ID' };
    writeFileSync(job, JSON.stringify({ input: { columns }, steps: [{ action: 'suspend-user' }] }));
    const args = ['run', exportOf(2000), '--job', job, '--yes', '--max-changes', '2000', '--api', 'v2', '-q'];
    const { code } = await s.leavers([...args, '--report', join(desk, 'r.ndjson')]);
    expect([code, s.changes().length]).toEqual([0, 2000]);
    expect(s.sandbox.ledger.length - s.changes().length).toBeLessThanOrEqual(21);
  });
});

const searchesOf = (s: Scenario) => s.sandbox.ledger.filter(({ path }) => path.endsWith('/users/search'));

type Named = 'accountId' | 'email' | 'both';

/** A manifest that suspends this many people, each named as `by` says. */
function suspending(people: number, by: Named): string {
  const path = join(desk, `${by}-${people}.ndjson`);
  const names = (n: number) => (by === 'both' ? person(n) : { [by]: person(n)[by] });
  const row = (n: number) => `${JSON.stringify({ action: 'suspend-user', ...names(n) })}\n`;
  writeFileSync(path, Array.from({ length: people }, (_, n) => row(n)).join(''));
  return path;
}

/** Calls of a plan on an organization of 3,000 people, beside the one that finds its directory. */
const lookUps: readonly (readonly [api: string, by: Named, named: number, calls: number])[] = [
  ['v2', 'accountId', 10, 1],
  ['v2', 'accountId', 100, 10 + 1],
  ['v2', 'accountId', 300, 30 + 1],
  ['v2', 'accountId', 3000, 30 + 1],
  ['v2', 'email', 10, 1],
  ['v2', 'email', 300, 3],
  ['v2', 'email', 3000, 30],
  ['v2', 'both', 10, 1],
  ['v2', 'both', 300, 3],
  ['v2', 'both', 3000, 30],
  ['v1', 'accountId', 10, 1],
  ['v1', 'accountId', 300, 3],
  ['v1', 'accountId', 3000, 30],
];

describe('the look-ups', () => {
  it.each(lookUps)(
    'on %s by %s of %i people among 3,000 are %i, and none is refused',
    async (api, by, named, calls) => {
      await using s = await scenario({ people: 3000 });
      const { code, stdout } = await s.leavers(['plan', suspending(named, by), '--api', api, '--max-changes', '9999']);
      expect([code, stdout]).toEqual([0, expect.stringContaining(`Plan: ${named} to change`)]);
      const all = s.sandbox.ledger.filter(({ path }) => !path.endsWith('/directories'));
      expect(all).toHaveLength(calls);
      expect(all.filter(({ status }) => status !== 200)).toEqual([]);
      expect(stdout).toContain(`look-ups: ${calls === 1 ? '1 call' : `${calls} calls`} at most`);
    },
  );

  it('of 300 people who are all of the organization are the 3 pages of its directory', async () => {
    await using s = await scenario({ people: 300 });
    const { code } = await s.leavers(['plan', suspending(300, 'accountId'), '--api', 'v2']);
    expect([code, searchesOf(s).length]).toEqual([0, 3]);
  });

  it('through the whole directory find the same as those by name', async () => {
    const change = (state: Record<string, unknown>) => {
      const people = state['people'] as object[];
      Object.assign(people[1] ?? {}, { status: 'suspended' });
      Object.assign(people[2] ?? {}, { orgAdmin: true });
      people.splice(3, 1);
    };
    await using s = await scenario({ people: 120, change });
    const { stdout } = await s.leavers(['plan', suspending(120, 'accountId'), '--api', 'v2']);
    expect(searchesOf(s)).toHaveLength(2);
    expect(stdout).toContain('Plan: 117 to change, 1 already done, 0 held, 2 skipped');
  });

  it('of an offline plan are estimated, with the time that they take', async () => {
    await using s = await scenario({ people: 3 });
    const args = ['plan', suspending(3000, 'accountId'), '--offline', '--max-changes', '9999', '--rate', '180/m'];
    expect((await s.leavers(args)).stdout).toMatch(/look-ups: 300 calls at most, about 2 min at 180 per minute/);
    expect(s.sandbox.ledger).toEqual([]);
  });
});

/** Everybody who was searched for, as often as it was. */
const asked = (s: Scenario) =>
  s.sandbox.ledger.flatMap(({ path, body }) => {
    if (!path.endsWith('/users/search')) return [];
    const { emails, emailUsernames, accountIds } = body as Record<string, string[]> & {
      emailUsernames?: { eq: string[] };
    };
    return emails ?? emailUsernames?.eq ?? accountIds ?? [];
  });

/** A manifest that suspends this number of people and then removes them all; `of` gives the fields that name a person. */
function sortedByAction(people: number, of: (n: number) => object): string {
  const path = join(desk, `sorted-${people}.ndjson`);
  const rows = ['suspend-user', 'remove-user'].flatMap((action) =>
    Array.from({ length: people }, (_, n) => `${JSON.stringify({ action, ...of(n) })}\n`),
  );
  writeFileSync(path, rows.join(''));
  return path;
}

describe.each(['v1', 'v2'])('a manifest on %s', (api) => {
  const plan = (s: Scenario, manifest: string) =>
    s.leavers(['plan', manifest, '--api', api, '--allow', 'remove-user', '--max-changes', '99999']);

  it('sorted by action asks for each of 5,000 people once', async () => {
    await using s = await scenario({ people: 5000 });
    const { code, stdout } = await plan(
      s,
      sortedByAction(5000, (n) => ({ email: person(n).email })),
    );
    expect([code, stdout]).toEqual([0, expect.stringContaining('Plan: 10000 to change')]);
    expect([asked(s).length, new Set(asked(s)).size]).toEqual([5000, 5000]);
  });

  it.each([
    ['two actions', ['suspend-user', 'remove-user']],
    ['one action', ['suspend-user', 'suspend-user']],
  ])('that names people by e-mail first and then by account id asks for each once too: %s', async (_, both) => {
    await using s = await scenario({ people: 300 });
    const rows = [
      ...Array.from({ length: 300 }, (__, n) => ({ action: both[0], email: person(n).email })),
      ...Array.from({ length: 300 }, (__, n) => ({ action: both[1], accountId: person(n).accountId })),
    ];
    const manifest = join(desk, 'two-names.ndjson');
    writeFileSync(manifest, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const { code } = await plan(s, manifest);
    // Reading the whole directory asks for nobody by name.
    expect([code, asked(s).length, searchesOf(s).length]).toEqual([0, api === 'v2' ? 0 : 300, 3]);
  });

  it('with all steps of a person together asks in full batches, for nobody twice', async () => {
    await using s = await scenario({ people: 250 });
    const manifest = join(desk, 'together.ndjson');
    const steps = (n: number) => [
      { action: 'suspend-user', email: person(n).email },
      { action: 'remove-user-from-group', email: person(n).email, groupName: 'group-0' },
    ];
    const rows = Array.from({ length: 250 }, (_, n) => steps(n)).flat();
    writeFileSync(manifest, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    expect((await plan(s, manifest)).code).toBe(0);
    const searches = s.sandbox.ledger.filter(({ path }) => path.endsWith('/users/search'));
    expect([asked(s).length, searches.length]).toEqual([250, 3]);
  });

  it('with a condition on each of two steps reads when each person was last active once', async () => {
    await using s = await scenario({ people: 150 });
    const of = (n: number) => ({ email: person(n).email, onlyIfInactiveDays: 30 });
    expect((await plan(s, sortedByAction(150, of))).code).toBe(0);
    const reads = s.sandbox.ledger.filter(({ path }) => path.endsWith('/last-active-dates'));
    expect([reads.length, asked(s).length]).toEqual([api === 'v1' ? 150 : 0, 150]);
  });
});
