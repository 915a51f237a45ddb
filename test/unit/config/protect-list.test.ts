// Protect lists as people write them: what each form protects, and which forms are refused with their place.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { LeaversError } from '../../../src/errors.ts';
import { fitsPattern } from '../../../src/plan/guards.ts';
import { readOperator, readProtectList } from '../../../src/config/protect-list.ts';
import { folder } from '../../support/spawn.ts';
import { world } from '../../support/context.ts';

const home = folder();
afterAll(() => home[Symbol.dispose]());
let files = 0;

/** The entries of a file with this text, and of the list of a job. */
async function read(text: string | undefined, protect?: readonly string[]) {
  const name = `${(files += 1)}.txt`;
  if (text !== undefined) writeFileSync(join(home.path, name), text);
  const context = world({ cwd: home.path });
  const guards = await readProtectList(text === undefined ? [] : [name], { path: 'job.json', protect }, context);
  return { entries: [...guards.protect], remarks: [...(guards.remarks ?? [])], name };
}

const messageOf = (reading: Promise<unknown>) =>
  reading.then(
    () => 'nothing is wrong',
    (error: unknown) => (error instanceof LeaversError ? `${error.kind} ${error.message}` : String(error)),
  );

describe('a line of a protect list', () => {
  const ada = 'ada@example.com';
  it.each<readonly [string, string, readonly string[]]>([
    ['a comment', `${ada} # boss, and ben@example.com`, [ada]],
    ['quotes', `"${ada}"`, [ada]],
    ['single quotes', `'${ada}'`, [ada]],
    ['a display name', `Ada Lovelace <${ada}>`, [ada]],
    ['a quoted display name with a comma', `"Lovelace, Ada" <${ada}>`, [ada]],
    ['a link', `mailto:${ada.toUpperCase()}?subject=hi`, [ada]],
    ['angle brackets alone', `<${ada}>`, [ada]],
    [
      'several, mixed',
      `${ada},ben@example.com; "cy@example.com"\tdee@example.com`,
      [ada, 'ben@example.com', 'cy@example.com', 'dee@example.com'],
    ],
    ['a byte order mark and spaces', `\uFEFF  ${ada}  `, [ada]],
    ['a pattern', '*@Board.Example.com', ['*@board.example.com']],
    ['members of a group', 'Group: Execs', ['group:execs']],
    ['a quoted group name', '"Sales, EMEA #1"', ['sales, emea #1']],
    ['an account id', '712020:5b10AC8D-82e0-5b22-cc7d-4ef5aaaaaaaa', ['712020:5b10ac8d-82e0-5b22-cc7d-4ef5aaaaaaaa']],
    ['several groups', 'site-admins; board', ['site-admins', 'board']],
  ])('may have %s', async (_, text, entries) => {
    expect((await read(`${text}\n`)).entries).toEqual(entries);
  });

  it('may have a remark after a person, which protects a group of that name too', async () => {
    expect(await read(`${ada},CEO\n`)).toMatchObject({ entries: [ada], remarks: ['ceo'] });
  });

  it('of a table is read by the header', async () => {
    const text = 'Name,E-Mail,Reason\n"Lovelace, Ada",ada@example.com,CEO\nBen,"ben@example.com;cy@example.com",\n';
    expect(await read(text)).toMatchObject({ entries: [ada, 'ben@example.com', 'cy@example.com'], remarks: [] });
  });

  it.each([
    ['ada@', 'not an entry'],
    ['ada@example', 'not an entry'],
    ['ada lovelace@example.com', 'not an entry'],
    ['Ada <ada@example.com> (boss)', 'not an entry'],
    ['"ada@example.com', 'has a quote that is not closed'],
    ['*@*', 'not a pattern'],
    ['@example.com', 'not an entry'],
    ['*-admins', 'not an entry'],
    ['group:', 'not an entry'],
    ['5.57058E+23', 'not an entry'],
    ['ada\u200b@example.com', 'contains U+200B'],
    [',;', 'names nobody'],
  ])('like %j is refused with its place', async (text, words) => {
    const message = await messageOf(read(`# list\n\nben@example.com\n${text}\n`));
    expect(message).toMatch(/^invalid \d+\.txt:4: /);
    expect(message).toContain(words);
  });

  it('of a table with nobody in the columns of people is refused with its place', async () => {
    expect(await messageOf(read('email,reason\n,CEO\n'))).toMatch(/^invalid \d+\.txt:2: .*names nobody/);
  });

  it('is refused together with all others that are malformed', async () => {
    expect((await messageOf(read('ada@\nben@example.com\ncy@\n'))).split('\n')).toHaveLength(2);
  });
});

describe("a job's protect list", () => {
  it('is read like the lines of a file', async () => {
    const list = ['Ada Lovelace <ada@example.com>', 'ben@example.com;cy@example.com'];
    expect((await read(undefined, list)).entries).toEqual(['ada@example.com', 'ben@example.com', 'cy@example.com']);
  });

  it('names the place of a malformed entry', async () => {
    const message = await messageOf(read(undefined, ['ada@example.com', 'ben@']));
    expect(message).toMatch(/^invalid job\.json: guards\.protect\[2\]: "ben@" is not an entry; give /);
  });
});

describe('a pattern', () => {
  it.each([
    ['ada@board.example.com', '*@board.example.com', true],
    ['ada@example.com', '*@board.example.com', false],
    ['svc-db-01@example.com', 'svc-*-*@example.com', true],
    ['svc-db@example.com', 'svc-*-*@example.com', false],
    ['aba@x.com', 'ab*ba@x.com', false],
  ])('%s fits %s: %s', (email, pattern, fits) => {
    expect(fitsPattern(email, pattern)).toBe(fits);
  });
});

describe('the operator', () => {
  it('is the login name when nobody is named, which is not a guard', () => {
    expect(readOperator(undefined, 'tester')).toEqual({ operator: 'tester', isLogin: true });
    expect(readOperator(' ada@example.com ', 'tester')).toEqual({ operator: 'ada@example.com' });
  });

  it.each(['ada@', 'Ada Lovelace', 'a,b', '', 'Ada <ada@example.com>'])('is never %j', async (given) => {
    const message = await messageOf(Promise.resolve().then(() => readOperator(given, 'tester')));
    expect(message).toMatch(/^usage --operator .* is neither an account id nor an e-mail; give one like/);
  });
});
