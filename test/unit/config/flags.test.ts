// The table of flags: complete against the manual, consistent in itself, and each parser against words that people mistype.
import { describe, expect, it } from 'vitest';
import { LeaversError } from '../../../src/errors.ts';
import { commandNames, type Flag } from '../../../src/config/flags/flag.ts';
import { type FlagName, flags } from '../../../src/config/flags/flag-table.ts';
import { flagReader } from '../../../src/config/precedence.ts';

const table = Object.entries<Flag>(flags) as [FlagName, Flag][];

/** Section 6 of the manual: flags common to commands that call the API, and their variables. */
const common: readonly (readonly [FlagName, string | undefined, string | undefined])[] = [
  ['org-id', 'ATLASSIAN_ORG_ID', undefined],
  ['api-key-file', 'ATLASSIAN_API_KEY_FILE', undefined],
  ['api-key-stdin', undefined, undefined],
  ['base-url', 'ATLASSIAN_API_URL', 'https://api.atlassian.com/admin'],
  ['api', 'LEAVERS_API', 'auto'],
  ['directory', 'LEAVERS_DIRECTORY', undefined],
  ['rate', 'LEAVERS_RATE', '180/m'],
  ['burst', 'LEAVERS_BURST', '1'],
  ['concurrency', 'LEAVERS_CONCURRENCY', '8'],
  ['retries', 'LEAVERS_RETRIES', '5'],
  ['timeout', 'LEAVERS_TIMEOUT', '30s'],
  ['max-duration', 'LEAVERS_MAX_DURATION', undefined],
  ['sandbox', undefined, undefined],
  ['dry-run', 'LEAVERS_DRY_RUN', undefined],
  ['yes', 'LEAVERS_YES', undefined],
  ['no-input', 'LEAVERS_NO_INPUT', undefined],
  ['json', 'LEAVERS_JSON', undefined],
  ['quiet', 'LEAVERS_QUIET', undefined],
  ['verbose', 'LEAVERS_VERBOSE', undefined],
  ['log-format', 'LEAVERS_LOG_FORMAT', 'text'],
  ['metrics-file', 'LEAVERS_METRICS_FILE', undefined],
];

const look = (name: FlagName, text: string | boolean) =>
  flagReader({ flags: { [name]: text }, positionals: [] }, {})(name);

describe('the table of flags', () => {
  it.each(common)('has --%s with its variable and default, on run', (name, env, standard) => {
    const flag: Flag = flags[name];
    expect([flag.env, flag.default, flag.on.includes('run')]).toEqual([env, standard, true]);
  });

  it('gives each short name and each variable to one flag', () => {
    for (const own of [table.map(([, flag]) => flag.alias), table.map(([, flag]) => flag.env)]) {
      const given = own.filter((each) => each !== undefined);
      expect(new Set(given).size).toBe(given.length);
    }
  });

  it.each(table)('--%s is described, belongs to commands, and takes its own default', (name, flag) => {
    expect(flag.describe).toMatch(/^[^A-Z].{5,}[^.]$|^https|^UTF/);
    expect(flag.on.length).toBeGreaterThan(0);
    expect(flag.on.every((command) => commandNames.includes(command))).toBe(true);
    expect(flag.kind === 'switch' || flag.value !== undefined).toBe(true);
    expect(() => flagReader({ flags: {}, positionals: [] }, {})(name)).not.toThrow();
  });

  it('names flags of a command that they share as those that conflict', () => {
    const all = table.flatMap(([, { on, conflicts }]) => (conflicts?.with ?? []).map((name) => ({ name, on })));
    expect(all).not.toEqual([]);
    const other: Readonly<Record<string, Flag>> = flags;
    expect(all.filter(({ name, on }) => !on.some((each) => other[name]?.on.includes(each)))).toEqual([]);
  });

  it('has no flag that takes the key itself', () => {
    const secret = table.filter(([name]) => /key|token|secret|password/.test(name));
    const harmless = ['FILE', 'NAME', 'COMMAND', 'DATE'];
    expect(secret.length).toBeGreaterThan(0);
    expect(secret.filter(([, { kind, value = '' }]) => kind !== 'switch' && !harmless.includes(value))).toEqual([]);
  });
});

describe('values', () => {
  it.each([
    ['rate', '180/m', { count: 180, perMs: 60_000 }],
    ['rate', '3/s', { count: 3, perMs: 1000 }],
    ['rate', '5000/h', { count: 5000, perMs: 3_600_000 }],
    ['rate', '100/10s', { count: 100, perMs: 10_000 }],
    ['rate', 'none', 'none'],
    ['timeout', '30s', 30_000],
    ['timeout', '500ms', 500],
    ['max-duration', '1h30m', 5_400_000],
    ['max-changes', '500', { count: 500 }],
    ['max-changes', '0', { count: 0 }],
    ['max-failures', '2.5%', { percent: 2.5 }],
    ['max-failures', '100%', { percent: 100 }],
    ['concurrency', '1', 1],
    ['retries', '0', 0],
    ['delimiter', 'tab', '\t'],
    ['delimiter', ':', ':'],
    ['format', 'xlsx', 'xlsx'],
    ['encoding', 'latin1', 'windows-1252'],
    ['allow', 'remove-user,delete-group', ['remove-user', 'delete-group']],
    ['generations', 'v1,v2', ['v1', 'v2']],
    ['sandbox', '', true],
    ['sandbox', 'org.json', 'org.json'],
    ['directory', '-', '-'],
    ['org-id', '8a130dbc-06bc-1a05-jjk7-9822046115j1', '8a130dbc-06bc-1a05-jjk7-9822046115j1'],
  ] as const)('--%s %s is read', (name, text, value) => {
    expect(look(name, text)).toEqual(value);
  });

  it.each([
    [
      'rate',
      ['0', 'abc', '', '180', '0/m', '180/w', '-3/s', '1e9/s', '3.5/s', '180/0s', 'None'],
      '3/s, 180/m or 5000/h, or none',
    ],
    ['concurrency', ['-1', '0', 'abc', '', '1.5', '9999', '0x10', '１'], 'a whole number from 1 to 256'],
    ['retries', ['-1', '51', 'many'], 'from 0 to 50'],
    ['burst', ['0', '10001'], 'from 1 to 10000'],
    ['timeout', ['abc', '0s', '-1s', '30', '30 s', '5x', '1m1', '31d', ''], '500ms, 30s, 50m or 1h30m'],
    ['max-changes', ['5x', '-1', '101%', '%', '', '1.5', '5 %', 'all'], 'a number like 500 or a percentage'],
    ['api', ['v3', 'V1', ''], 'one of auto, v1, v2'],
    ['format', ['xml'], 'one of csv, json, ndjson, xlsx'],
    ['allow', ['suspend', 'remove_user', ''], '`leavers actions` lists them all'],
    ['org-id', ['..', '.', 'a/b', 'a b', '', 'ü', `a\nb`, '%2e%2e'], 'admin.atlassian.com'],
    ['directory', ['..', 'x/../y'], 'admin.atlassian.com'],
    ['delimiter', ['xx', ';;', '', '"', '\n'], 'one of , ; | or tab'],
    ['encoding', ['klingon', ''], 'utf-8, windows-1252 or utf-16le'],
    ['days', ['0', '-90', 'ninety'], 'from 1 to 3650'],
    ['port', ['65536', 'http'], 'from 0 to 65535'],
    ['ping', ['ftp://x', 'x'], 'https://'],
    ['notify', ['ftp://x', 'x', ''], 'https://'],
    ['report', ['', ' ', 'a\u0000b'], 'empty or has a control character'],
  ] as const)('--%s refuses %j and says what is allowed', (name, texts, allowed) => {
    for (const text of texts) {
      const error = caught(() => look(name, text));
      expect(error, text).toBeInstanceOf(LeaversError);
      expect([error.kind, error.message.startsWith(`--${name} `)], text).toEqual(['usage', true]);
      expect(error.message).toContain(allowed);
    }
  });

  it('shows a mistyped value without what would move a cursor, and short', () => {
    const { message } = caught(() => look('rate', `\u001b[2J${'x'.repeat(5000)}`));
    expect(message).not.toMatch(/\p{Cc}/u);
    expect(message.length).toBeLessThan(300);
  });
});

function caught(run: () => unknown): LeaversError {
  try {
    run();
  } catch (error) {
    return error as LeaversError;
  }
  throw new Error('nothing was thrown');
}
