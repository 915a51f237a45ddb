// Builds dist/ before tests that start the program as users do; skips the build when dist/ is newer than what it is built from.
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const inputs = ['src', 'package.json', 'package-lock.json', 'build.ts', 'rolldown.config.ts'];

/** First step of the suite, and of `npm run torture`. */
export default function buildIfStale(): void {
  if (modified('dist/main.js') > Math.max(...inputs.map(newest))) return;
  execFileSync(process.execPath, ['build.ts'], { cwd: root, stdio: 'inherit' });
}

function modified(path: string): number {
  return statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** The latest change of a file, or of anything in a folder; removing a file changes its folder. */
function newest(path: string): number {
  const isFolder = statSync(join(root, path)).isDirectory();
  const below = isFolder ? readdirSync(join(root, path), { recursive: true, encoding: 'utf8' }) : [];
  return Math.max(modified(path), ...below.map((name) => modified(join(path, name))));
}
