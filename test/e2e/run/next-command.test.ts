// The command to go on with: it repeats what was typed, so that a guard of the first run guards the second; and what a plan says and saves.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/sandbox/faults.ts';
import { person } from '../../support/organization.ts';
import { desk, scenario } from '../../support/scenario.ts';
import { root } from '../../support/spawn.ts';

const at = (name: string) => join(desk, name);
writeFileSync(at('my list.csv'), `action,email\nsuspend-user,${person(1).email}\nsuspend-user,${person(2).email}\n`);
writeFileSync(at('protect.txt'), `${person(2).email}\n`);
const args = ['my list.csv', '--protect', 'protect.txt', '--max-changes', '50%', '--concurrency', '2'];

// Report names are relative to the folder of the process.
beforeAll(() => process.chdir(desk));
afterAll(() => process.chdir(root));

/** Runs a command in the folder of the test, against an organization of three. */
async function go(words: readonly string[], faults: readonly Fault[] = []) {
  await using s = await scenario({ people: 3, faults });
  const ended = await s.leavers(words, { cwd: desk });
  return { ...ended, changes: s.changes() };
}

describe('the next command', () => {
  it('after a run that failed has its guards and its pace', async () => {
    const faults: Fault[] = [{ match: { path: 'suspend' }, kind: 'status', status: 403 }];
    const ping = ['--ping', 'http://127.0.0.1:9/secret'];
    const { code, stdout } = await go(['run', ...args, '--report', 'r.ndjson', '--yes', ...ping], faults);
    expect(code).toBe(1);
    expect(stdout).toContain(
      "Next      leavers run 'my list.csv' --yes --max-changes 50% --protect protect.txt --concurrency 2 --report r.ndjson --resume\n",
    );
  });

  it('after a dry run of a resumed run goes on with its report', async () => {
    const { stderr } = await go(['run', ...args, '-n', '--report', 'dry.ndjson', '--resume']);
    expect(stderr).toMatch(/Next: leavers run .*--concurrency 2 --report dry.ndjson --resume\n/);
  });

  it('after a plan is its run, and after a saved plan the run of what was saved', async () => {
    const guards = '--max-changes 50% --protect protect.txt --concurrency 2';
    const job = ['--format', 'csv', '--detailed-exitcode'];
    expect((await go(['plan', ...args, ...job])).stderr).toContain(
      `Next: leavers run 'my list.csv' --format csv ${guards}\n`,
    );
    expect((await go(['plan', ...args, ...job, '--out', 'saved.ndjson'])).stderr).toContain(
      `Next: leavers run saved.ndjson ${guards}\n`,
    );
  });
});

describe('a plan', () => {
  it('names those who are left out, and why', async () => {
    writeFileSync(at('gone.csv'), 'action,email\nsuspend-user,gone@example.com\n');
    const { stdout } = await go(['plan', 'gone.csv', 'my list.csv', '--protect', 'protect.txt']);
    expect(stdout).toContain('– 1 skipped (not-found): gone@example.com (gone.csv:2)');
    expect(stdout).toContain('– 1 skipped (protected): Person 2 <person2@example.com> (my list.csv:3)');
  });

  it('names the rows that are invalid, when they are to be skipped', async () => {
    writeFileSync(at('half.csv'), 'action,email\nsuspend-user,bob\nsuspend-user,person1@example.com\n');
    const { code, stderr } = await go(['plan', 'half.csv', '--skip-invalid']);
    expect([code, stderr]).toEqual([0, expect.stringContaining('left out: half.csv:2: email "bob" is not an address')]);
  });

  it('that breaks off leaves no file behind, because half of it would run as if it were all', async () => {
    const faults: Fault[] = [{ match: { path: 'users/search' }, kind: 'status', status: 401 }];
    expect((await go(['plan', ...args, '--out', 'half.ndjson'], faults)).code).toBe(77);
    expect(existsSync(at('half.ndjson'))).toBe(false);
  });

  it('saved to - is on stdout, without another word there', async () => {
    const { stdout } = await go(['plan', ...args, '--out', '-']);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([{ action: 'suspend-user', ...person(1) }]);
  });

  it('is never saved over a file that is there', async () => {
    const before = readFileSync(at('my list.csv'), 'utf8');
    const { code, stderr } = await go(['plan', ...args, '--out', 'my list.csv']);
    expect([code, readFileSync(at('my list.csv'), 'utf8')]).toEqual([73, before]);
    expect(stderr).toContain('my list.csv exists and is left as it is; name a new file');
  });
});
