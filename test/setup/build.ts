// Builds dist/ once before the suite, so that tests start the program as users do.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const rolldown = join(root, 'node_modules', 'rolldown', 'bin', 'cli.mjs');

export default function setup(): void {
  if (process.env['LEAVERS_NO_BUILD']) return;
  const args = [rolldown, '-c', 'rolldown.config.ts', '--logLevel', 'silent'];
  execFileSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
}
