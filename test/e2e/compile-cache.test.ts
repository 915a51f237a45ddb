// The compile cache is used only where no other user can write: Node runs the bytecode in it unchecked.
import { execFile } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const bin = new URL('../../bin/leavers.cjs', import.meta.url).pathname;

/** Runs `--version` with its cache below `base`, and a temporary folder of its own. */
async function runWith(base: string): Promise<string> {
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;
  const ran = await promisify(execFile)(process.execPath, [bin, '--version'], {
    env: { ...env, XDG_CACHE_HOME: base, TMPDIR: base },
  });
  expect(existsSync(join(base, 'node-compile-cache'))).toBe(false);
  return ran.stdout.trim();
}

const newBase = () => mkdtempSync(join(tmpdir(), 'leavers-cache-'));

describe('the compile cache', () => {
  it('is kept in a folder of mode 0700 that only its user can write', async () => {
    const base = newBase();
    expect(await runWith(base)).toMatch(/^\d/);
    expect(statSync(join(base, 'leavers')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(base, 'leavers'))).not.toEqual([]);
  });

  const planted: [string, (folder: string, base: string) => void][] = [
    ['is writable by the group', (folder) => (mkdirSync(folder), chmodSync(folder, 0o770))],
    [
      'is a link',
      (folder, base) => (mkdirSync(join(base, 'x'), { mode: 0o700 }), symlinkSync(join(base, 'x'), folder)),
    ],
    [
      'stands in a folder that others can write',
      (folder, base) => (mkdirSync(folder, { mode: 0o700 }), chmodSync(base, 0o777)),
    ],
  ];
  if (process.getuid?.() === 0)
    planted.push([
      'belongs to another user',
      (folder) => (mkdirSync(folder, { mode: 0o700 }), chownSync(folder, 65534, 65534)),
    ]);

  it.each(planted)('is not used when its folder %s', async (_, plant) => {
    const base = newBase();
    plant(join(base, 'leavers'), base);
    expect(await runWith(base)).toMatch(/^\d/);
    expect(readdirSync(join(base, 'leavers'))).toEqual([]);
  });
});
