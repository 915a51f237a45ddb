// A file that is replaced in one step: whole or not at all, and without a draft left behind.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replaceFile } from '../../../src/storage/replace-file.ts';
import { folder } from '../../support/spawn.ts';

describe('a file that is replaced', () => {
  it('has the new content, and no draft beside it', async () => {
    using home = folder();
    writeFileSync(join(home.path, 'm.prom'), 'old');
    await replaceFile('m.prom', (draft) => writeFile(draft, 'new', { flag: 'wx' }), { cwd: home.path });
    expect([readFileSync(join(home.path, 'm.prom'), 'utf8'), readdirSync(home.path)]).toEqual(['new', ['m.prom']]);
  });

  it('stays as it was when the draft can not be finished', async () => {
    using home = folder();
    writeFileSync(join(home.path, 'm.prom'), 'old');
    const write = async (draft: string) => {
      await writeFile(draft, 'half');
      throw new Error('no room');
    };
    await expect(replaceFile('m.prom', write, { cwd: home.path })).rejects.toThrow('no room');
    expect([readFileSync(join(home.path, 'm.prom'), 'utf8'), readdirSync(home.path)]).toEqual(['old', ['m.prom']]);
  });
});
