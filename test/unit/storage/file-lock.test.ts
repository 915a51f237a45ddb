// A lock whose file is removed when it is freed: two processes are never inside together, and nothing is left.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readNote, tryLock } from '../../../src/storage/file-lock.ts';
import { folder, root } from '../../support/spawn.ts';

const run = promisify(execFile);
const note = { pid: 7, hostname: 'here', since: '2026-01-01T00:00:00Z' };
const loop = join(root, 'test', 'support', 'lock-loop.ts');

describe('a lock', () => {
  it('is never held by two processes, though each removes its file', async () => {
    using home = folder();
    const file = join(home.path, 'x.lock');
    const children = [1, 2, 3].map(() => run(process.execPath, [loop, file, '150']));
    expect((await Promise.all(children)).map(({ stdout }) => stdout)).toEqual(['150', '150', '150']);
    expect(readdirSync(home.path)).toEqual([]);
  });

  it.each(['null', '{"names":5}', '{'])('with the note %s has none', (text) => {
    using home = folder();
    const file = join(home.path, 'x.lock');
    writeFileSync(`${file}.json`, text);
    expect(readNote(file)).toBeUndefined();
  });

  it('is not given twice within one process, and a refused try does not free it', async () => {
    using home = folder();
    const file = join(home.path, 'x.lock');
    const lock = tryLock(file, note);
    expect([tryLock(file, note), readNote(file)]).toEqual([undefined, note]);
    const probe = `import { tryLock } from ${JSON.stringify(join(root, 'src/storage/file-lock.ts'))}; console.log(tryLock(${JSON.stringify(file)}, {}))`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', probe]);
    expect(stdout.trim()).toBe('undefined');
    lock?.release();
    expect(readdirSync(home.path)).toEqual([]);
  });

  it('leaves a file that another run has made under its name', () => {
    using home = folder();
    const file = join(home.path, 'x.lock');
    const lock = tryLock(file, note);
    rmSync(file);
    writeFileSync(file, '');
    lock?.release();
    expect(existsSync(file)).toBe(true);
  });
});
