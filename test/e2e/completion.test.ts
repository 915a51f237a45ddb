// Completion as the shells do it: every command, flag and choice of the tables; each script is read by its own shell where there is one.
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { commandNames } from '../../src/config/flags/flag.ts';
import { flags } from '../../src/config/flags/flag-table.ts';
import { leavers } from '../support/in-process.ts';
import { desk } from '../support/scenario.ts';

const shells = ['bash', 'zsh', 'fish'] as const;
const scripts: Record<string, string> = {};
beforeAll(async () => {
  for (const shell of shells) {
    scripts[shell] = (await leavers(['completion', shell])).stdout;
    writeFileSync(join(desk, shell), scripts[shell]);
  }
});
const installed = shells.filter((shell) => spawnSync(shell, ['-c', 'true']).status === 0);

/** What bash offers for a line; words are split as bash does it, `=` being a word of its own. */
function bash(line: string): string[] {
  const words = line.split(' ').map((word) => `'${word}'`);
  const script = `source '${join(desk, 'bash')}'; COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _leavers; echo "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split(' ');
}

describe('completion', () => {
  it.each(shells)('for %s knows every command and flag', (shell) => {
    const text = scripts[shell] ?? '';
    const missing = [...commandNames, ...Object.keys(flags)].filter((name) => !new RegExp(`\\b${name}\\b`).test(text));
    expect(missing).toEqual([]);
  });

  it.each(installed)('for %s is read by that shell without complaint', (shell) => {
    const { status, stderr } = spawnSync(shell, ['-n', join(desk, shell)], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });

  it.each([
    ['leavers re', ['reconcile', 'report']],
    ['leavers run --max-d', ['--max-duration']],
    ['leavers run --api ', ['auto', 'v1', 'v2']],
    ['leavers run --api = v', ['v1', 'v2']],
    ['leavers run --allow remove-user', ['remove-user', 'remove-user-from-group']],
    ['leavers inactive --action su', ['suspend-user']],
    ['leavers template su', ['suspend-user']],
    ['leavers completion ', ['bash', 'zsh', 'fish']],
    ['leavers help ver', ['verify']],
    ['leavers run --job ', ['']],
    ['leavers run peo', ['']],
  ])('in bash of "%s" offers %j', (line, offered) => {
    expect(bash(line)).toEqual(offered);
  });

  it.each(installed.filter((shell) => shell === 'fish'))('in %s offers actions after --allow', (shell) => {
    const script = `source '${join(desk, 'fish')}'; complete -C 'leavers run --allow remove-user'`;
    const offered = execFileSync(shell, ['-c', script], { encoding: 'utf8' }).split('\n').filter(Boolean);
    expect(offered.map((line) => line.split('\t')[0])).toEqual(['remove-user', 'remove-user-from-group']);
  });
});
