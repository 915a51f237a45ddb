// Many organizations: side by side, each under its own limit with its own key and report, or one by its index.
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { leavers } from '../../support/in-process.ts';
import { person, serveCompany } from '../../support/organization.ts';
import { file, manifest, path } from '../../support/scenario.ts';
import { ndjson } from '../../support/spawn.ts';

const orgOf = (n: number) => `10000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const window = { limit: 10, windowMs: 1000 } as const;

/** So many organizations, each with a key of its own; the one at `odd` has another key than the list says. */
async function serve(count: number, { rows, odd }: { rows: number; odd?: number }) {
  const served = await Promise.all(
    Array.from({ length: count }, (_, n) =>
      serveCompany(
        { people: rows, change: (state) => void (state['org'] = { id: orgOf(n), name: `Org ${n}` }) },
        { rate: window, key: `key-of-${n}-${'x'.repeat(20)}` },
      ),
    ),
  );
  const [at, people] = [path('organizations'), manifest(rows)];
  const entries = served.map(({ url }, n) => {
    writeFileSync(`${at}-key-${n}`, `key-of-${n === odd ? 999 : n}-${'x'.repeat(20)}\n`, { mode: 0o600 });
    return {
      name: `org-${n}`,
      orgId: orgOf(n),
      apiKeyFile: `${at}-key-${n}`,
      baseUrl: url,
      manifests: [people],
      report: `${at}-r-${n}.ndjson`,
      rate: '570/m',
    };
  });
  const list = `${at}.json`;
  writeFileSync(list, JSON.stringify({ organizations: entries }));
  return {
    served,
    list,
    report: (n: number) => ndjson(`${at}-r-${n}.ndjson`),
    [Symbol.asyncDispose]: async () => void (await Promise.all(served.map((each) => each[Symbol.asyncDispose]()))),
  };
}

describe('--organizations', () => {
  it('sends calls about accounts to the address of the entry, whatever the environment says', async () => {
    await using all = await serve(1, { rows: 1 });
    const { organizations } = JSON.parse(readFileSync(all.list, 'utf8')) as { organizations: object[] };
    const rows = manifest([{ action: 'deactivate-user', accountId: person(0).accountId }]);
    const list = file('list.json', JSON.stringify({ organizations: [{ ...organizations[0], manifests: [rows] }] }));
    const env = { ATLASSIAN_ACCOUNT_URL: 'http://127.0.0.1:1' };
    const args = ['run', '--organizations', list, '--yes', '--allow', 'deactivate-user', '--retries', '0'];
    expect((await leavers(args, { env })).code).toBe(0);
    expect(all.report(0)).toContainEqual(expect.objectContaining({ outcome: 'done' }));
  });

  it('runs fifty side by side: each within its own limit, none waiting for another', async () => {
    await using all = await serve(50, { rows: 20 });
    // One after the other would take more than a hundred seconds; this test may take sixty.
    const { code, stdout } = await leavers(['run', '--organizations', all.list, '--yes']);
    expect(code).toBe(0);
    expect(stdout).toContain('org-49                   exit code 0');
    for (const each of all.served) {
      expect(each.changes()).toHaveLength(20);
      expect(each.sandbox.ledger.filter(({ status }) => status === 429)).toEqual([]);
    }
  });

  it("goes on with the others when one fails, never with another one's key, and ends with the gravest code", async () => {
    await using all = await serve(3, { rows: 2, odd: 1 });
    const { code, stderr } = await leavers(['run', '--organizations', all.list, '--yes'], {
      env: { ATLASSIAN_API_KEY: `key-of-1-${'x'.repeat(20)}` },
    });
    expect([code, all.served.map((each) => each.changes().length)]).toEqual([77, [2, 0, 2]]);
    expect(stderr).toMatch(/^\[org-1\] /m);
    expect(stderr).not.toContain('key-of-');
  });

  it.each([
    ['--index', ['--index', '1'], {}],
    ['JOB_COMPLETION_INDEX', [], { JOB_COMPLETION_INDEX: '1' }],
  ])('runs one by %s', async (_, flags, env) => {
    await using all = await serve(3, { rows: 2 });
    const { code } = await leavers(['run', '--organizations', all.list, '--yes', ...flags], { env });
    expect([code, all.served.map((each) => each.changes().length)]).toEqual([0, [0, 2, 0]]);
    expect(all.report(1).at(-1)).toMatchObject({ outcome: 'complete' });
    expect(all.report(1)[0]).toMatchObject({ event: 'run-start', orgName: 'org-1' });
  });

  const entry = { name: 'a', orgId: orgOf(1), apiKeyFile: 'k', manifests: ['m.csv'], report: 'r.ndjson' };

  it.each([
    ['an index that is not there', { organizations: [entry] }, ['--index', '7'], 78, 'counted from 0'],
    ['no list', { organisations: [] }, [], 65, 'organizations'],
    [
      'an unknown field',
      { organizations: [{ ...entry, raet: 'x' }] },
      [],
      65,
      '"raet" is not a known key; did you mean "rate"?',
    ],
    [
      'a rate that is a number',
      { organizations: [{ ...entry, rate: 5 }] },
      [],
      65,
      'organizations[1].rate: "5" has the wrong type',
    ],
    [
      'one report under two names',
      { organizations: [entry, { ...entry, name: 'b', orgId: orgOf(2), report: './r.ndjson' }] },
      [],
      65,
      'the same report',
    ],
    [
      'two with one report',
      { organizations: [entry, { ...entry, name: 'b', orgId: orgOf(2) }] },
      [],
      65,
      'the same report',
    ],
    [
      'one organization twice, once with a space',
      { organizations: [entry, { ...entry, name: 'b', orgId: `${orgOf(1)} `, report: 'b.ndjson' }] },
      [],
      65,
      'the same orgId',
    ],
    ['a report on stdout', { organizations: [{ ...entry, report: '-' }] }, ['--json'], 64, 'name a file'],
    ['a manifest on the command line', { organizations: [entry] }, ['m.csv'], 64, 'm.csv'],
    ['an organization on the command line', { organizations: [entry] }, ['--org-id', 'x'], 64, 'put it into the list'],
  ])('refuses %s', async (_, content, flags, code, words) => {
    const list = file('organizations.json', JSON.stringify(content));
    const ended = await leavers(['run', '--organizations', list, '--yes', ...flags]);
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(words)]);
  });

  const tenfold = (of: string, name: string) => `${name}: &${name} [${Array(10).fill(`*${of}`).join(', ')}]`;

  it.each([
    [
      'unfolds into millions',
      ['a: &a [x]', ...'bcdefgh'.split('').map((name, at) => tenfold('abcdefg'[at] ?? '', name))],
      'h',
    ],
    ['holds itself', ['a: &a [*a]'], 'a'],
    ['is not there', [], 'z'],
  ])('refuses an alias that %s', async (_, lines, name) => {
    const list = file('organizations.yaml', [...lines, `organizations: *${name}`].join('\n'));
    const ended = await leavers(['run', '--organizations', list, '--yes']);
    expect([ended.code, ended.stderr]).toEqual([65, expect.stringContaining("can't be expanded")]);
  });
});
