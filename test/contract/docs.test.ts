// README says what the code does: generated files are compared with the tables, its files and commands with the checkout.
import { execFile } from 'node:child_process';
import { existsSync, globSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { commandNames, type Flag } from '../../src/config/flags/flag.ts';
import { flags } from '../../src/config/flags/flag-table.ts';
import { outcomes } from '../../src/model.ts';
import { folder } from '../support/spawn.ts';
import { generatedFiles } from '../../scripts/readme.ts';

const root = join(import.meta.dirname, '..', '..');
const documents = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md', { cwd: root })];
const textOf = (path: string) => readFileSync(join(root, path), 'utf8');
const all = documents.map(textOf).join('\n');
/** The documents that speak about command lines of the program; the others also name flags of npm and of scripts. */
const forUsers = ['README.md', 'reference', 'guide', 'job-files', 'deployment', 'upgrading'];
const manual = documents
  .filter((path) => forUsers.some((name) => path.includes(name)))
  .map(textOf)
  .join('\n');

describe('what is generated', () => {
  it.each(Object.entries(generatedFiles()))('is current in %s (npm run docs writes it)', (path, content) => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(content);
  });
});

describe('the man page', () => {
  const page = readFileSync(join(root, 'man', 'leavers.1'), 'utf8');

  it('holds no line that roff would take for a request of its own', () => {
    const odd = page.split('\n').filter((line) => /^[.']/.test(line) && !/^\.(TH|SH|SS|TP|PP|nf|fi)\b/.test(line));
    expect(odd).toEqual([]);
  });
});

describe('README and docs', () => {
  it('names no command, flag, variable or outcome that is not there', () => {
    const said = (pattern: RegExp) => [...new Set([...manual.matchAll(pattern)].map(([, word = '']) => word))];
    const own = Object.entries<Flag>(flags);
    const shellLines = said(/^(?:npx )?leavers ([a-z]+)/gm);
    expect(shellLines.filter((word) => !commandNames.some((name) => name === word))).toEqual([]);
    expect(said(/(?<![\w-])--([a-z][a-z-]+)/g).filter((word) => !(word in flags))).toEqual([]);
    const variables = [...own.map(([, { env }]) => env), 'ATLASSIAN_API_KEY'];
    expect(said(/\b((?:LEAVERS|ATLASSIAN)_[A-Z_]+)\b/g).filter((word) => !variables.includes(word))).toEqual([]);
    const reference = textOf('docs/reference.md');
    const table = reference.slice(reference.indexOf('## Outcomes'), reference.indexOf('## Exit codes'));
    expect([...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)).toEqual([...outcomes]);
  });

  it('names only files of the checkout', () => {
    const files = [...all.matchAll(/(?<![\w/])((?:samples|jobs|src|test|scripts)\/[\w./-]*\w)/g)].map(
      ([, file = '']) => file,
    );
    expect(files.filter((file) => !existsSync(join(root, file)) && !file.includes('NAME'))).toEqual([]);
  });

  it('links only to files that are there', () => {
    const broken = documents.flatMap((path) =>
      [...textOf(path).matchAll(/\]\(([^)#:]+)\)/g)]
        .map(([, link = '']) => join(dirname(path), link))
        .filter((link) => !existsSync(join(root, link)))
        .map((link) => `${path} links to ${link}`),
    );
    expect(broken).toEqual([]);
  });

  it('README can be read to its end: at most 250 lines', () => {
    expect(textOf('README.md').split('\n').length).toBeLessThanOrEqual(250);
  });

  it('begins with a demo that runs as npm starts it', async () => {
    using home = folder();
    for (const name of ['bin', 'samples', 'package.json', 'node_modules'])
      symlinkSync(join(root, name), join(home.path, name));
    const env = { ...process.env, LEAVERS_RATE: 'none' };
    const { stdout } = await promisify(execFile)('npm', ['run', 'demo'], { cwd: home.path, env });
    expect(stdout).toMatch(/\d+ of 24 rows succeeded or needed no change[^]*Report {4}\S+reports\/leavers-/);
    expect(readdirSync(join(home.path, 'reports')).filter((name) => name.endsWith('.ndjson'))).toHaveLength(1);
  });

  it('names only scripts that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = [...all.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
