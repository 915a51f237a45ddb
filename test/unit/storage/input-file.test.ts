// What a user may name as an input or an output that is no ordinary file.
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readInput } from '../../../src/storage/input-file.ts';
import { replaceFile } from '../../../src/storage/replace-file.ts';
import { newFolder } from '../../support/scenario.ts';

const cwd = newFolder();
const at = (name: string) => join(cwd, name);
writeFileSync(at('file'), 'hello');
writeFileSync(at('huge'), '');
truncateSync(at('huge'), 2_000_000_000);
mkdirSync(at('folder'));
execFileSync('mkfifo', [at('pipe')]);
symlinkSync('file', at('link'));
symlinkSync('nowhere', at('dangling'));
symlinkSync('loop', at('loop'));
symlinkSync('/dev/null', at('null'));

describe('an input', () => {
  it.each([
    ['missing', 'ENOENT'],
    ['dangling', 'ENOENT'],
    ['loop', 'ELOOP'],
    ['folder', 'EISDIR'],
    ['null', 'a device'],
    ['huge', 'more than 1000 bytes'],
  ])('that is %s is refused as %s', async (name, code) => {
    await expect(readInput(at(name), 1000)).rejects.toMatchObject({ code });
  });

  it('is read through a link', async () => {
    expect((await readInput(at('link'))).toString()).toBe('hello');
  });

  it('that is a pipe waits for its writer without a thread', async () => {
    const [read] = await Promise.all([readInput(at('pipe')), writeFile(at('pipe'), 'late')]);
    expect(read.toString()).toBe('late');
  });
});

describe('a file that is replaced in one step', () => {
  const write = (draft: string) => writeFile(draft, 'new');

  it.each(['folder', 'pipe', 'null'])('leaves %s as it is', async (name) => {
    await expect(replaceFile(name, write, { cwd })).rejects.toMatchObject({ code: 'not a file' });
    expect(lstatSync(at(name)).isFile()).toBe(false);
  });

  it('takes the place of a file, and of a link to one', async () => {
    await replaceFile('link', write, { cwd });
    expect((await readInput(at('link'))).toString()).toBe('new');
    expect((await readInput(at('file'))).toString()).toBe('hello');
  });
});
