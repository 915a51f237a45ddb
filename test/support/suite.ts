// Global setup of vitest: dist/ as it is built now, and a temporary folder for the whole suite, because vitest kills its workers.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import buildIfStale from './build.ts';

/** Returns what removes the folder. */
export default function setUp(): () => void {
  buildIfStale();
  const folder = mkdtempSync(join(tmpdir(), 'leavers-suite-'));
  // The test of the image runs the program as another user.
  chmodSync(folder, 0o755);
  process.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
