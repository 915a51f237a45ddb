// Every line of README's cookbook, run as it stands there, in its order, against an organization over a socket.
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSandbox, parseOrgState } from '../../src/sandbox/sandbox.ts';
import { serveSandbox } from '../../src/sandbox/http/server.ts';
import { folder, root } from '../support/spawn.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const section = readme.slice(readme.indexOf('## Cookbook'), readme.indexOf('\n## ', readme.indexOf('## Cookbook') + 3));
const block = /```sh\n([\s\S]*?)```/.exec(section)?.[1] ?? '';
const tasks = block.split('\n').filter((line) => /^# \d+\./.test(line));
const lines = block.split('\n').filter((line) => line.startsWith('leavers '));

const home = folder();
const state = parseOrgState(JSON.parse(readFileSync(join(root, 'samples', 'org.json'), 'utf8')), 'org.json');
const sandbox = openSandbox(state, { clock: Date, sleep: async () => {} });
let server: Awaited<ReturnType<typeof serveSandbox>>;

beforeAll(async () => {
  server = await serveSandbox(sandbox, { port: 0 });
  for (const name of ['samples', 'jobs']) symlinkSync(join(root, name), join(home.path, name));
  mkdirSync(join(home.path, 'bin'));
  writeFileSync(
    join(home.path, 'bin', 'leavers'),
    `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'bin', 'leavers.cjs')}" "$@"\n`,
  );
  chmodSync(join(home.path, 'bin', 'leavers'), 0o755);
});
afterAll(async () => {
  await server.close();
  home[Symbol.dispose]();
});

describe('the cookbook', () => {
  it('has numbered tasks', () => {
    expect(tasks.length).toBeGreaterThanOrEqual(14);
    expect(tasks.map((task) => Number(/\d+/.exec(task)?.[0]))).toEqual(tasks.map((_, n) => n + 1));
  });

  it.each(lines)('%s', async (line) => {
    const env = {
      PATH: `${join(home.path, 'bin')}:${process.env['PATH']}`,
      // Where the program keeps its compiled code between the lines.
      HOME: home.path,
      ATLASSIAN_ORG_ID: state.org.id,
      ATLASSIAN_API_KEY: 'sandbox',
      ATLASSIAN_API_URL: server.url,
      LEAVERS_RATE: 'none',
    };
    const { promise, resolve } = Promise.withResolvers<{ code: number; said: string }>();
    execFile('bash', ['-c', line], { cwd: home.path, env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr }),
    );
    const { code, said } = await promise;
    expect([code, said]).toEqual([0, expect.any(String)]);
  });

  it('left what it says that it leaves', () => {
    const files = ['hr.html', 'evidence.csv', 'rows.csv', 'retry.ndjson', 'undo.ndjson', 'reports/hr.ndjson'];
    expect(files.filter((file) => !existsSync(join(home.path, file)))).toEqual([]);
    expect(execFileSync('head', ['-c', '15', join(home.path, 'hr.html')], { encoding: 'utf8' })).toBe(
      '<!doctype html>',
    );
  });
});
