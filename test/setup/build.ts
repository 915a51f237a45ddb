// Builds dist/ once before the suite, so that tests start the program as users do.
import { execFileSync } from 'node:child_process';

export default function setup(): void {
  if (process.env['LEAVERS_NO_BUILD']) return;
  execFileSync('npx', ['rolldown', '-c', 'rolldown.config.ts', '--logLevel', 'silent'], { stdio: 'inherit' });
}
