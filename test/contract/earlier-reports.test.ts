// Reports of version 0.1.0 are read, verified, resumed and undone: a complete, an interrupted, a torn one, and one with an unknown row.
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSandbox, parseOrgState } from '../../src/sandbox/sandbox.ts';
import { serveSandbox } from '../../src/sandbox/http/server.ts';
import { leavers } from '../support/in-process.ts';
import { path } from '../support/scenario.ts';
import { ndjson, root } from '../support/spawn.ts';

const fixtures = join(root, 'test', 'fixtures', 'reports-0.1.0');
const allow = ['--allow', 'remove-user', '--allow', 'invite-user', '--quiet'];

/** A copy that the test may continue. */
function copyOf(name: string): string {
  const copy = path(name);
  copyFileSync(join(fixtures, name), copy);
  return copy;
}

/** Continues a copy on the organization of the samples, and returns its new lines. */
async function resume(name: string, manifest: string, flags: readonly string[] = []) {
  const report = copyOf(name);
  const isWhole = (line: string) => line.endsWith('}');
  const before = readFileSync(report, 'utf8').split('\n').filter(isWhole).length;
  const state = parseOrgState(JSON.parse(readFileSync(join(root, 'samples', 'org.json'), 'utf8')), 'org.json');
  const server = await serveSandbox(openSandbox(state, { clock: Date, sleep: async () => {} }), { port: 0 });
  const env = { ATLASSIAN_ORG_ID: state.org.id, ATLASSIAN_API_KEY: 'sandbox', ATLASSIAN_API_URL: server.url };
  const args = ['run', join(fixtures, manifest), '--report', report, '--resume', '--yes', '--rate', 'none'];
  const { code, stderr } = await leavers([...args, ...allow, ...flags], { env });
  await server.close();
  return { code, stderr, report, added: ndjson(report).slice(before) };
}

const subjects = (lines: readonly Record<string, unknown>[]) =>
  lines.filter(({ event }) => event === 'row').map(({ email, outcome }) => `${String(email)} ${String(outcome)}`);

describe('a report of version 0.1.0', () => {
  it.each([
    ['complete.ndjson', 0],
    ['unknown.ndjson', 0],
    ['interrupted.ndjson', 0],
    ['torn.ndjson', 75],
  ])('%s has an intact chain but for a torn end', async (name, code) => {
    expect((await leavers(['verify', copyOf(name)])).code).toBe(code);
  });

  it('that is complete is not run again', async () => {
    const report = copyOf('complete.ndjson');
    const args = ['run', join(fixtures, 'people.csv'), '--sandbox', join(root, 'samples', 'org.json')];
    const { code } = await leavers([...args, '--report', report, '--resume', '--rate', 'none', ...allow]);
    const added = ndjson(report).slice(17);
    expect([code, added.filter(({ event }) => event === 'row-sent')]).toEqual([0, []]);
  });

  it('that was interrupted goes on with the rows that it had as stopped and those that were not reached', async () => {
    const { code, added, report } = await resume('interrupted.ndjson', 'many.csv');
    expect([code, subjects(added)]).toMatchObject([0, { length: 7 }]);
    expect(subjects(added)).toContain('olga.petrova@example.com done');
    expect((await leavers(['verify', report])).code).toBe(0);
  });

  it('whose end is torn goes on after its last whole line', async () => {
    const { code, stderr, added, report } = await resume('torn.ndjson', 'many.csv');
    expect([code, stderr]).toEqual([0, expect.stringContaining('torn')]);
    expect(subjects(added).filter((each) => !each.endsWith(' done'))).toEqual([]);
    expect((await leavers(['verify', report])).code).toBe(0);
  });

  it('keeps an unknown invitation unknown until --retry-unknown', async () => {
    const kept = await resume('unknown.ndjson', 'people.csv');
    expect([kept.code, subjects(kept.added).filter((each) => each.startsWith('replacement'))]).toEqual([3, []]);
    const sent = await resume('unknown.ndjson', 'people.csv', ['--retry-unknown']);
    expect(subjects(sent.added)).toContain('replacement@example.com done');
  });

  it('is undone', async () => {
    const { code, stdout } = await leavers(['undo', copyOf('complete.ndjson')]);
    const actions = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { action: string }).action);
    expect([code, actions.toSorted()]).toEqual([
      0,
      ['add-user-to-group', 'invite-user', 'restore-user', 'restore-user', 'restore-user', 'revoke-user-role'],
    ]);
  });

  it('is summarized', async () => {
    const { stdout } = await leavers(['report', copyOf('unknown.ndjson'), '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ rows: 8, total: { done: 6, unknown: 1, skipped: 1 } });
  });
});
