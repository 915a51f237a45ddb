// Builds dist/ once before the suite, so that tests start the program as users do.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
export default function setup(): void {
  if (process.env['LEAVERS_NO_BUILD']) return;
  execFileSync(process.execPath, ['build.ts'], { cwd: root, stdio: 'inherit' });
}
