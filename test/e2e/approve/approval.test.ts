// Approval by a second person: who counts, and every way in which an approval must not count.
import { createHmac, generateKeyPairSync } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { CompactSign, importPKCS8 } from 'jose';
import { person } from '../../support/organization.ts';
import { leavers, type RunOptions } from '../../support/in-process.ts';
import { file, path, scenario, type Scenario, suspend } from '../../support/scenario.ts';

const pkcs8 = { type: 'pkcs8', format: 'pem' } as const;
const spki = { type: 'spki', format: 'pem' } as const;

/** Makes a key for a person; the line is what a list of approvers has. */
async function newKey(email: string): Promise<{ key: string; line: string }> {
  const key = path('key.pem');
  const { code, stdout } = await leavers(['approve', '--new-key', key, '--as', email]);
  expect(code).toBe(0);
  return { key, line: stdout.trim() };
}

const jo = await newKey('jo@example.com');
const ada = await newKey('ada@example.com');
const eve = await newKey('eve@example.com');
const list = file('approvers.txt', `# who may approve\n${jo.line}\n${ada.line}\n`);

async function savePlan(s: Scenario, rows: readonly object[] = [suspend(0)]): Promise<string> {
  const out = path('plan.json');
  expect((await s.leavers(['plan', file('m.json', JSON.stringify(rows)), '--out', out])).code).toBe(0);
  return out;
}

const approve = (plan: string, email: string, { key }: { key: string }, options?: RunOptions) =>
  leavers(['approve', plan, '--as', email, '--key', key], options);
const runAs = (s: Scenario, plan: string, operator = 'ops@example.com', approvers = list) =>
  s.run(plan, ['--approvers', approvers, '--operator', operator]);

/** Serves every test that changes nobody. */
const shared = await scenario({ people: 2 });
afterAll(() => shared[Symbol.asyncDispose]());
const saved = await savePlan(shared);
/** The saved plan under a path of its own, without approvals. */
function unapproved(): string {
  const at = path('plan.json');
  copyFileSync(saved, at);
  return at;
}

describe('an approved plan', () => {
  it('runs, and report, recap, page and evidence name who approved it', async () => {
    await using s = await scenario({ people: 1 });
    const plan = await savePlan(s);
    const approved = await approve(plan, 'Jo@example.com', jo);
    expect([approved.code, approved.stdout, approved.stderr]).toEqual([
      0,
      '',
      expect.stringMatching(
        /1 row for organization \S+, directory \S+\nMade .*, sha256:[0-9a-f]{64}\n {2}1 × suspend-user\n/,
      ),
    ]);
    const { code, stdout, lines, report } = await runAs(s, plan);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^Approved {2}by jo@example\.com, 20\d\d-.* UTC$/m)]);
    expect(lines[0]?.['approvals']).toEqual([{ approver: 'jo@example.com', time: expect.any(String) }]);
    const [page, evidence] = [path('r.html'), path('e.json')];
    await leavers(['report', report, '--html', page, '--evidence', evidence]);
    expect(readFileSync(page, 'utf8')).toMatch(/<dt>Approved by<\/dt><dd>jo@example\.com, /);
    expect(JSON.parse(readFileSync(evidence, 'utf8'))).toMatchObject([{ approvedBy: 'jo@example.com' }]);
  });

  it('may have several approvals, each person once', async () => {
    await using s = await scenario({ people: 1 });
    const plan = await savePlan(s);
    await approve(plan, 'jo@example.com', jo);
    await approve(plan, 'ada@example.com', ada);
    const repeated = await approve(plan, 'jo@example.com', jo);
    expect([repeated.code, repeated.stderr]).toEqual([
      0,
      expect.stringContaining('is approved by jo@example.com already'),
    ]);
    expect(readFileSync(`${plan}.approval`, 'utf8').match(/^\S+$/gm)).toHaveLength(2);
    const { lines } = await runAs(s, plan);
    expect(lines[0]).toMatchObject({ approvals: [{ approver: 'jo@example.com' }, { approver: 'ada@example.com' }] });
  });

  it('counts beside lines that do not', async () => {
    await using s = await scenario({ people: 1 });
    const plan = await savePlan(s);
    writeFileSync(`${plan}.approval`, 'not a signature');
    await approve(plan, 'eve@example.com', eve);
    await approve(plan, 'jo@example.com', jo);
    expect((await runAs(s, plan)).code).toBe(0);
  });

  it('is what plan says is needed, and how it is given', async () => {
    const job = file('job.json', JSON.stringify({ guards: { approvers: list } }));
    const rows = file('m.json', JSON.stringify([suspend(0)]));
    const out = path('plan.json');
    const bound = await shared.leavers(['plan', rows, '--job', job, '--out', out]);
    expect(bound.stderr).toContain(
      `Needs an approval by somebody in ${list}: leavers approve ${out} --key FILE --as E-MAIL`,
    );
    const { stderr } = await shared.leavers(['plan', rows, '--job', job]);
    expect(stderr).toContain(`Needs an approval by somebody in ${list}: save the plan with --out plan.json`);
  });

  it('is wanted by a job file too', async () => {
    await using s = await scenario({ people: 1 });
    const plan = await savePlan(s);
    const job = [
      '--job',
      file('job.json', JSON.stringify({ guards: { approvers: list } })),
      '--operator',
      'ops@example.com',
    ];
    expect((await s.run(plan, job)).code).toBe(78);
    await approve(plan, 'jo@example.com', jo);
    expect((await s.run(plan, job)).code).toBe(0);
  });
});

describe('a key', () => {
  it('is a new file for its owner alone, and only its public half is printed', async () => {
    const pem = readFileSync(jo.key, 'utf8');
    expect([statSync(jo.key).mode & 0o777, pem]).toEqual([
      0o600,
      expect.stringMatching(/^-----BEGIN PRIVATE KEY-----\n/),
    ]);
    expect(jo.line).toMatch(/^jo@example\.com [\w-]{43}$/);
    const { code } = await leavers(['approve', '--new-key', jo.key, '--as', 'jo@example.com']);
    expect([code, readFileSync(jo.key, 'utf8')]).toEqual([73, pem]);
  });

  it('that others can read brings a warning', async () => {
    const copy = path('copy.pem');
    copyFileSync(jo.key, copy);
    chmodSync(copy, 0o644);
    const { code, stderr } = await approve(unapproved(), 'jo@example.com', { key: copy });
    expect([code, stderr]).toEqual([0, expect.stringContaining(`warning: ${copy} can be read by others`)]);
  });

  it.each([
    ['is not there', 66, '/nowhere/key'],
    ['is something else', 65, file('key', 'a key')],
    ['is of another kind', 65, file('other', generateKeyPairSync('ed448').privateKey.export(pkcs8))],
    ['is a public one', 65, file('public', generateKeyPairSync('ed25519').publicKey.export(spki))],
  ] as const)('that %s approves nothing', async (_, code, key) => {
    const plan = unapproved();
    const ended = await approve(plan, 'jo@example.com', { key });
    expect([ended.code, existsSync(`${plan}.approval`)]).toEqual([code, false]);
  });

  it.each([
    ['without --as', ['--key', jo.key]],
    ['without a key', ['--as', 'jo@example.com']],
    ['with two keys', ['--as', 'jo@example.com', '--key', jo.key, '--new-key', 'k']],
    ['with a name for an e-mail', ['--as', 'Jo', '--key', jo.key]],
    ['with a key on stdout', ['--as', 'jo@example.com', '--new-key', '-']],
  ])('%s is wrong usage', async (_, flags) => {
    const { code, stdout } = await leavers(['approve', 'plan.json', ...flags]);
    expect([code, stdout]).toEqual([64, '']);
  });
});

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const typ = 'leavers-approval';

/** A JWS with a header and payload of the test's choice, signed with a real key. */
async function forge(key: string, header: object, payload: object): Promise<string> {
  const privateKey = await importPKCS8(readFileSync(key, 'utf8'), 'Ed25519');
  const bytes = new TextEncoder().encode(JSON.stringify(payload));
  return new CompactSign(bytes)
    .setProtectedHeader({ alg: 'Ed25519', typ, kid: 'jo@example.com', ...header })
    .sign(privateKey);
}

/** Lines that must not count, by what is wrong; each is given the hash of the plan. */
const forgeries: readonly (readonly [string, RegExp, (sha256: string) => string | Promise<string>])[] = [
  ['no line', / has none/, () => ''],
  ['words', /line 1 is not an approval/, () => 'approved by jo@example.com'],
  [
    'half a line',
    /line 1/,
    async (plan) => (await forge(jo.key, {}, { plan, time: '2026-01-01T00:00:00Z' })).slice(0, -9),
  ],
  [
    'alg none',
    /does not have the signature/,
    (plan) => `${encode({ alg: 'none', typ, kid: 'jo@example.com' })}.${encode({ plan, time: '2026-01-01' })}.`,
  ],
  ['HS256 with the public key', /does not have the signature/, (plan) => hs256(plan)],
  ["somebody else's key", /does not have the signature/, (plan) => forge(eve.key, {}, { plan, time: '2026-01-01' })],
  [
    'another purpose',
    /does not have the signature/,
    (plan) => forge(jo.key, { typ: 'JWT' }, { plan, time: '2026-01-01' }),
  ],
  ['no time', /does not have the signature/, (plan) => forge(jo.key, {}, { plan })],
  ['another plan', /is for another plan/, () => forge(jo.key, {}, { plan: '0'.repeat(64), time: '2026-01-01' })],
  ['nobody', /is not an approval/, (plan) => forge(jo.key, { kid: undefined }, { plan, time: '2026-01-01' })],
  [
    'a stranger',
    /who is not on the list/,
    (plan) => forge(eve.key, { kid: 'eve@example.com' }, { plan, time: '2026-01-01' }),
  ],
  [
    'the operator',
    /who runs the plan/,
    (plan) => forge(jo.key, { kid: 'OPS@example.com' }, { plan, time: '2026-01-01' }),
  ],
];

function hs256(plan: string): string {
  const signed = `${encode({ alg: 'HS256', typ, kid: 'jo@example.com' })}.${encode({ plan, time: '2026-01-01' })}`;
  const secret = Buffer.from(jo.line.split(' ')[1] ?? '', 'base64url');
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

describe('run --approvers refuses', () => {
  it.each(forgeries)('an approval with %s', async (_, words, lineOf) => {
    const plan = unapproved();
    const { sha256 } = (JSON.parse(readFileSync(plan, 'utf8')) as { plan: { sha256: string } }).plan;
    writeFileSync(`${plan}.approval`, await lineOf(sha256));
    const approvers = file('list.txt', `${jo.line.replace('jo@', 'ops@')}\n${ada.line}`);
    const { code, stderr } = await runAs(
      shared,
      plan,
      'Ops@Example.com',
      words.source.includes('who runs') ? approvers : list,
    );
    expect([code, stderr, shared.changes()]).toEqual([78, expect.stringMatching(words), []]);
  });

  it('the approval of the operator, in any case', async () => {
    const plan = unapproved();
    await approve(plan, 'jo@example.com', jo);
    const { code, stderr } = await runAs(shared, plan, 'JO@example.com');
    expect([code, stderr]).toEqual([78, expect.stringContaining('by "jo@example.com", who runs the plan')]);
  });

  it('a plan that was changed after it was approved', async () => {
    const plan = unapproved();
    await approve(plan, 'jo@example.com', jo);
    const text = readFileSync(plan, 'utf8');
    writeFileSync(plan, text.replaceAll(person(0).email, person(1).email));
    expect((await runAs(shared, plan)).code).toBe(78);
    copyFileSync(await savePlan(shared, [suspend(1)]), plan);
    const { code, stderr } = await runAs(shared, plan);
    expect([code, stderr]).toEqual([78, expect.stringContaining('is for another plan')]);
  });

  it('a plan that is too old, approved or not, and approve does too', async () => {
    const plan = unapproved();
    await approve(plan, 'jo@example.com', jo);
    const now = () => Date.now() + 8 * 86_400_000;
    const ended = await shared.run(plan, ['--approvers', list, '--operator', 'ops@example.com'], { now });
    expect([ended.code, ended.stderr]).toEqual([78, expect.stringContaining('--max-plan-age')]);
    expect((await approve(plan, 'ada@example.com', ada, { now })).code).toBe(78);
  });

  it.each([
    ['no operator', [], {}],
    ['an account id for the operator', ['--operator', person(0).accountId], {}],
  ])('%s', async (_, flags, env) => {
    const plan = unapproved();
    await approve(plan, 'jo@example.com', jo);
    const { code, stderr } = await shared.run(plan, ['--approvers', list, ...flags], { env });
    expect([code, stderr]).toEqual([78, expect.stringContaining('needs --operator with the e-mail')]);
  });

  it.each([
    ['a manifest that is not a saved plan', file('m.json', JSON.stringify([suspend(0)]))],
    ['the rows of a plan without what binds them', file('rows.json', rowsOf(saved))],
  ])('%s', async (_, given) => {
    const { code, stderr } = await runAs(shared, given);
    expect([code, stderr]).toEqual([
      78,
      expect.stringContaining('is not a saved plan, and only approved plans may run'),
    ]);
  });

  it('a list or approvals that cannot be read', async () => {
    const plan = unapproved();
    expect((await runAs(shared, plan, 'ops@example.com', '/nowhere/list')).code).toBe(66);
    expect((await runAs(shared, plan, 'ops@example.com', file('list', 'jo\n'))).code).toBe(65);
    const other = path('folder.json');
    copyFileSync(plan, other);
    appendFileSync(`${plan}.approval`, Buffer.alloc(3, 0xff));
    expect((await runAs(shared, plan)).code).toBe(78);
  });
});

function rowsOf(plan: string): string {
  return JSON.stringify((JSON.parse(readFileSync(plan, 'utf8')) as { rows: object[] }).rows);
}

describe('approve refuses', () => {
  it('a file that is not a saved plan, and a plan that was changed', async () => {
    const plan = unapproved();
    const text = readFileSync(plan, 'utf8').replace('suspend-user', 'remove-user');
    for (const given of [file('m.json', JSON.stringify([suspend(0)])), file('changed.json', text)])
      expect((await approve(given, 'jo@example.com', jo)).code).toBe(78);
  });

  it('to follow a link in place of the file of approvals', async () => {
    const plan = unapproved();
    symlinkSync(path('elsewhere'), `${plan}.approval`);
    expect((await approve(plan, 'jo@example.com', jo)).code).toBe(73);
  });
});
