// npm's `prepare` and `pack`: builds dist/, or says in one sentence what is missing. CommonJS, because it runs on any Node.
'use strict';
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { spawnSync } = require('node:child_process');

const root = join(__dirname, '..');
if (!existsSync(join(root, 'node_modules', 'rolldown'))) {
  process.stderr.write('leavers: the development packages are not installed, so nothing can be built; run `npm ci` first\n');
  process.exit(1);
}
process.exit(spawnSync('npm', ['run', 'build'], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' }).status ?? 1);
