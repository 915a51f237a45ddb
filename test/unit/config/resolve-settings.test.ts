// Settings: flag over environment over job file over default; the key from one place; the protected; what is missing.
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Context } from '../../../src/context.ts';
import { type ErrorKind, LeaversError } from '../../../src/errors.ts';
import { resolveSettings } from '../../../src/config/resolve-settings.ts';
import { flagReader, type ParsedArgs } from '../../../src/config/precedence.ts';
import { desk, newFolder } from '../../support/scenario.ts';
import { world } from '../../support/context.ts';

const secret = 'ATCTT3xFfGN0-not-a-real-key-0123456789';
const org = '8a130dbc-06bc-1a05-jjk7-9822046115j1';
const connected = { ATLASSIAN_ORG_ID: org, ATLASSIAN_API_KEY: secret };

interface Given {
  readonly flags?: ParsedArgs['flags'];
  readonly args?: readonly string[];
  readonly env?: Context['env'];
  /** Content of the job file. */
  readonly job?: object;
  readonly online?: boolean;
  readonly stdin?: string;
}

function read({ flags = {}, args = ['people.csv'], env = connected, job, online = true, stdin = '' }: Given = {}) {
  if (job !== undefined) file('job.json', JSON.stringify(job));
  const given = { flags, positionals: args };
  const all = job === undefined ? env : { ...env, LEAVERS_JOB: 'job.json' };
  const context = world({ env: all, cwd: desk, stdin: Readable.from([stdin]) });
  return resolveSettings({ args: given, flag: flagReader(given, all), online }, context);
}

async function refused(given: Given): Promise<LeaversError> {
  const error: unknown = await read(given).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof LeaversError) return error;
  throw new Error(`expected a refusal, got ${String(error)}`);
}

function file(name: string, text: string, mode = 0o600): string {
  const path = join(desk, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe('a setting', () => {
  const job = { pace: { rate: '30/m' } };
  const env = { ...connected, LEAVERS_RATE: '20/m' };

  const home = newFolder();
  mkdirSync(join(home, 'leavers'));
  const profiles = { acme: { orgId: org, apiKeyFile: '/nowhere', defaults: { rate: '40/m' } } };
  writeFileSync(join(home, 'leavers', 'config.json'), JSON.stringify({ profiles }), { mode: 0o600 });
  const profiled = { ...connected, XDG_CONFIG_HOME: home, LEAVERS_PROFILE: 'acme' };

  it.each([
    ['the flag', { flags: { rate: '10/m' }, env, job }, 10],
    ['the environment', { env, job }, 20],
    ['the job file', { job }, 30],
    ['the profile', { env: profiled }, 40],
    ['the job file before the profile', { env: profiled, job }, 30],
    ['the environment before the profile', { env: { ...profiled, LEAVERS_RATE: '20/m' } }, 20],
    ['the default', {}, 180],
    ['the job file when the variable is empty', { env: { ...connected, LEAVERS_RATE: '' }, job }, 30],
  ] as const)('is taken from %s', async (_, given, count) => {
    expect((await read(given)).api.rate).toEqual({ count, perMs: 60_000 });
  });

  it.each([
    ['--rate "x" ', { flags: { rate: 'x' } }, 'usage'],
    ['LEAVERS_RATE "x" ', { env: { ...connected, LEAVERS_RATE: 'x' } }, 'usage'],
    ['--base-url is not a URL', { flags: { 'base-url': 'foo' } }, 'usage'],
    ['ATLASSIAN_API_URL is not a URL', { env: { ...connected, ATLASSIAN_API_URL: 'foo' } }, 'usage'],
    ['LEAVERS_YES "perhaps" ', { env: { ...connected, LEAVERS_YES: 'perhaps' } }, 'usage'],
    ['job.json: rate "x" ', { job: { pace: { rate: 'x' } } }, 'invalid'],
    ['job.json: max-duration "soon" ', { job: { guards: { maxDuration: 'soon' } } }, 'invalid'],
    ['job.json:1: guards.maxChanges: ', { job: { guards: { maxChanges: 'lots' } } }, 'invalid'],
    ['job.json:1: guards.allow', { job: { guards: { allow: ['x'] } } }, 'invalid'],
    ['--report is given 2 times', { flags: { report: ['a', 'b'] } }, 'usage'],
  ] as const)('that is wrong is reported as %s', async (start, given, kind) => {
    const { message, kind: of } = await refused(given);
    expect([message.slice(0, start.length), of]).toEqual([start, kind]);
  });

  it.each([
    ['1', true],
    ['true', true],
    ['YES', true],
    ['0', false],
    ['false', false],
    ['', false],
  ])('that is a switch reads the variable %j as %s', async (text, value) => {
    expect((await read({ env: { ...connected, LEAVERS_YES: text } })).run.yes).toBe(value);
  });

  it('takes every part of a job file that is a setting', async () => {
    const { api, guards, run } = await read({
      args: [],
      job: {
        input: { path: 'export.csv' },
        guards: {
          maxChanges: '5%',
          maxFailures: 3,
          maxDuration: '50m',
          allow: ['remove-user'],
          protect: ['CEO@example.com '],
        },
        pace: { rate: 'none', concurrency: 2, retries: 0, timeout: '5s' },
        report: { metrics: 'm.prom' },
      },
    });
    expect(api).toMatchObject({ rate: 'none', concurrency: 2, retries: 0, timeoutMs: 5000, maxDurationMs: 3_000_000 });
    expect(guards).toMatchObject({ maxChanges: { percent: 5 }, maxFailures: { count: 3 }, allow: ['remove-user'] });
    expect([...guards.protect]).toEqual(['ceo@example.com']);
    expect(run).toMatchObject({ manifests: ['export.csv'], metricsFile: 'm.prom', job: 'job.json' });
  });

  it('adds what flags allow and protect to what the job does, so that nobody loses protection', async () => {
    const protect = [file('more.txt', 'ada@example.com\n')];
    const guarded = { guards: { allow: ['remove-user'], protect: ['ceo@example.com'] } };
    const { guards } = await read({ flags: { allow: ['delete-group'], protect }, job: guarded });
    expect(guards.allow.toSorted()).toEqual(['delete-group', 'remove-user']);
    expect([...guards.protect].toSorted()).toEqual(['ada@example.com', 'ceo@example.com']);
  });

  it('is complete when nothing is said', async () => {
    const { api, guards, run, warnings } = await read();
    expect({ api, guards, run, warnings }).toMatchInlineSnapshot(`
      {
        "api": {
          "accountUrl": "https://api.atlassian.com/",
          "api": "auto",
          "baseUrl": "https://api.atlassian.com/admin",
          "burst": 1,
          "concurrency": 8,
          "directory": undefined,
          "key": "[key]",
          "maxDurationMs": undefined,
          "org": "8a130dbc-06bc-1a05-jjk7-9822046115j1",
          "rate": {
            "count": 180,
            "perMs": 60000,
          },
          "retries": 5,
          "timeoutMs": 30000,
        },
        "guards": {
          "accept": [],
          "allow": [],
          "approvers": undefined,
          "includeAdmins": false,
          "isLogin": true,
          "maxChanges": {
            "count": 500,
          },
          "maxFailures": {
            "percent": 10,
          },
          "maxInputAgeMs": undefined,
          "maxPlanAgeMs": 604800000,
          "minRows": undefined,
          "operator": "tester",
          "protect": Set {},
        },
        "run": {
          "delimiter": undefined,
          "dryRun": false,
          "encoding": undefined,
          "format": undefined,
          "ignoreColumns": false,
          "input": false,
          "job": undefined,
          "json": false,
          "logFormat": "text",
          "manifests": [
            "people.csv",
          ],
          "metricsFile": undefined,
          "quiet": false,
          "repeatArgs": [
            "people.csv",
          ],
          "report": undefined,
          "reportOutput": {
            "csv": false,
            "folder": "reports",
            "html": false,
            "name": "{manifest}-{time}",
          },
          "resume": false,
          "retryUnknown": false,
          "sandbox": false,
          "skipInvalid": false,
          "verbose": false,
          "waitLockMs": undefined,
          "yes": false,
        },
        "warnings": [],
      }
    `);
  });
});

describe('the key', () => {
  it.each([
    [
      'a file',
      (): Given => ({ flags: { 'api-key-file': file('key', `${secret}\n`) }, env: { ATLASSIAN_ORG_ID: org } }),
    ],
    [
      'a file that a variable names',
      (): Given => ({ env: { ATLASSIAN_ORG_ID: org, ATLASSIAN_API_KEY_FILE: file('key2', secret) } }),
    ],
    [
      'stdin',
      (): Given => ({ flags: { 'api-key-stdin': true }, env: { ATLASSIAN_ORG_ID: org }, stdin: `${secret}\n` }),
    ],
    ['a variable', (): Given => ({})],
    [
      'a flag before a variable',
      (): Given => ({
        flags: { 'api-key-stdin': true },
        env: { ATLASSIAN_ORG_ID: org, ATLASSIAN_API_KEY: 'another-key', ATLASSIAN_API_KEY_FILE: '/nowhere' },
        stdin: secret,
      }),
    ],
  ])('comes from %s', async (_, given) => {
    expect((await read(given())).api.key.reveal()).toBe(secret);
  });

  const missing = { ATLASSIAN_ORG_ID: org };
  it.each<readonly [string, () => Given, ErrorKind, RegExp]>([
    ['none', () => ({ env: missing }), 'config', /ATLASSIAN_API_KEY_FILE.*ATLASSIAN_API_KEY.*--api-key-stdin/],
    [
      'two flags',
      () => ({ flags: { 'api-key-stdin': true, 'api-key-file': '/k' } }),
      'config',
      /^--api-key-stdin and --api-key-file both/,
    ],
    [
      'two variables',
      () => ({ env: { ...connected, ATLASSIAN_API_KEY_FILE: '/k' } }),
      'config',
      /^ATLASSIAN_API_KEY_FILE and ATLASSIAN_API_KEY both/,
    ],
    [
      'a file that is missing',
      () => ({ flags: { 'api-key-file': '/nowhere/key' }, env: missing }),
      'missing',
      /^\/nowhere\/key: .*ENOENT/,
    ],
    ['a folder', () => ({ flags: { 'api-key-file': desk }, env: missing }), 'missing', /EISDIR/],
    ['an empty file', () => ({ flags: { 'api-key-file': file('empty', ' \n') }, env: missing }), 'config', /is empty/],
    ['two lines', () => ({ env: { ...missing, ATLASSIAN_API_KEY: `${secret}\n${secret}` } }), 'config', /byte/],
    [
      'the manifest too',
      () => ({ flags: { 'api-key-stdin': true }, args: ['-'], env: missing }),
      'usage',
      /^stdin is both/,
    ],
  ])('from %s is refused without being shown', async (_, given, kind, words) => {
    const error = await refused(given());
    expect([error.kind, error.message]).toEqual([kind, expect.stringMatching(words)]);
    expect(error.message).not.toContain(secret);
  });

  it.each([
    [0o600, 0],
    [0o640, 1],
    [0o604, 1],
    // A mounted Secret belongs to root, and nobody in the container can change its mode.
    [0o440, process.getuid?.() === 0 ? 0 : 1],
  ])('in a file of mode %o brings %i warnings', async (mode, count) => {
    const path = file(`key-${mode}`, secret, mode);
    const { warnings } = await read({ flags: { 'api-key-file': path }, env: { ATLASSIAN_ORG_ID: org } });
    expect(warnings.map((warning) => warning.includes('chmod 600'))).toEqual(Array.from({ length: count }, () => true));
  });

  it('in a pipe is read without a warning', async () => {
    const path = join(desk, 'key-pipe');
    execFileSync('mkfifo', [path]);
    execFile('sh', ['-c', `echo ${secret} > ${path}`]);
    const { warnings } = await read({ flags: { 'api-key-file': path }, env: { ATLASSIAN_ORG_ID: org } });
    expect(warnings).toEqual([]);
  });
});

describe('the organization', () => {
  it('is asked for before anything is read', async () => {
    const { kind, message } = await refused({ env: {} });
    expect([kind, message]).toEqual(['config', expect.stringContaining('ATLASSIAN_ORG_ID')]);
  });

  it('that looks strange is only warned about', async () => {
    expect((await read({ flags: { 'org-id': 'acme' } })).warnings).toEqual([
      expect.stringContaining('--org-id "acme"'),
    ]);
  });

  it.each([
    ['in the sandbox', { flags: { sandbox: '' }, env: {} }],
    ['offline', { online: false, env: {} }],
  ] as const)('and a key are not needed %s', async (_, given) => {
    const { api, warnings } = await read(given);
    expect([api.key.reveal(), warnings]).toEqual(['sandbox', []]);
  });

  it.each(['http://api.atlassian.com/admin', 'https://u:p@host/admin', 'ftp://host', 'https://host/?q=1'])(
    'is never reached at %s',
    async (url) => {
      expect((await refused({ flags: { 'base-url': url } })).kind).toBe('usage');
    },
  );
});

describe('the protected', () => {
  it('are folded, without comments and blank lines', async () => {
    const protect = [file('list.txt', '\uFEFF# chiefs\r\nCEO@Example.com\r\n\r\n  Site-Admins  \n557058:aB\n')];
    expect([...(await read({ flags: { protect } })).guards.protect]).toEqual([
      'ceo@example.com',
      'site-admins',
      '557058:ab',
    ]);
  });

  it.each<readonly [string, string | Buffer | undefined, ErrorKind]>([
    ['missing', undefined, 'missing'],
    ['empty', '# nobody yet\n', 'invalid'],
    ['not UTF-8', Buffer.from([0x4d, 0xfc, 0x0a]), 'invalid'],
  ])('in a file that is %s stop everything', async (name, content, kind) => {
    const path = join(desk, `protect-${name}`);
    if (content !== undefined) writeFileSync(path, content);
    const error = await refused({ flags: { protect: [path] } });
    expect([error.kind, error.message.startsWith(path)]).toEqual([kind, true]);
  });
});

describe('the address of accounts of a profile', () => {
  const home = newFolder();
  mkdirSync(join(home, 'leavers'));
  const defaults = { 'base-url': 'https://gw.example/api/', 'account-url': 'https://gw.example/users' };
  const profiles = { acme: { orgId: org, defaults } };
  writeFileSync(join(home, 'leavers', 'config.json'), JSON.stringify({ profiles }), { mode: 0o600 });
  const env = { ...connected, XDG_CONFIG_HOME: home, LEAVERS_PROFILE: 'acme' };

  it.each([
    ['goes with its base address', {}, 'https://gw.example/users'],
    ['gets no key beside another one', { 'base-url': 'https://other.example/admin' }, 'https://other.example/'],
    ['is none beside an address without /admin', { 'base-url': 'https://other.example/x' }, undefined],
  ])('%s', async (_, flags, expected) => {
    expect((await read({ flags, env })).api.accountUrl?.href).toBe(expected);
  });
});

describe('a question', () => {
  const terminal = (isTTY: boolean) => Object.assign(Readable.from([]), { isTTY });
  it.each([
    ['on a terminal', true, true, {}, {}, true],
    ['when stdin is a pipe', false, true, {}, {}, false],
    ['when stderr is a file', true, false, {}, {}, false],
    ['in CI', true, true, { CI: 'true' }, {}, false],
    ['with --no-input', true, true, {}, { 'no-input': true }, false],
  ] as const)('%s: may be asked?', async (_, stdinIsTTY, stderrIsTTY, env, flags, asked) => {
    const args = { flags, positionals: ['x'] };
    const stderr = Object.assign(new PassThrough(), { isTTY: stderrIsTTY });
    const context = world({ stderr, stdin: terminal(stdinIsTTY), env: { ...connected, ...env } });
    const { run } = await resolveSettings({ args, flag: flagReader(args, context.env), online: true }, context);
    expect(run.input).toBe(asked);
  });
});
