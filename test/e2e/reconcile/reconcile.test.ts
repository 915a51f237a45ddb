// A list of people against the directory: every class of difference, on both generations, with every kind of list and output.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { admins, change, differences, staffList } from '../../support/drift-fixture.ts';
import { person } from '../../support/organization.ts';
import { leavers } from '../../support/in-process.ts';
import { file, path, scenario, type Scenario } from '../../support/scenario.ts';

type Entries = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/** E-mails of the n-th people as a list. */
const list = (...lines: readonly (number | string)[]) =>
  file(
    'list.csv',
    `email\n${lines.map((each) => (typeof each === 'string' ? each : person(each).email)).join('\n')}\n`,
  );

const ours = ['--domains', 'example.com'];

async function compare(s: Scenario, args: readonly string[]) {
  const { code, stdout, stderr } = await s.leavers(['reconcile', ...args, '--json']);
  const found = (code === 0 || code === 2 ? JSON.parse(stdout) : {}) as Entries;
  const named = (id: string) => found[id]?.map(({ accountId, email }) => email ?? accountId);
  return { code, stderr, found, named };
}

const hide =
  (n: number) =>
  ({ people }: Record<string, unknown>) =>
    void Reflect.deleteProperty((people as object[])[n] ?? {}, 'email');
/** Changes one person of a state file. */
const make =
  (n: number, what: object) =>
  ({ people }: Record<string, unknown>) =>
    void Object.assign((people as object[])[n] ?? {}, what);

/** Twenty people, of whom one may leave without a doubt. */
const company = (options = {}) => scenario({ people: 20, ...options });
const everybody = Array.from({ length: 20 }, (_, n) => n);
const without = (...some: number[]) => everybody.filter((n) => !some.includes(n));

describe('a list of staff', () => {
  it('finds 200 differences of every class and invents none, with a call for a hundred people', async () => {
    await using s = await scenario({ people: 600, change });
    const args = [staffList(600), ...ours, '--max-changes', '25%'];
    const { code, found } = await compare(s, args);
    const all = Object.keys(differences).map((id) => [
      id,
      found[id]?.map(({ accountId, email }) => accountId ?? email),
    ]);
    expect([code, Object.fromEntries(all)]).toEqual([2, differences]);
    const kept = found['left']?.filter(({ proposed }) => proposed === false);
    expect(kept?.map(({ accountId }) => accountId)).toEqual(admins);
    expect([s.sandbox.ledger.length, s.changes()]).toEqual([7, []]);
  });

  it.each(['v1', 'v2'])(
    'that agrees with the directory ends with 0 on %s, and one who left makes it 2',
    async (api) => {
      await using s = await company();
      const agreed = await compare(s, [list(...everybody), ...ours, '--api', api]);
      const { code, named } = await compare(s, [list(...without(7)), ...ours, '--api', api]);
      expect([agreed.code, code, named('left')]).toEqual([0, 2, [person(7).email]]);
    },
  );

  it('is reported only, without the domains of the organization', async () => {
    await using s = await company();
    const { code, found, named } = await compare(s, [list(...without(7))]);
    expect([code, named('left'), named('outside')]).toEqual([2, [], [person(7).email]]);
    expect(found['notes']).toEqual([expect.stringContaining('without --domains nobody counts as having left')]);
  });

  it('without domains says before the directory is read that nobody is proposed, and never that nobody has left', async () => {
    await using s = await scenario({
      people: 20,
      faults: [{ match: { path: 'users/search' }, kind: 'status', status: 403 }],
    });
    const unread = await s.leavers(['reconcile', list(...without(7))]);
    expect([unread.code, unread.stderr]).toEqual([75, expect.stringMatching(/^warning: without --domains nobody/)]);
    const { stdout } = await leavers(['reconcile', 'samples/staff.csv', '--job', 'staff-reconciliation', '--sandbox']);
    expect(stdout).toMatch(/0 people count as having left, because --domains is not given/);
    expect(stdout).not.toContain('agree');
  });

  it('names a domain that no account has', async () => {
    await using s = await company();
    const { found } = await compare(s, [list(...everybody), '--domains', 'exmaple.com']);
    expect(found['notes']).toEqual([expect.stringContaining('no account has an address at exmaple.com')]);
  });

  it('holds a person who was hired again once, by the latest employment', async () => {
    await using s = await company();
    const row = (n: number, status: string, hired: string) => `${n},${person(n).email},${status},${hired}`;
    const lines = [...without(3, 4).map((n) => row(n, 'Active', '2020-01-01')), row(3, 'Left', '2020-01-01')];
    lines.push(row(3, 'Active', '2024-01-01'), row(4, 'Active', '2020-01-01'), row(4, 'Left', '2024-01-01'));
    const columns = { email: 'Mail', reference: 'Id', notBefore: 'Hired' };
    const where = [{ column: 'Status', in: ['Active'] }];
    const job = { input: { columns, where, person: { by: ['Id'], latest: 'Hired' } } };
    const flags = ['--job', file('job.json', JSON.stringify(job)), ...ours];
    const { named } = await compare(s, [file('e.csv', `Id,Mail,Status,Hired\n${lines.join('\n')}\n`), ...flags]);
    expect([named('left'), named('withoutAccount')]).toEqual([[person(4).email], []]);
  });

  it('never counts somebody who hides the e-mail as missing', async () => {
    await using s = await company({ change: hide(7) });
    const { code, named } = await compare(s, [list(...without(7)), ...ours]);
    expect([code, named('left'), named('outside')]).toEqual([2, [], [person(7).accountId]]);
  });
});

describe('a list of leavers', () => {
  it('names those who still have access, not those whose day is to come or who are gone', async () => {
    await using s = await company({
      change: make(2, { status: 'suspended' }),
    });
    const rows = [
      `${person(1).email},2020-01-01,HR-1`,
      `${person(2).email},2020-01-01,`,
      `${person(3).email},2999-01-01,`,
    ];
    const at = file('left.csv', `email,notBefore,reference\n${rows.join('\n')}\ngone@example.com,2020-01-01,\n`);
    const { code, found, named } = await compare(s, [at, '--list', 'leavers']);
    expect([code, named('left'), named('withoutAccount')]).toEqual([2, [person(1).email], ['gone@example.com']]);
    expect(found['left']?.[0]).toMatchObject({ reference: 'HR-1', place: `${at}:2`, proposed: true });
    expect(found['notDue']).toBe(1);
  });

  it('of people without access agrees with the directory', async () => {
    await using s = await company();
    const { code, found } = await compare(s, [list('gone@example.com'), '--list', 'leavers', ...ours]);
    expect([code, found['notes']]).toEqual([0, ['--domains has no effect on a list of leavers']]);
  });

  it('never proposes protected people, admins, and lines that name two people', async () => {
    await using s = await company({ change: make(1, { orgAdmin: true }) });
    const { accountId } = person(3);
    const rows = [0, 1, 2].map((n) => `,${person(n).email}`);
    const at = file('left.csv', `accountId,email\n${rows.join('\n')}\n${accountId},${person(4).email}\n`);
    const protect = ['--protect', file('protect.txt', person(0).email), '--operator', person(2).email];
    const { found } = await compare(s, [at, '--list', 'leavers', '--max-changes', '9', ...protect]);
    const words = found['left']?.map(({ message }) => String(message));
    expect(words).toEqual(
      [
        'on the list of protected',
        'organization admin',
        'runs leavers',
        'but the directory shows',
        'but the directory shows',
      ].map((each) => expect.stringContaining(each) as string),
    );
    expect(found['left']?.some(({ proposed }) => proposed)).toBe(false);
  });

  it('finds the account of a leaver who hides the e-mail', async () => {
    const { email, ...shown } = person(5);
    const data = [{ ...shown, accountType: 'atlassian', status: 'active', platformRoles: [] }];
    const match = { path: '/users/search$', body: `\\["${email}"\\]` };
    const faults = [{ match, kind: 'status' as const, status: 200, body: { data, links: {} } }];
    await using s = await company({ faults, change: hide(5) });
    const { named } = await compare(s, [list(5), '--list', 'leavers']);
    expect(named('left')).toEqual([person(5).email]);
  });
});

describe('--tokens', () => {
  const token = (label: string, more = {}) => ({ id: label, label, createdAt: '2025-01-01T00:00:00Z', ...more });
  const tokens = ({ people }: Record<string, unknown>) => {
    const [, two, none, foreign] = people as object[];
    Object.assign(two ?? {}, { apiTokens: [token('build', { lastAccess: '2026-01-02T03:04:05Z' }), token('laptop')] });
    Object.assign(none ?? {}, { apiTokens: [] });
    Object.assign(foreign ?? {}, { claimed: false, apiTokens: [token('unseen')] });
  };
  const args = () => [list(...without(1, 2, 3)), ...ours, '--max-changes', '9'];

  it('shows the living tokens of those who left, and whose can not be read', async () => {
    await using s = await company({ change: tokens });
    const { found } = await compare(s, [...args(), '--tokens']);
    const shown = found['left']?.map(({ apiTokens, message, proposed }) => [apiTokens, message, proposed]);
    const build = { label: 'build', lastAccess: '2026-01-02T03:04:05.000Z' };
    const unread = "the API tokens can't be read";
    expect(shown).toEqual([
      [[build, { label: 'laptop', lastAccess: null }], null, true],
      [[], null, true],
      [null, unread, true],
    ]);
    expect(s.sandbox.ledger.filter(({ path: to }) => to.endsWith('/manage/api-tokens'))).toHaveLength(3);
  });

  it('counts them in the text, and asks nothing without the flag', async () => {
    await using s = await company({ change: tokens });
    const plain = await s.leavers(['reconcile', ...args()]);
    const calls = s.sandbox.ledger.length;
    const { stdout } = await s.leavers(['reconcile', ...args(), '--tokens']);
    expect([plain.stdout.includes('token'), s.sandbox.ledger.length]).toEqual([false, 2 * calls + 3]);
    expect(stdout).toContain('3 people have left but still have access, 1 with API tokens');
    expect(stdout).toContain('2 API tokens (build, laptop), last used 2026-01-02');
  });
});

describe('the manifest', () => {
  it.each(['csv', 'ndjson', 'json', 'xlsx'])('as .%s is run as it is', async (extension) => {
    await using s = await company();
    const out = path(`gone.${extension}`);
    const { code, stderr } = await s.leavers(['reconcile', list(...without(7)), ...ours, '--out', out]);
    expect([code, stderr]).toEqual([2, `Next: leavers run ${out}\n`]);
    const { outcomes } = await s.run(out);
    expect([outcomes, s.changes().map(({ path: to }) => decodeURIComponent(to))]).toEqual([
      ['done'],
      [expect.stringContaining(person(7).accountId)],
    ]);
    expect((await s.leavers(['reconcile', list(...without(7)), ...ours])).code).toBe(0);
  });

  it('goes to stdout with the text beside it, and may ask for another action', async () => {
    await using s = await company();
    const args = ['reconcile', list(...without(7)), ...ours, '--out', '-', '--action', 'remove-user'];
    const { stdout, stderr } = await s.leavers(args);
    expect(JSON.parse(stdout)).toEqual({ action: 'remove-user', ...person(7) });
    expect(stderr).toContain('1 person has left but still has access');
  });

  it.each(['invite-user', 'restore-user', 'get-last-active'])('is never one of %s', async (action) => {
    await using s = await company();
    const { code, stderr } = await s.leavers(['reconcile', list(1), '--action', action]);
    expect([code, stderr, s.sandbox.ledger]).toEqual([64, expect.stringContaining('suspend-user or remove-user'), []]);
  });
});

describe('what people see', () => {
  it('is each class with its people, and what became of the list', async () => {
    await using s = await company();
    const { stdout } = await s.leavers(['reconcile', list(...without(7), 'new@example.com'), ...ours]);
    expect(
      stdout.replace(/on \S+list\.csv/, 'on list.csv').replace(/\(\S+list\.csv:/, '(list.csv:'),
    ).toMatchInlineSnapshot(`
      "Staff: 20 on list.csv. Directory: 20 people.
      1 person has left but still has access
          Person 7 <person7@example.com>, last active 2026-01-02
      0 accounts outside example.com missing from the list; only reported
      1 person on the list without an account
          new@example.com (list.csv:21)
      0 people on the list suspended or deactivated
      List and directory differ.
      "
    `);
  });

  it('is a page too, which runs no script and takes names as text', async () => {
    await using s = await company({ change: make(7, { name: '<b>Bob</b>' }) });
    const html = path('drift.html');
    await s.leavers(['reconcile', list(...without(7)), ...ours, '--html', html]);
    const page = readFileSync(html, 'utf8');
    expect(page).toMatch(/^<!doctype html>[^]*<h1>1 person has left but still has access<\/h1>/);
    expect([page.includes('&lt;b&gt;Bob'), page.includes('<script')]).toEqual([true, false]);
  });

  it('says that a rehearsal is one', async () => {
    await using s = await company();
    const args = ['reconcile', list('ada@example.com'), '--list', 'leavers', '--sandbox', '--rate', 'none'];
    const { stdout } = await s.leavers(args);
    expect(stdout).toMatch(/^REHEARSAL on the simulated organization\.[^]*Ada Lovelace <ada@example\.com>/);
  });
});
