// The order of sources (flag, environment, job file, profile, default) for every setting that has several of them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultOf, type Flag } from '../../../src/config/flags/flag.ts';
import { type FlagName, flags } from '../../../src/config/flags/flag-table.ts';
import { flagReader } from '../../../src/config/precedence.ts';
import { profileFlags } from '../../../src/config/profiles/profile-defaults.ts';
import { resolveSettings } from '../../../src/config/resolve-settings.ts';
import { world } from '../../support/context.ts';
import { newFolder } from '../../support/scenario.ts';

const sources = ['flag', 'environment', 'job', 'profile'] as const;
type Texts = Readonly<Record<(typeof sources)[number], string>>;

/** Where a job file has the setting. */
const inJob: Readonly<Partial<Record<FlagName, readonly [part: string, name: string]>>> = {
  rate: ['pace', 'rate'],
  timeout: ['pace', 'timeout'],
  'max-duration': ['guards', 'maxDuration'],
  'max-changes': ['guards', 'maxChanges'],
  'max-failures': ['guards', 'maxFailures'],
  'min-rows': ['guards', 'minRows'],
  'max-input-age': ['guards', 'maxInputAge'],
  approvers: ['guards', 'approvers'],
  'metrics-file': ['report', 'metrics'],
};

const each = ([flag, environment, job, profile]: readonly [string, string, string, string]): Texts => ({
  flag,
  environment,
  job,
  profile,
});
const addresses = each(['https://a.example/admin', 'https://b.example/admin', '', 'https://d.example/admin']);
const limits = each(['1', '2', '3', '4']);
const durations = each(['1m', '2m', '3m', '4m']);
const names = each(['a@example.com', 'b@example.com', 'c@example.com', 'd@example.com']);

/** A text of its own for each source; one that a setting does not have is not used. */
const texts: Readonly<Partial<Record<FlagName, Texts>>> = {
  'base-url': addresses,
  'account-url': addresses,
  api: each(['v1', 'v2', '', 'v1']),
  directory: each(['a', 'b', '', 'd']),
  rate: each(['1/m', '2/m', '3/m', '4/m']),
  burst: limits,
  concurrency: limits,
  retries: limits,
  timeout: durations,
  'max-duration': durations,
  operator: names,
  'max-changes': limits,
  'max-failures': limits,
  'min-rows': limits,
  'max-input-age': durations,
  approvers: names,
  'metrics-file': names,
};
const numbers: readonly FlagName[] = ['concurrency', 'retries'];

function hasSource(name: FlagName, source: keyof Texts): boolean {
  if (source === 'environment') return flagOf(name).env !== undefined;
  if (source === 'job') return name in inJob || numbers.includes(name);
  return source === 'flag' || profileFlags.some((flag) => flag === name);
}

const flagOf = (name: FlagName): Flag => flags[name];
const settings = Object.keys(texts) as FlagName[];
const org = '8a130dbc-06bc-1a05-jjk7-9822046115j1';

/** The setting when the sources have their texts. */
async function read(name: FlagName, from: readonly (keyof Texts)[]): Promise<unknown> {
  const [cwd, own] = [newFolder(), texts[name] ?? names];
  const has = (source: keyof Texts) => from.includes(source);
  const [part, key] = inJob[name] ?? ['pace', name];
  const value = numbers.includes(name) ? Number(own.job) : own.job;
  writeFileSync(join(cwd, 'job.json'), JSON.stringify(has('job') ? { [part]: { [key]: value } } : {}));
  const defaults = has('profile') ? { [name]: own.profile } : {};
  mkdirSync(join(cwd, 'leavers'));
  const profiles = { acme: { orgId: org, defaults } };
  writeFileSync(join(cwd, 'leavers', 'config.json'), JSON.stringify({ profiles }), { mode: 0o600 });
  const env = {
    ATLASSIAN_API_KEY: 'key-of-this-test',
    LEAVERS_PROFILE: 'acme',
    LEAVERS_JOB: 'job.json',
    XDG_CONFIG_HOME: cwd,
    ...(has('environment') ? { [flagOf(name).env ?? '']: own.environment } : {}),
  };
  const args = { flags: has('flag') ? { [name]: own.flag } : {}, positionals: ['people.csv'] };
  const request = { args, flag: flagReader(args, env), online: true, steps: false };
  return (await resolveSettings(request, world({ env, cwd }))).flag(name);
}

function parsed(name: FlagName, text: string | undefined): unknown {
  return text === undefined ? undefined : (flagOf(name).parse?.(text, name) ?? text);
}

describe.each(settings)('the setting %s', (name) => {
  const own = sources.filter((source) => hasSource(name, source));
  it.each(own)('is taken from the %s before the sources that follow', async (source) => {
    const value = await read(name, own.slice(own.indexOf(source)));
    expect(value).toEqual(parsed(name, texts[name]?.[source]));
  });

  it('has its default when no source has it', async () => {
    expect(await read(name, [])).toEqual(parsed(name, defaultOf(flagOf(name))));
  });
});

it('covers every setting of a job or a profile', () => {
  expect(settings).toEqual(expect.arrayContaining([...profileFlags, ...Object.keys(inJob), ...numbers]));
});
