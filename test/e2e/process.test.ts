// The process as users meet it: help, versions, wrong words, closed pipes, full disks, and ends that must not look like success.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandNames } from '../../src/config/flags/flag.ts';
import { actionNames } from '../../src/model.ts';
import { leavers } from '../support/in-process.ts';
import { desk, file, path } from '../support/scenario.ts';
import { leavers as spawnLeavers, root } from '../support/spawn.ts';

const manifest = join(desk, 'people.csv');
writeFileSync(manifest, 'action,email\nsuspend-user,ada@example.com\n');

describe('help', () => {
  it.each([[[]], [['-h']], [['--help']], [['help']]])('%j tells what there is and how to begin', async (args) => {
    const { code, stdout, stderr } = await leavers(args);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/Examples:[^]*leavers plan leavers\.csv[^]*Commands:/);
    expect(commandNames.filter((name) => !stdout.includes(`\n  ${name} `))).toEqual([]);
  });

  it.each(commandNames)('%s -h starts with examples', async (name) => {
    const { code, stdout } = await leavers([name, '-h']);
    expect(code).toBe(0);
    expect(stdout.indexOf(`leavers ${name}`)).toBeGreaterThan(stdout.indexOf('Examples:'));
    expect(stdout.indexOf('Usage:')).toBeGreaterThan(stdout.indexOf(`leavers ${name}`));
    expect((await leavers(['help', name])).stdout).toBe(stdout);
  });

  it('asks for nothing: flags beside it may be wrong', async () => {
    expect((await leavers(['run', '--nonsense', '--rate', '0', '-h'])).code).toBe(0);
  });

  it.each(['--version', '-V'])('%s is the version of the package', async (flag) => {
    expect((await leavers([flag])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('a file that is not a report', () => {
  it.each(['report', 'undo', 'verify'])('is 65 for %s, and is left as it is', async (name) => {
    const { code, stdout, stderr } = await leavers([name, manifest]);
    expect(code).toBe(65);
    expect(stdout + stderr).toMatch(/people\.csv/);
  });

  it('is 65 for verify also when its only line has no end', async () => {
    const hello = path('hello');
    writeFileSync(hello, 'hello');
    const { code, stdout } = await leavers(['verify', hello, '--json']);
    expect([code, stdout]).toEqual([65, expect.stringContaining('"ok": false')]);
  });

  it.each([['report'], ['undo'], ['report', '--retry', 'retry.csv']])(
    'is 66 for %s when it is a pipe',
    async (...words) => {
      const pipe = path('pipe');
      execFileSync('mkfifo', [pipe]);
      const { code, stderr } = await leavers([...words, pipe]);
      expect([code, stderr]).toEqual([66, expect.stringContaining('read only once')]);
    },
  );
});

describe('wrong usage is 64 and one sentence', () => {
  it.each([
    [['rnu'], '"rnu" is not a command; did you mean "run"?'],
    [['frobnicate'], '"frobnicate" is not a command; `leavers -h` lists them'],
    [['rnu', '-h'], 'did you mean "run"?'],
    [['run', manifest, '--rat', '3/s'], 'run has no --rat; did you mean --rate?'],
    [['run', manifest, '-z'], 'run has no -z'],
    [['run', manifest, '--out', 'x'], 'run has no --out; it belongs to plan, reconcile, undo, inactive'],
    [['run', manifest, '--dri'], 'run has no --dri; did you mean --dry-run?'],
    [['run', manifest, '--zzz'], 'run has no --zzz; `leavers run -h` lists its flags'],
    [['run', manifest, '--dryRun'], 'run has no --dryRun; did you mean --dry-run?'],
    [['run', manifest, '--api-key', 'secret-secret'], 'run has no --api-key; did you mean --api'],
    [['run', manifest, '--constructor'], 'run has no --constructor; `leavers run -h` lists its flags'],
    [['run', manifest, '--manifest', 'x'], 'run has no --manifest'],
    [['inactive', '--day', '9'], 'inactive has no --day; did you mean --days?'],
    [['report', '--jsn', manifest], 'report has no --jsn; did you mean --json?'],
    [['run', '--organizations', 'x', '--report', 'y'], '--report differs from organization to organization'],
    [['--quiet'], 'no command; `leavers -h` lists them'],
    [['run', manifest, '--report'], '--report needs a value: --report FILE'],
    [['run', manifest, '--rate', '0'], '--rate "0" is not a rate'],
    [['run', manifest, '--rate', 'abc'], '--rate "abc" is not a rate'],
    [['run', manifest, '--concurrency', '-1'], '--concurrency "-1" is not a whole number'],
    [['run', manifest, '--max-changes', '5x'], '--max-changes "5x" is not a limit'],
    [['run', manifest, '--timeout', 'abc'], '--timeout "abc" is not a length of time'],
    [['run', manifest, '--report', 'a', '--report', 'b'], '--report is given 2 times; give it once'],
    [['run'], 'run needs a manifest: a file, or - for stdin'],
    [['run', '--sandbox', manifest], 'put the manifest before it'],
    [['inactive'], 'inactive needs --days N'],
    [['inactive', 'extra', '--days', '9'], 'inactive takes no arguments'],
    [['report'], 'report needs <report...>'],
    [['completion', 'tcsh'], 'one of bash, zsh, fish'],
    [['template', 'suspend'], '"suspend" is neither an action nor a job file'],
    [['run', '-', '--api-key-stdin'], 'no organization'],
  ])('%j', async (args, words) => {
    const { code, stdout, stderr } = await leavers(args);
    expect([code, stdout]).toEqual([words === 'no organization' ? 78 : 64, '']);
    expect(stderr).toContain(words);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).not.toContain('secret-secret');
  });

  it('is one JSON line with --log-format json', async () => {
    const { code, stderr } = await leavers(['run', manifest, '--rate', '0', '--log-format', 'json']);
    expect(JSON.parse(stderr)).toMatchObject({ level: 'error', kind: 'usage', exit: code });
  });
});

describe('missing configuration is 78 and says what to set', () => {
  it.each([
    [{}, 'ATLASSIAN_ORG_ID'],
    [{ ATLASSIAN_ORG_ID: 'o' }, 'ATLASSIAN_API_KEY_FILE'],
    [
      { ATLASSIAN_ORG_ID: 'o', ATLASSIAN_API_KEY: 'abcdefghijkl', ATLASSIAN_API_KEY_FILE: '/k' },
      'both give an API key',
    ],
  ])('%j', async (env, words) => {
    const { code, stderr } = await leavers(['run', manifest, '--yes'], { env });
    expect([code, stderr]).toEqual([78, expect.stringContaining(words)]);
    expect(stderr).not.toContain('abcdefghijkl');
  });
});

describe('actions', () => {
  it('lists all of them, as text and as JSON', async () => {
    const [text, json] = await Promise.all([leavers(['actions']), leavers(['actions', '--json'])]);
    expect(actionNames.filter((name) => !text.stdout.includes(`${name} `))).toEqual([]);
    const listed = JSON.parse(json.stdout) as { name: string; undoneBy: string | null }[];
    expect(listed.map(({ name, undoneBy }) => `${name} ${undoneBy ?? '-'}`)).toMatchInlineSnapshot(`
      [
        "get-last-active -",
        "suspend-user restore-user",
        "restore-user suspend-user",
        "remove-user -",
        "invite-user -",
        "create-group delete-group",
        "delete-group -",
        "add-user-to-group remove-user-from-group",
        "remove-user-from-group add-user-to-group",
        "assign-group-roles revoke-group-roles",
        "revoke-group-roles assign-group-roles",
        "grant-user-role revoke-user-role",
        "revoke-user-role grant-user-role",
        "deactivate-user reactivate-user",
        "reactivate-user deactivate-user",
        "revoke-api-tokens -",
      ]
    `);
  });
});

describe('the built program', () => {
  // The cookbook's test starts the other commands.
  it.each([
    [['template', 'suspend-user'], 0, /^action,accountId,email/],
    [['completion', 'bash'], 0, /^# bash completion for leavers/],
    [['sandbox', 'missing.json'], 66, /missing\.json: the state file can't be read/],
  ])('has the command of %j', async (args, expected, words) => {
    const { code, stdout, stderr } = await spawnLeavers(args, { cwd: desk });
    expect([code, stdout + stderr]).toEqual([expected, expect.stringMatching(words)]);
  });
});

/** Runs the program through a shell, for what pipes and redirections do to it. */
function shell(line: string): Promise<{ code: number | null; stderr: string }> {
  const program = `${process.execPath} ${join(root, 'bin', 'leavers.cjs')}`;
  const child = spawn('bash', ['-o', 'pipefail', '-c', line.replaceAll('leavers', program)], { cwd: desk });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stderr })));
}

describe('the modules that a command line loads', () => {
  /** Names of the files of the built program that were loaded. */
  async function loaded(args: readonly string[]): Promise<string[]> {
    const folder = join(desk, `loaded-${args.join('')}`);
    await spawnLeavers(args, { cwd: desk, env: { NODE_V8_COVERAGE: folder } });
    const reports = globSync('*.json', { cwd: folder }).map((name) => readFileSync(join(folder, name), 'utf8'));
    return reports.flatMap((text) =>
      [...text.matchAll(/dist\/(?:chunks\/)?([\w-]+)\.js"/g)].map(([, name = '']) => name),
    );
  }

  it('hold yargs for a command, and neither yargs nor a command for help', async () => {
    const late = (names: readonly string[]) => names.filter((name) => /^(yargs|open-call|actions|run)-/.test(name));
    expect(late(await loaded(['actions']))).toHaveLength(3);
    expect(late(await loaded(['run', '--help']))).toEqual([]);
  });
});

describe('the output', () => {
  it('may be closed by its reader: a listing ends quietly', async () => {
    expect(await shell('leavers actions --json | true')).toEqual({ code: 0, stderr: '' });
  });

  it('may be closed during a run, which goes on to its end and its report', async () => {
    const { code } = await shell('leavers run people.csv --sandbox --report closed.ndjson | true');
    expect([code, existsSync(join(desk, 'closed.ndjson'))]).toEqual([0, true]);
    expect((await leavers(['verify', join(desk, 'closed.ndjson')])).code).toBe(0);
  });

  it.runIf(existsSync('/dev/full'))('on a full disk is 74, never a success', async () => {
    const { code, stderr } = await shell('leavers actions > /dev/full');
    expect([code, stderr]).toEqual([74, expect.stringContaining('ENOSPC')]);
  });
});

describe('an end that looks like success but is none', () => {
  /** Starts the program with a promise inside that is never settled, as a forgotten one would be. */
  const forgetful = join(desk, 'forgetful.mjs');
  writeFileSync(
    forgetful,
    `import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module';
     fs.createReadStream = () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) });
     syncBuiltinESMExports();`,
  );

  it('is reported as a bug, 70: the event loop is empty', async () => {
    const { code, stderr } = await spawnLeavers(['plan', manifest, '--job', file('job.json', '{}'), '--offline'], {
      env: { NODE_OPTIONS: `--import ${forgetful}` },
    });
    expect([code, stderr]).toEqual([70, expect.stringMatching(/^leavers: a bug: .*has not ended; please report it/)]);
  });
});
