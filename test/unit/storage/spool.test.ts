// Values and texts kept in temporary files: they come back whole and in order, and leave no file with a name.
import { closeSync, fstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ReverseSpool } from '../../../src/storage/reverse-spool.ts';
import { Spool } from '../../../src/storage/spool.ts';
import { openTempFile } from '../../../src/storage/temp-file.ts';
import { folder } from '../../support/spawn.ts';

const texts = Array.from({ length: 3000 }, (_, n) => `${n} Zoé 佐藤 👋🏽 ${'x'.repeat(n % 90)}`);

describe('a spool', () => {
  it('gives values back in the order in which they were added', () => {
    using home = folder();
    const spool = new Spool<{ text: string }>(home.path);
    for (const text of texts) spool.add({ text });
    expect([...spool.entries()].map(({ text }) => text)).toEqual(texts);
    spool.close();
    spool.close();
  });

  it('gives texts back in reverse order', () => {
    using home = folder();
    using spool = new ReverseSpool(home.path);
    for (const text of ['', ...texts]) spool.add(text);
    expect([...spool.texts()]).toEqual(['', ...texts].toReversed());
  });
});

describe('a temporary file', () => {
  it('has no name and is for its owner alone', () => {
    using home = folder();
    const fd = openTempFile(home.path);
    const { nlink, mode } = fstatSync(fd);
    expect([nlink, mode & 0o777, readdirSync(home.path)]).toEqual([0, 0o600, []]);
    closeSync(fd);
  });

  it('that can not be made is refused with its folder and what to do', () => {
    using home = folder();
    const missing = join(home.path, 'missing');
    expect(() => openTempFile(missing)).toThrow(`${missing}: temporary files can't be written there (ENOENT)`);
    expect(() => new Spool(missing)).toThrow(expect.objectContaining({ kind: 'disk' }));
    expect(() => new ReverseSpool(missing)).toThrow(expect.objectContaining({ kind: 'disk' }));
  });
});
