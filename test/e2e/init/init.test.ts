// leavers init: by questions on a terminal and by flags elsewhere; what is checked, what is saved, and that no key is shown.
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { whyUntrusted } from '../../../src/config/profiles/config-file.ts';
import { org } from '../../support/organization.ts';
import { onTerminal } from '../../support/pty.ts';
import { file, manifest, newFolder, path, scenario } from '../../support/scenario.ts';

const key = 'sandbox-key-0123456789';
const s = await scenario({ people: 2, key });
afterAll(() => s[Symbol.asyncDispose]());
const { ATLASSIAN_API_URL: url } = s.env;
const mode = (at: string) => statSync(at).mode & 0o777;

/** An empty home, and the environment of a user who lives there. */
function home() {
  const base = newFolder();
  const env = { XDG_CONFIG_HOME: base, ATLASSIAN_API_URL: url, ATLASSIAN_API_KEY: '', ATLASSIAN_ORG_ID: '' };
  const config = join(base, 'leavers', 'config.json');
  const saved = () => JSON.parse(readFileSync(config, 'utf8')) as { default: string; profiles: Record<string, object> };
  return { env, config, saved, folder: join(base, 'leavers') };
}

const keyFile = () => {
  const at = file('acme.key', `${key}\n`);
  chmodSync(at, 0o600);
  return at;
};
const byFlags = ['init', '--org-id', org, '--rate', '900/s'];

describe('init by flags', () => {
  it('checks, and saves a profile that needs nothing else', async () => {
    const { env, config, saved } = home();
    const at = keyFile();
    const args = [
      ...byFlags,
      '--profile',
      'acme',
      '--api-key-file',
      at,
      '--key-expires',
      '2099-01-31',
      '--operator',
      'jo@example.com',
    ];
    const { code, stdout, stderr } = await s.leavers(args, { env });
    expect([code, stdout]).toEqual([0, expect.stringMatching(/✓ key .*accepted/)]);
    expect(stderr).toContain(`Profile acme is saved in ${config} and is the default.`);
    const defaults = { 'base-url': url, rate: '900/s', operator: 'jo@example.com' };
    const profile = { orgId: org, apiKeyFile: at, keyExpires: '2099-01-31', orgName: 'Test company', defaults };
    expect([mode(config), mode(join(config, '..')), saved()]).toEqual([
      0o600,
      0o700,
      { default: 'acme', profiles: { acme: profile } },
    ]);
  });

  it('keeps a key from stdin in a file of its own, and not in the configuration', async () => {
    const { env, config, folder, saved } = home();
    const { code, stdout, stderr } = await s.leavers([...byFlags, '--api-key-stdin'], { env, stdin: key });
    const stored = join(folder, 'default.key');
    expect([code, mode(stored), readFileSync(stored, 'utf8')]).toEqual([0, 0o600, `${key}\n`]);
    expect(`${stdout}${stderr}${readFileSync(config, 'utf8')}`).not.toContain(key);
    expect(saved()).toMatchObject({ default: 'default', profiles: { default: { apiKeyFile: stored } } });
  });

  it('takes a key from a command that no shell sees', async () => {
    const { env, saved } = home();
    const script = file('print.cjs', `process.stdout.write(process.argv.slice(2).join('')); `);
    const command = `${process.execPath} ${script} '${key.slice(0, 9)}' "${key.slice(9)}"`;
    const { code } = await s.leavers([...byFlags, '--api-key-command', command], { env });
    expect([code, saved().profiles['default']]).toMatchObject([
      0,
      { apiKeyCommand: [process.execPath, script, key.slice(0, 9), key.slice(9)] },
    ]);
    expect((await s.leavers(['doctor'], { env })).code).toBe(0);
  });

  it('saves nothing when the check fails', async () => {
    const { env, config } = home();
    await using refusing = await scenario({ faults: [{ match: {}, kind: 'status', status: 401 }] });
    const { ATLASSIAN_API_URL } = refusing.env;
    const args = ['init', '--org-id', org, '--api-key-file', keyFile()];
    const { code, stderr } = await s.leavers(args, { env: { ...env, ATLASSIAN_API_URL } });
    expect([code, existsSync(config), stderr]).toEqual([77, false, expect.stringContaining('Nothing was saved')]);
  });

  it('replaces a profile with --yes only, and keeps the others', async () => {
    const { env, saved } = home();
    const args = [...byFlags, '--api-key-file', keyFile()];
    for (const name of ['one', 'two']) expect((await s.leavers([...args, '--profile', name], { env })).code).toBe(0);
    const again = [...args, '--profile', 'two', '--key-expires', '2099-01-31'];
    const refused = await s.leavers(again, { env });
    expect([refused.code, refused.stderr]).toEqual([78, expect.stringContaining('profile two exists; pass --yes')]);
    expect((await s.leavers([...again, '--yes'], { env })).code).toBe(0);
    expect(saved()).toMatchObject({
      default: 'one',
      profiles: { one: { orgId: org }, two: { keyExpires: '2099-01-31' } },
    });
  });

  it.each([
    ['nothing', [], /pass --org-id ID, and one of --api-key-file FILE, --api-key-command COMMAND or --api-key-stdin/],
    ['no key', ['--org-id', org], /pass one of --api-key-file FILE/],
    ['no organization', ['--api-key-file', 'k'], /pass --org-id ID$/m],
    [
      'two keys',
      ['--org-id', org, '--api-key-file', 'k', '--api-key-command', 'pass x'],
      /is another place of the key/,
    ],
    ['a pipe in the command', ['--api-key-command', 'pass x | head -1'], /run without a shell, so "\|" has no meaning/],
    ['a name that no profile can have', ['--profile', '__proto__', '--api-key-file', 'k'], /is not a name of letters/],
    ['an open quote', ['--api-key-command', "op read 'x"], /a quote that is not closed/],
    [
      'a key for a command',
      ['--api-key-command', 'ATCTT3xFfGN0abc'],
      /contains a key; give a command that prints(?!.*ATCTT)/,
    ],
    ['a day that is none', ['--key-expires', '2027-02-30'], /is not a day; give one like 2027-01-31/],
    ['a path for a name', ['--profile', '../x'], /is not a name of letters/],
  ])('with %s says what is needed', async (_, flags, words) => {
    const { code, stderr } = await s.leavers(['init', ...flags], { env: home().env });
    expect([code, stderr]).toEqual([64, expect.stringMatching(words)]);
  });

  it.each([
    ['is not there', '/nowhere/op read x', /was not found/],
    [
      'fails',
      `${process.execPath} -e 'console.error("locked");process.exit(3)'`,
      /exited with code 3\n {2}it said: locked\n/,
    ],
    [
      'says a key',
      `${process.execPath} -e 'console.error("no ATC" + "TT3xFfGN0abc");process.exit(1)'`,
      /it said: no \[key\]\n/,
    ],
    ['prints nothing', `${process.execPath} -e ''`, /the output of .* is empty/],
    ['prints too much', `${process.execPath} -e 'console.log("x".repeat(99999))'`, /printed more than a key/],
  ])('with a command that %s saves nothing', async (_, command, words) => {
    const { env, config } = home();
    const { code, stderr } = await s.leavers([...byFlags, '--api-key-command', command], { env });
    expect([code, stderr, existsSync(config)]).toEqual([78, expect.stringMatching(words), false]);
  });
});

describe('init on a terminal', () => {
  it('asks, names the address where a key is made, and does not show the key', async () => {
    const { env: own, folder, saved } = home();
    const env = { ...own, LEAVERS_RATE: 'none' };
    const answers: readonly (readonly [string, string])[] = [
      ['Name of the profile', 'acme\r'],
      ['Organization id', 'not an id\r'],
      ['is not an id', `${org}\r`],
      ['Where is the key?', '\r'],
      ['Key (not shown)', `${key}\r`],
      ['expires', '2099-01-31\r'],
    ];
    const { code, raw } = await onTerminal(['init'], { columns: 100, env, type: answers });
    expect([code, raw]).toEqual([
      0,
      expect.stringMatching(`https://admin.atlassian.com/o/${org}\\s+\\(Settings > API keys\\)`),
    ]);
    expect(raw).not.toContain(key);
    expect(readFileSync(join(folder, 'acme.key'), 'utf8')).toBe(`${key}\n`);
    expect(saved()).toMatchObject({ default: 'acme', profiles: { acme: { orgId: org, keyExpires: '2099-01-31' } } });
  });

  it('stops a command for the key with Ctrl-C, and saves nothing', async () => {
    const { env, config } = home();
    const answers: readonly (readonly [string, string])[] = [
      ['Name of the profile', '\r'],
      ['Where is the key?', '3\r'],
      ['Command:', 'sleep 600\r'],
      ['sleep 600', '\u0003'],
    ];
    const { code } = await onTerminal(['init', '--org-id', org], { columns: 100, env, type: answers });
    expect([code, existsSync(config)]).toEqual([130, false]);
  });

  it('that Ctrl-C ends saves nothing', async () => {
    const { env, config } = home();
    const { code } = await onTerminal(['init'], { columns: 100, env, type: [['Name of the profile', '\u0003']] });
    expect([code, existsSync(config)]).toEqual([130, false]);
  });
});

describe('a profile', () => {
  const save = (config: string, content: unknown) => {
    writeFileSync(config, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
  };

  /** A home whose default profile is acme. */
  function withAcme(more: object = {}) {
    const made = home();
    mkdirSync(made.folder);
    const acme = { orgId: org, apiKeyFile: keyFile(), defaults: { 'base-url': url, rate: 'none' }, ...more };
    save(made.config, { default: 'acme', profiles: { acme } });
    return made;
  }

  it('runs a plan and a change without another setting, by its name, by the variable or as the default', async () => {
    const { env } = withAcme();
    const bare = {
      XDG_CONFIG_HOME: env.XDG_CONFIG_HOME,
      ATLASSIAN_API_URL: '',
      ATLASSIAN_API_KEY: '',
      ATLASSIAN_ORG_ID: '',
    };
    const list = manifest(1);
    expect((await s.leavers(['plan', list], { env: bare })).code).toBe(0);
    expect((await s.leavers(['plan', list, '--profile', 'acme'], { env: bare })).code).toBe(0);
    const report = path('r.ndjson');
    const byVariable = { ...bare, LEAVERS_PROFILE: 'acme' };
    const ran = await s.leavers(['run', list, '--yes', '--report', report], { env: byVariable });
    expect([ran.code, readFileSync(report, 'utf8')]).toEqual([0, expect.stringContaining('"orgName":"acme"')]);
  });

  it('is in the next command', async () => {
    const { env } = withAcme();
    const { stderr } = await s.leavers(['plan', manifest(2), '--profile', 'acme'], { env });
    expect(stderr).toMatch(/Next: leavers run \S+ --profile acme$/m);
  });

  it('that does not exist is named with those that do', async () => {
    const { env } = withAcme();
    const { code, stderr } = await s.leavers(['plan', manifest(1), '--profile', 'other'], { env });
    expect([code, stderr]).toEqual([
      78,
      expect.stringMatching(/no profile "other"; leavers init makes one; there are acme/),
    ]);
  });

  it('that is named and overridden brings a warning', async () => {
    const { env } = withAcme();
    const elsewhere = { ...env, ATLASSIAN_ORG_ID: org.replace('6665', '7775') };
    const { stderr } = await s.leavers(['plan', manifest(1), '--profile', 'acme'], { env: elsewhere });
    expect(stderr).toMatch(/warning: the organization is 7775\S+ and not that of profile acme/);
  });

  it('by default does not reach an organization that is given', async () => {
    const { env, config } = withAcme();
    save(config, readFileSync(config, 'utf8').replace(key, 'x'));
    const { stderr } = await s.leavers(['plan', manifest(1)], { env: { ...env, ATLASSIAN_ORG_ID: org } });
    expect(stderr).toContain('no API key');
  });

  it.each([
    [
      '14 days',
      14,
      /expires on 2099-01-31, in 14 days; make a new one at https:\/\/admin\.atlassian\.com\/o\/\S+ \(Settings/,
    ],
    ['a day', 1, /expires on 2099-01-31, tomorrow/],
    ['no day', -1.5, /expired on 2099-01-31/],
  ])('whose key has %s left brings a warning from doctor, plan and run', async (_, days, words) => {
    const { env } = withAcme({ keyExpires: '2099-01-31' });
    const now = () => Date.parse('2099-01-31T12:00:00Z') - days * 86_400_000;
    for (const args of [['doctor'], ['plan', manifest(1)], ['run', manifest(1), '--dry-run']]) {
      const { stderr } = await s.leavers(args, { env, now });
      expect(stderr, args[0]).toMatch(words);
      expect(stderr, args[0]).toContain('run leavers init --profile acme');
    }
  });

  it('whose key lasts longer brings none, and --quiet does not hide one', async () => {
    const { env } = withAcme({ keyExpires: '2099-01-31' });
    const at = (day: string) => () => Date.parse(day);
    const far = await s.leavers(['plan', manifest(1)], { env, now: at('2099-01-16T12:00:00Z') });
    expect(far.stderr).not.toContain('expires');
    const near = await s.leavers(['plan', manifest(1), '-q'], { env, now: at('2099-01-18T12:00:00Z') });
    expect(near.stderr).toContain('expires on 2099-01-31, in 13 days');
  });

  it.each([
    ['is no JSON', '{', /config\.json: is not valid JSON/],
    ['has an unknown word', { profiles: { acme: { orgId: 'x', apiKey: 'k' } } }, /"apiKey" is not a known key/],
    ['has a day that is none', { profiles: { acme: { orgId: 'x', keyExpires: 'soon' } } }, /is not a day/],
    [
      'has no place of a key',
      { default: 'acme', profiles: { acme: { orgId: org } } },
      /does not say where its API key is/,
    ],
    [
      'has a default that is wrong',
      { default: 'acme', profiles: { acme: { orgId: org, defaults: { 'max-changes': 'x' } } } },
      /config\.json: profile acme: max-changes "x" is not a limit/,
    ],
  ])('of a configuration that %s is refused', async (_, content, words) => {
    const { env, config } = withAcme();
    save(config, content);
    const { code, stderr } = await s.leavers(['plan', manifest(1)], { env });
    expect([code, stderr]).toEqual([78, expect.stringMatching(words)]);
  });

  it('of a configuration that others may change is refused, because it may name a command', async () => {
    const { env, config } = withAcme();
    chmodSync(config, 0o666);
    const { code, stderr } = await s.leavers(['plan', manifest(1)], { env });
    expect([code, stderr]).toEqual([
      78,
      expect.stringContaining('can be changed by others on this machine; chmod 600 it'),
    ]);
  });

  it('of a configuration of another user is refused, and one of root is not', () => {
    const found = [1000, 0, 1001].map((uid) => whyUntrusted({ uid, mode: 0o100644 }, 1000));
    expect(found).toEqual([undefined, undefined, expect.stringContaining('belongs to another user (uid 1001)')]);
    expect(whyUntrusted({ uid: 1000, mode: 0o100600 }, 0)).toContain('belongs to another user');
  });
});
