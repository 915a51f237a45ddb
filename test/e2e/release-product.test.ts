// The clean-up of one product: who gives a seat back, who keeps one through which group, and what plan, run and undo say and do.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leaversAt } from '../support/in-process.ts';
import { group, person, site } from '../support/organization.ts';
import { desk, file, manifest, path, scenario, type Scenario } from '../support/scenario.ts';
import { ndjson, root } from '../support/spawn.ts';

const now = Date.parse('2026-06-01T12:00:00Z');
const wiki = site.replace('jira-software', 'confluence');
const role = (name: string, resource: string) => ({ role: `atlassian/${name}`, resource });
const product = (id: string, lastActive: string | null) => ({ id, key: id.split(':')[2], lastActive });
/** Neither is used. */
const idle = [product(wiki, null), product(site, null)];
const seen = (day: string) => [product(wiki, `${day}T10:00:00Z`), product(site, '2026-05-31T10:00:00Z')];

/** Groups by number: 0 wiki-users, 1 wiki-extra, 2 synced, 3 gives Jira too, 4 is protected, 5 for customers, 6 Jira, 7 makes admins. */
const groups = [
  { roles: [role('user', wiki)] },
  { roles: [role('user', wiki), role('admin', wiki)] },
  { roles: [role('user', wiki)], kind: 'scim' },
  { roles: [role('user', wiki), role('user', site)] },
  { roles: [role('user', wiki)] },
  { roles: [role('customer', wiki)] },
  { roles: [role('user', site)] },
  { roles: [role('user', wiki), role('user-access-admin', site.replace('jira-software', 'platform'))] },
];

interface Case {
  readonly in: readonly number[];
  readonly roles?: readonly object[];
  readonly more?: object;
  /** Groups and roles that the manifest ends. */
  readonly ends: readonly string[];
  /** Jira ends with a group too, and with it the seat. */
  readonly alsoFrees?: 'jira-software';
  /** What keeps the seat; a seat is free when this is empty and something that takes a seat ends. */
  readonly keeps?: string;
  readonly frees?: false;
}

const g = (n: number) => group(n).groupName;
const cases: Readonly<Record<string, Case>> = {
  'in one group': { in: [0, 6], ends: [g(0)] },
  'in two groups': { in: [0, 1], ends: [g(0), g(1)] },
  'in a synced group too': { in: [0, 2], ends: [g(0)], keeps: `group ${g(2)} (managed by an identity provider)` },
  'in a group that gives Jira too': {
    in: [3],
    ends: [],
    keeps: `group ${g(3)}, which also gives jira-software (last used 2026-05-31)`,
  },
  'in a protected group too': { in: [0, 4], ends: [g(0)], keeps: `group ${g(4)} (protected)` },
  'with a role of their own': { in: [6], roles: [role('user', wiki)], ends: ['atlassian/user'] },
  'a guest': { in: [6], roles: [role('guest', wiki)], ends: ['atlassian/guest'], frees: false },
  'a customer': { in: [5], ends: [], frees: false },
  'an organization admin': {
    in: [0],
    more: { orgAdmin: true },
    ends: [],
    keeps: 'an organization admin; use --include-admins',
  },
  'a site admin': {
    in: [0],
    more: { siteAdmin: true },
    ends: [g(0)],
    keeps: 'a site admin (who may have access through that role)',
  },
  'on the protect list': { in: [0], ends: [], keeps: `person10@example.com is on the list of protected` },
  active: { in: [0], more: { products: seen('2026-05-30') }, ends: [], frees: false },
  'never active': { in: [0], more: { products: [product(wiki, null)] }, ends: [g(0)] },
  suspended: { in: [0], more: { status: 'suspended' }, ends: [], frees: false },
  'an app': { in: [0], more: { accountType: 'app' }, ends: [], frees: false },
  'without the product': { in: [6], more: { products: [product(site, null)] }, ends: [], frees: false },
  'in a group that gives Jira too, which is not used': {
    in: [3],
    more: { products: [product(wiki, '2026-01-01T10:00:00Z'), product(site, '2026-01-02T10:00:00Z')] },
    ends: [g(3)],
    alsoFrees: 'jira-software',
  },
  'who has unused Jira through another group': { in: [3, 6], more: { products: idle }, ends: [g(3)] },
  'who has a role of their own on unused Jira': {
    in: [3],
    roles: [role('user', site)],
    more: { products: idle },
    ends: [g(3)],
  },
  'whose use of Jira is not known': {
    in: [3, 0],
    more: { products: idle.slice(0, 1) },
    ends: [g(0)],
    keeps: `group ${g(3)}, which also gives jira-software (use unknown)`,
  },
  'in a group that makes admins': { in: [7], ends: [], keeps: `group ${g(7)} (it makes admins)` },
  'in a group and with a role of their own': { in: [0], roles: [role('user', wiki)], ends: [g(0), 'atlassian/user'] },
};
const people = Object.values(cases);
const freed = people.filter(({ frees, keeps }) => frees !== false && keeps === undefined).length;
const money = `${freed} × confluence, 1 × jira-software (${(freed * 5.75 + 8).toFixed(2)} EUR a month)`;

function change(state: Record<string, unknown>): void {
  (state['groups'] as object[]).forEach((each, n) => Object.assign(each, groups[n]));
  people.forEach(({ in: own, roles = [], more }, n) => {
    const base = { groups: own.map((each) => group(each).groupId), roles, products: seen('2026-01-01') };
    Object.assign((state['people'] as object[])[n] ?? {}, base, more);
  });
}

const company = (options = {}) => scenario({ people: people.length, groups: groups.length, change, ...options });
const protect = () => ['--protect', file('protect.txt', `person10@example.com\n${g(4)}\n`)];
const priced = () => [
  '--job',
  file('job.json', JSON.stringify({ prices: { confluence: 5.75, 'jira-software': 8, currency: 'EUR' } })),
];
const inactive = ['inactive', '--days', '90', '--product', 'confluence', '--action', 'release-product'];
const at = (s: Scenario, args: readonly string[]) => leaversAt(now, args, { env: s.env, cwd: desk });

/** Groups and roles of the manifest's rows, for each person. */
function endsIn(rows: readonly Record<string, unknown>[]): unknown[][] {
  return people.map((_, n) =>
    rows.filter((row) => row['accountId'] === person(n).accountId).map((row) => row['groupName'] ?? row['role']),
  );
}

/** The confluence roles of a person that take a seat, by what gives them. */
function seatsLeft(s: Scenario, n: number): string[] {
  const state = s.sandbox.state();
  const own = state.people.find(({ accountId }) => accountId === person(n).accountId);
  const isSeat = (each: { role: string; resource: string }) =>
    each.resource === wiki && /(user|admin)$/.test(each.role);
  const through = state.groups.filter(({ id, roles }) => own?.groups.includes(id) && roles.some(isSeat));
  return [...through.map(({ name }) => name), ...(own?.roles ?? []).filter(isSeat).map((each) => each.role)];
}

describe('inactive --action release-product', () => {
  it('ends every group and role that gives the product, and names who keeps a seat and why', async () => {
    await using s = await company();
    const { code, stdout, stderr } = await at(s, [...inactive, ...protect(), ...priced()]);
    const rows = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect([code, endsIn(rows)]).toEqual([0, people.map(({ ends }) => ends)]);
    people.forEach(({ keeps }, n) => {
      const line = stderr.split('\n').find((each) => each.startsWith(`  Person ${n} <`));
      expect([n, line]).toEqual([n, keeps === undefined ? undefined : expect.stringContaining(keeps)]);
    });
    expect(stderr).toContain(`Seats freed: ${money}.`);
    expect(stderr).toContain(`1 person loses jira-software too, which they do not use either: through group ${g(3)}`);
    expect(rows.every((row) => row['onlyIfInactiveDays'] === 90)).toBe(true);
    const shared = rows.filter(({ groupName }) => groupName === g(3)).map(({ products }) => products);
    expect(shared).toEqual([16, 17, 18].map(() => ['confluence', 'jira-software']));
  });

  it('costs a call for a hundred people, for each group that gives the product, and for each inactive person', async () => {
    await using s = await company();
    await at(s, inactive);
    const calls = Map.groupBy(s.sandbox.ledger, ({ path: to }) =>
      /users\/search|groups\/search|groups\/.*role|users\/.*role/.exec(to)?.[0].replace(/\/.*\//, '/*/'),
    );
    const counts = Object.fromEntries([...calls].map(([to, some]) => [to, some.length]));
    expect(counts).toMatchObject({ 'users/search': 1, 'groups/search': 2, 'groups/*/role': 8, 'users/*/role': 17 });
  });

  it('never frees a seat of which the roles can not be read', async () => {
    await using s = await company({
      faults: [{ match: { path: 'users/.*/role-assignments' }, kind: 'status', status: 403 }],
    });
    const { stderr } = await at(s, inactive);
    expect(stderr).toContain("Person 0 <person0@example.com>: a direct role (it can't be read)");
    expect(stderr).toContain('Seats freed: none.');
  });

  it('says which products there are when nobody has the named one', async () => {
    await using s = await company();
    const { code, stderr } = await at(
      s,
      inactive.map((word) => (word === 'confluence' ? 'conflunce' : word)),
    );
    expect([code, stderr]).toEqual([0, expect.stringContaining('the products are confluence, jira-software')]);
  });

  it.each([
    [64, ['--days', '90', '--action', 'release-product']],
    [64, ['--days', '90', '--product', 'confluence']],
    [64, ['--days', '90', '--product', 'confluence', '--products', 'trello', '--action', 'release-product']],
    [78, ['--days', '90', '--product', 'confluence', '--action', 'release-product', '--api', 'v1']],
  ])('ends with %i for %j', async (code, flags) => {
    await using s = await company();
    const ended = await at(s, ['inactive', ...flags]);
    expect([ended.code, ended.stdout]).toEqual([code, '']);
  });
});

describe('the manifest of a clean-up', () => {
  /** Writes the manifest, leaving out the rows of some groups. */
  async function release(s: Scenario, ...left: string[]) {
    const { stdout } = await at(s, [...inactive, ...protect()]);
    const rows = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    return manifest(rows.filter((row) => !left.includes(String(row['groupName']))));
  }
  const kept = (n: number, ...through: string[]) =>
    `Person ${n} <person${n}@example.com> (confluence, through ${through.join(' and ')})`;

  it('is planned with the seats that it frees, their price, and who keeps one', async () => {
    await using s = await company();
    const { stdout } = await at(s, ['plan', await release(s), ...priced()]);
    const words = stdout.replace(/\s+/g, ' ');
    expect(words).toContain(`seats freed: ${money}`);
    expect(words).toContain(
      `4 people keep a seat: ${kept(2, g(2))}, ${kept(4, g(4))}, ${kept(9, 'the role of a site admin')}, ${kept(19, g(3))}`,
    );
    expect(words.includes(kept(3, g(3)))).toBe(false);
  });

  it('says so of somebody who is left in a second group', async () => {
    await using s = await company();
    const { stdout } = await at(s, ['plan', await release(s, g(1)), '--json']);
    const { seats, seatsKept } = JSON.parse(stdout) as {
      seats: object;
      seatsKept: { who: string; groups: string[] }[];
    };
    expect(seats).toEqual({ confluence: freed - 1, 'jira-software': 1 });
    expect(seatsKept[0]).toMatchObject({ who: expect.stringContaining('Person 1') as string, groups: [g(1)] });
  });

  it('says so of somebody who keeps a role of their own', async () => {
    await using s = await company();
    const rows = ndjson(await release(s)).filter(({ action }) => action !== 'revoke-user-role');
    const { stdout } = await at(s, ['plan', manifest(rows)]);
    expect(stdout.replace(/\s+/g, ' ')).toContain(kept(21, 'the role atlassian/user'));
  });

  it('is run, told in the recap and in the report, and taken back', async () => {
    await using s = await company();
    const [at_, report, undo] = [await release(s), path('r.ndjson'), path('undo.ndjson')];
    const before = s.sandbox.state();
    const { code, stdout } = await at(s, ['run', at_, '--report', report, '--yes', ...priced()]);
    const left = [[], [], [2], [3], [4], [], [], [], [0], [], [0], [0], [], [0], [0], [], [], [], [], [3], [7], []].map(
      (some) => some.map(g),
    );
    expect([code, people.map((_, n) => seatsLeft(s, n))]).toEqual([0, left]);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      `Seats freed: ${money} 4 people keep a seat: person2@example.com (confluence, through ${g(2)})`,
    );
    await at(s, ['undo', report, '--out', undo]);
    const back = path('u.ndjson');
    await leaversAt(now + 86_400_000, ['run', undo, '--report', back, '--yes'], { env: s.env, cwd: desk });
    expect((await at(s, ['report', report, back])).stdout).not.toContain('freed');
    const sorted = (people_: typeof before.people) => people_.map(({ groups: own, roles }) => [own.toSorted(), roles]);
    expect(sorted(s.sandbox.state().people)).toEqual(sorted(before.people));
  });

  it('has its seats and its money in the report, in its page and in its JSON, redacted too', async () => {
    await using s = await company();
    const [report, page] = [path('r.ndjson'), path('page.html')];
    await at(s, ['run', await release(s), '--report', report, '--yes', ...priced()]);
    const cost = { amount: freed * 5.75 + 8, currency: 'EUR', unpriced: [] };
    for (const redact of [[], ['--redact']]) {
      const { stdout } = await at(s, ['report', report, '--html', page, ...redact]);
      expect(stdout.replace(/\s+/g, ' ')).toContain(`freed: ${money}`);
      const json = JSON.parse((await at(s, ['report', report, '--json', ...redact])).stdout) as object;
      expect(json).toMatchObject({ seatsCost: cost, seats: { freed: { confluence: freed, 'jira-software': 1 } } });
      expect(readFileSync(page, 'utf8')).toContain(`<td>${freed + 1}</td><td>${cost.amount.toFixed(2)} EUR</td>`);
    }
  });

  it('does not change a person who has become active in between', async () => {
    await using s = await company();
    const rows = ndjson(await release(s)).map((row) => ({ ...row, onlyIfInactiveDays: 365 }));
    const { stdout } = await at(s, ['plan', manifest(rows)]);
    expect(stdout).toMatch(/skipped \(active\)/);
    expect(stdout).not.toContain('seats freed: 4');
  });
});

describe('the shipped job product-cleanup', () => {
  const sample = join(root, 'samples', 'product-cleanup.csv');
  const sandbox = ['--sandbox', '--rate', 'none', '--job', 'product-cleanup'];
  const day = Date.parse('2026-11-25T12:00:00Z');
  const env = {};

  it('has the manifest as its sample that inactive makes of the sample organization', async () => {
    const out = path('seats.csv');
    const { stderr } = await leaversAt(day, [...inactive, ...sandbox, '--out', out], { env, cwd: desk });
    expect(readFileSync(out, 'utf8')).toBe(readFileSync(sample, 'utf8'));
    expect(stderr).toMatch(/1 person keeps a seat:\n {2}Dorothy Vaughan .*organization admin/);
    expect(stderr).toContain(`Next: leavers run ${out} --job product-cleanup`);
  });

  it('runs the sample, and says what the seats cost', async () => {
    const report = path('r.ndjson');
    const { code, stdout } = await leaversAt(day, ['run', sample, ...sandbox, '--report', report], { env, cwd: desk });
    expect([code, stdout]).toEqual([0, expect.stringContaining('freed: 18 × confluence (103.50 EUR a month)')]);
  });
});
