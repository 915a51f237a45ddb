// The bytes of a manifest: the same in every pass, from files, pipes and standard input.
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { openSource } from '../../../../src/manifest/read/source.ts';
import { world } from '../../../support/context.ts';
import { folder } from '../../../support/spawn.ts';

const bytes = Buffer.from('0123456789abcdef'.repeat(20_000));
const open = (path: string, stdin: Buffer[] = []) =>
  openSource(path, {
    context: world({ stdin: Readable.from(stdin) as unknown as NodeJS.ReadStream }),
    scan: () => {},
  });

function written(home: { path: string }): string {
  const path = join(home.path, 'm.csv');
  writeFileSync(path, bytes);
  return path;
}

describe('a source', () => {
  it('can be left early and read again from its start', async () => {
    using home = folder();
    const source = await open(written(home));
    for await (const some of source.read()) if (some.length > 0) break;
    const all = Buffer.concat(await Array.fromAsync(source.read()));
    expect([all.equals(bytes), source.size, (await source.head()).length]).toEqual([true, bytes.length, 65_536]);
    await source.close();
  });

  it('of standard input is read as often as a file', async () => {
    const source = await open('-', [bytes.subarray(0, 7), bytes.subarray(7)]);
    for (const _ of [1, 2]) expect(Buffer.concat(await Array.fromAsync(source.read())).equals(bytes)).toBe(true);
    await source.close();
  });

  it('can be closed twice, and is never read after that', async () => {
    using home = folder();
    const source = await open(written(home));
    await source.close();
    await source.close();
    await expect(source.head()).rejects.toThrow('read after it was closed');
  });

  it('that changes between two passes is refused', async () => {
    using home = folder();
    const path = written(home);
    const source = await open(path);
    appendFileSync(path, 'more');
    await expect(Array.fromAsync(source.read())).rejects.toThrow(`${path}: changed while it was read`);
    await source.close();
  });
});
