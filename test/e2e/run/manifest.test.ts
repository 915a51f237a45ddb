// Manifests as users hand them in: several, piped, in every form, damaged, half valid; what is said, and that nothing is sent too early.
import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { person } from '../../support/organization.ts';
import { leavers } from '../../support/in-process.ts';
import { desk, file, manifest, path, rowsOf, scenario, suspend } from '../../support/scenario.ts';
import { ndjson, root } from '../../support/spawn.ts';

const line = (n: number) => `suspend-user,${person(n).email}`;
const csv = (...numbers: number[]) => file('m.csv', ['action,email', ...numbers.map(line), ''].join('\n'));

describe('manifests', () => {
  it('of several files are one run, in the order given', async () => {
    await using s = await scenario({ people: 5 });
    const [one, two, report] = [csv(0, 1), csv(2, 3), path('r.ndjson')];
    expect((await s.leavers(['run', two, one, '--report', report, '--yes'])).code).toBe(0);
    expect(rowsOf(report).map(({ row, file: from, line: at, email }) => [row, from, at, email])).toEqual([
      [1, two, 2, person(2).email],
      [2, two, 3, person(3).email],
      [3, one, 2, person(0).email],
      [4, one, 3, person(1).email],
    ]);
    const { manifests } = ndjson(report)[0] as { manifests: unknown };
    expect(manifests).toMatchObject([
      { path: two, rows: 2, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
      { path: one, rows: 2 },
    ]);
  });

  it.each([
    ['CSV', `action,email\n${line(1)}\n`],
    ['JSON', JSON.stringify([{ action: 'suspend-user', email: person(1).email }])],
    ['NDJSON', `${JSON.stringify({ action: 'suspend-user', email: person(1).email })}\n`],
  ])('on standard input may be %s', async (_, stdin) => {
    await using s = await scenario({ people: 2 });
    const report = path('r.ndjson');
    const { code } = await s.leavers(['run', '-', '--report', report, '--yes'], { stdin });
    expect([code, rowsOf(report).map(({ outcome, file: from }) => [outcome, from])]).toEqual([0, [['done', '-']]]);
  });

  it('half valid are refused whole, with every error at its place, and nothing is sent', async () => {
    await using s = await scenario({ people: 3 });
    const bad = file(
      'bad.csv',
      `action,email\n${line(0)}\nsuspend-user,jo@\nsuspnd-user,a@example.com\nsuspend-user,\n`,
    );
    const { code, stderr } = await s.leavers(['run', bad, '--report', path('r.ndjson'), '--yes']);
    expect(code).toBe(65);
    expect(stderr).toContain(`${bad}:3: email "jo@" is not an address`);
    expect(stderr).toMatch(new RegExp(`${bad}:4: action "suspnd-user".*suspend-user`));
    expect(stderr).toContain(`${bad}:5: accountId or email is empty, and suspend-user needs it`);
    expect(s.sandbox.ledger).toEqual([]);
  });

  it('half valid run with --skip-invalid, and the bad rows are in the report', async () => {
    await using s = await scenario({ people: 3 });
    const bad = file('bad.csv', `action,email,reference\n${line(0)},a\nsuspend-user,jo@,b\n${line(2)},c\n`);
    const report = path('r.ndjson');
    const args = ['run', bad, '--report', report, '--yes', '--skip-invalid'];
    const { code } = await s.leavers(args);
    expect([code, rowsOf(report).map(({ outcome }) => outcome)]).toEqual([1, ['done', 'invalid', 'done']]);
    expect(rowsOf(report)[1]).toMatchObject({ line: 3, message: expect.stringContaining('jo@') as string });
  });

  it('with thousands of errors name a hundred and count the rest', async () => {
    const bad = file('bad.csv', `action,email\n${'suspend-user,jo@\n'.repeat(5000)}`);
    const { code, stderr } = await leavers(['plan', bad, '--offline']);
    expect(code).toBe(65);
    expect(stderr.split('\n').filter((each) => each.includes('is not an address'))).toHaveLength(100);
    expect(stderr).toMatch(/4,?900/);
  });

  it('with contradictions and duplicates are distinguished', async () => {
    const twice = file('m.csv', `action,email\n${line(1)}\n${line(1)}\n`);
    expect((await leavers(['plan', twice, '--offline'])).stdout).toContain('1 skipped (duplicate)');
    const against = file('m.csv', `action,email\n${line(1)}\nrestore-user,${person(1).email}\n`);
    const { code, stderr } = await leavers(['plan', against, '--offline']);
    expect([code, stderr]).toEqual([65, expect.stringContaining(`${against}:3: contradicts ${against}:2`)]);
  });
});

function linkTo(name: string, target: string): string {
  rmSync(join(desk, name), { force: true });
  symlinkSync(target, join(desk, name));
  return join(desk, name);
}

describe('a manifest that', () => {
  const cases: readonly [string, () => string, number, RegExp][] = [
    ['is not there', () => path('nothing.csv'), 66, /nothing\.csv/],
    ['is a folder', () => (mkdirSync(join(desk, 'dir'), { recursive: true }), join(desk, 'dir')), 66, /dir/],
    ['is a path through a file', () => join(csv(1), 'm.csv'), 66, /m\.csv/],
    ['is a link to itself', () => linkTo('itself', 'itself'), 66, /a symbolic link that points to itself/],
    ['never ends', () => '/dev/zero', 66, /is a device/],
    ['can be opened but not read', () => '/proc/self/mem', 66, /mem/],
    ['is empty', () => file('m.csv', ''), 65, /empty|no header|no row/],
    ['has a header only', () => file('m.csv', 'action,email\n'), 65, /no row/],
    ['has an unknown column', () => file('m.csv', `action,email,emial\n${line(1)},x\n`), 65, /"emial".*email/],
    ['names a column twice', () => file('m.csv', `action,email,E-Mail\n${line(1)},x\n`), 65, /E-Mail/],
    ['has a row that is too long', () => file('m.csv', `action,email\n${line(1)},x,y\n`), 65, /:2/],
    ['has a quote that never ends', () => file('m.csv', `action,email\n${line(1)}\nsuspend-user,"a\n`), 65, /:3/],
    ['is broken JSON', () => file('m.json', '[{"action":"suspend-user"'), 65, /m\.json/],
    ['is JSON of another shape', () => file('m.json', '{"people":[]}'), 65, /rows/],
    ['has a broken line of NDJSON', () => file('m.ndjson', '{"action":"suspend-user"}\n{oops}\n'), 65, /:2/],
    [
      'has a column of JSON that nobody knows',
      () => file('m.json', '[{"action":"suspend-user","mail":"a@b.co"}]'),
      65,
      /mail/,
    ],
  ];

  it.each(cases)('%s is refused in one place', async (_, make, code, words) => {
    await using s = await scenario({ people: 2 });
    const ended = await s.leavers(['run', make(), '--report', path('r.ndjson'), '--yes']);
    expect([ended.code, ended.stdout]).toEqual([code, '']);
    expect(ended.stderr).toMatch(words);
    expect(s.sandbox.ledger).toEqual([]);
  });
});

describe('the forms of a table', () => {
  const text = `action;email;reference\nsuspend-user;${person(1).email};Jörg – ž\n`;
  const forms: readonly [string, Buffer][] = [
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a BOM', Buffer.from(`\ufeff${text}`)],
    ['UTF-16 LE', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 BE', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['sep= of a spreadsheet', Buffer.from(`sep=;\r\n${text.replaceAll('\n', '\r\n')}`)],
    ['tabs', Buffer.from(text.replaceAll(';', '\t'))],
    ['pipes', Buffer.from(text.replaceAll(';', '|'))],
    ['commas and quotes', Buffer.from(text.replaceAll(';', ',').replace('Jörg – ž', '"Jörg – ž"'))],
  ];

  it.each(forms)('%s are read as what they are', async (_, bytes) => {
    await using s = await scenario({ people: 2 });
    const report = path('r.ndjson');
    const { code, stderr } = await s.leavers(['run', file('m.csv', bytes), '--report', report, '--yes']);
    expect([code, stderr.includes('Windows-1252')]).toEqual([0, false]);
    expect(rowsOf(report)[0]).toMatchObject({ outcome: 'done', reference: 'Jörg – ž' });
  });

  it('Windows-1252 is read with a warning that shows what was understood', async () => {
    const bytes = Buffer.from(`action;email;reference\nsuspend-user;a@example.com;J\xf6rg\n`, 'latin1');
    const { code, stderr } = await leavers(['plan', file('m.csv', bytes), '--offline']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/Windows-1252.*Jörg/s);
  });
});

describe('a saved plan', () => {
  it('holds resolved ids, and running it does what running the manifest would', async () => {
    await using s = await scenario({ people: 5 });
    const [out, report] = [path('plan.ndjson'), path('r.ndjson')];
    const made = await s.leavers(['plan', csv(0, 1, 2), '--out', out, '--detailed-exitcode']);
    expect([made.code, s.changes()]).toEqual([2, []]);
    expect(ndjson(out)[0]).toMatchObject({ action: 'suspend-user', accountId: person(0).accountId });
    expect((await s.leavers(['run', out, '--report', report, '--yes'])).code).toBe(0);
    expect(rowsOf(report).map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done']);
    const after = await s.leavers(['plan', csv(0, 1, 2), '--detailed-exitcode']);
    expect(after.code).toBe(0);
  });

  it('is never written over a file that is there', async () => {
    const out = file('mine.ndjson', 'mine');
    const { code } = await leavers(['plan', csv(1), '--offline', '--out', out]);
    expect([code, readFileSync(out, 'utf8')]).toEqual([73, 'mine']);
  });

  it('offline makes no call at all', async () => {
    await using s = await scenario({ people: 5 });
    const { code, stdout } = await s.leavers(['plan', csv(0, 1), '--offline']);
    expect([code, s.sandbox.ledger]).toEqual([0, []]);
    expect(stdout).toContain('Plan: 2 to change');
  });
});

describe('the samples', () => {
  const allow = ['remove-user', 'invite-user', 'delete-group'].flatMap((name) => ['--allow', name]);
  const sample = (name: string) => join(root, 'samples', name);

  it.each(['leavers.csv', 'leavers.json', 'leavers.ndjson'])('%s runs in the simulated organization', async (name) => {
    const report = path('r.ndjson');
    const { code, stdout } = await leavers([
      'run',
      sample(name),
      '--sandbox',
      '--rate',
      'none',
      '--report',
      report,
      ...allow,
      '--accept',
      'admin,not-found',
    ]);
    expect([code, stdout]).toEqual([0, expect.stringContaining(report)]);
    expect(rowsOf(report).filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect(rowsOf(report).filter(({ outcome }) => outcome === 'done').length).toBeGreaterThanOrEqual(2);
  });
});

describe('a duplicate', () => {
  it('names the line of the first, in the same file and in another, a date as part of the row', async () => {
    await using s = await scenario({ people: 3 });
    const dated = { ...suspend(1), notBefore: '2099-01-01' };
    const [first, second] = [manifest([suspend(0), dated, suspend(0), dated]), manifest([suspend(0), suspend(2)])];
    const { stdout } = await s.leavers(['plan', first, second]);
    const name = first.split('/').at(-1);
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      new RegExp(`duplicate of line 1 .*duplicate of line 2 .*duplicate of \\S*${name}:1 `),
    );
  });
});
