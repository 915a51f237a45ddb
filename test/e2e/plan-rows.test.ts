// Plans as other programs and careful reviewers read them: every row with --all, JSON from a dry run, one object for each organization.
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { leavers } from '../support/in-process.ts';
import { person } from '../support/organization.ts';
import { file, manifest, path, scenario, suspend } from '../support/scenario.ts';

const stranger = { action: 'suspend-user', email: 'nobody@example.com' };
const later = { ...suspend(1), notBefore: '2099-12-31' };

type Listed = Readonly<Record<string, unknown>>;
const parse = (text: string) => JSON.parse(text) as Readonly<Record<string, unknown>> & { rows?: readonly Listed[] };

describe('plan --all', () => {
  it('prints every row with its verdict, in the order of the manifest', async () => {
    await using s = await scenario({ people: 30 });
    const rows = [...Array.from({ length: 20 }, (_, n) => suspend(n + 2)), stranger, later];
    const at = manifest(rows);
    const { stdout } = await s.leavers(['plan', at, '--all']);
    const lines = stdout.split('\n').filter((line) => line.startsWith(`${at}:`));
    expect(lines.map((line) => Number(line.slice(at.length + 1).split(' ')[0]))).toEqual(rows.map((_, n) => n + 1));
    expect(lines.at(0)).toMatch(/:1 suspend-user .*person2@example\.com>?: to run$/);
    expect(lines.slice(-2)).toEqual([
      expect.stringMatching(/nobody@example\.com: skipped \(not-found\)/),
      expect.stringMatching(/: held, not before 2099-12-31 00:00 UTC$/),
    ]);
  });

  it('adds the rows to the JSON object', async () => {
    await using s = await scenario({ people: 3 });
    const at = file('m.csv', `action,email\nsuspend-user,${person(1).email}\nsuspend-user,jo@\n`);
    const { stdout } = await s.leavers(['plan', at, '--all', '--json', '--skip-invalid']);
    expect(parse(stdout).rows).toMatchObject([
      { file: at, line: 2, action: 'suspend-user', verdict: 'run' },
      { file: at, line: 3, verdict: 'invalid', message: expect.stringContaining('jo@') as string },
    ]);
  });
});

describe('a dry run', () => {
  it('prints its plan as one JSON object with --json', async () => {
    await using s = await scenario({ people: 3 });
    const { stdout, code } = await s.leavers(['run', manifest(3), '--dry-run', '--json']);
    expect([code, parse(stdout)]).toMatchObject([0, { rows: 3, changes: 3, refusals: [] }]);
    const reported = await s.run(3, ['--dry-run', '--json']);
    expect(parse(reported.stdout)).toMatchObject({ total: { planned: 3 }, plan: { changes: 3 } });
  });

  it('puts its plan into one line of a JSON log', async () => {
    await using s = await scenario({ people: 3 });
    const { stderr } = await s.leavers(['run', manifest(3), '--dry-run', '--log-format', 'json']);
    const lines = stderr.trimEnd().split('\n').map(parse);
    expect(lines.filter(({ event }) => event === 'plan')).toMatchObject([{ level: 'info', plan: { changes: 3 } }]);
    expect(lines.every(({ message }) => !String(message).includes('\n'))).toBe(true);
  });
});

describe('a list of organizations', () => {
  async function list() {
    const s = await scenario({ people: 3 });
    const { ATLASSIAN_ORG_ID: orgId, ATLASSIAN_API_URL: baseUrl, ATLASSIAN_API_KEY: key } = s.env;
    const shared = { baseUrl, apiKeyFile: file('key', key), manifests: [manifest(3)] };
    const entries = [
      { ...shared, name: 'acme', orgId, report: path('acme.ndjson') },
      { ...shared, name: 'globex', orgId: '10000000-0000-4000-8000-000000000001', report: path('globex.ndjson') },
    ];
    const at = file('organizations.json', JSON.stringify({ organizations: entries }));
    return { at, entries, [Symbol.asyncDispose]: () => s[Symbol.asyncDispose]() };
  }

  it('is planned like it is run, as lines of JSON with the name of each', async () => {
    await using all = await list();
    const { stdout, code } = await leavers(['plan', '--organizations', all.at, '--json', '--detailed-exitcode']);
    const lines = stdout.trimEnd().split('\n').map(parse);
    expect(lines).toEqual([
      expect.objectContaining({ organization: 'globex', exitCode: code }),
      expect.objectContaining({ organization: 'acme', exitCode: 2, changes: 3 }),
    ]);
  });

  it('keeps the name of its reports free after a dry run', async () => {
    await using all = await list();
    const { stdout } = await leavers(['run', '--organizations', all.at, '--dry-run', '--json']);
    expect(stdout).toContain('"organization":"acme"');
    expect(all.entries.filter(({ report }) => existsSync(report))).toEqual([]);
  });

  it('has the organization in each line of a JSON log', async () => {
    await using all = await list();
    const { stderr } = await leavers(['run', '--organizations', all.at, '--dry-run', '--log-format', 'json']);
    const plans = stderr.trimEnd().split('\n').map(parse);
    expect(plans).toContainEqual(expect.objectContaining({ organization: 'acme', event: 'plan' }));
  });
});

describe('headers that are no columns', () => {
  it('are named in one sentence with the columns once', async () => {
    const at = file('m.csv', 'action,email,Badge,Shoe size,emial\nsuspend-user,a@example.com,1,2,3\n');
    const { stderr, code } = await leavers(['plan', at, '--offline']);
    expect([code, stderr.match(/onlyIfInactiveDays/g)?.length]).toEqual([65, 1]);
    expect(stderr).toMatch(/:1: "Badge", "Shoe size" are not columns;/);
    expect(stderr).toMatch(/"emial" is not a column; did you mean "?email/);
  });
});
