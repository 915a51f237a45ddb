// `leavers plan --explain LINE`: one line of the input, from its cells to its verdicts.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leavers } from '../support/in-process.ts';
import { file } from '../support/scenario.ts';
import { root } from '../support/spawn.ts';

const workday = join(root, 'samples', 'workday.csv');

async function explain(line: number, manifest = workday, flags = ['--job', 'hr-offboarding', '--sandbox']) {
  return await leavers(['plan', manifest, ...flags, '--explain', String(line)]);
}

describe('a line that is explained', () => {
  it('shows its cells, columns, date with zone, condition, rows and verdicts', async () => {
    const { code, stdout } = await explain(5);
    expect(code).toBe(0);
    expect(stdout).toContain('  "Work Email": "zoe.lefevre@example.com"\n');
    expect(stdout).toContain('  reference: "100052"\n');
    expect(stdout).toContain('date: "2099-12-15" means 2099-12-15 22:59 UTC (yyyy-MM-dd, Europe/Berlin, end-of-day)');
    expect(stdout).toContain('selection: selected by where: "Active Status" is "Terminated"\nrows: 2\n');
    expect(stdout).toMatch(/ {2}suspend-user zoe\.lefevre@example\.com, .*: held: not before 2099/);
  });

  it('is JSON with --json', async () => {
    const { stdout } = await explain(5, workday, ['--job', 'hr-offboarding', '--sandbox', '--json']);
    expect(JSON.parse(stdout)).toMatchObject([{ line: 5, selection: expect.stringContaining('selected by where') }]);
  });

  it('says why it becomes no row', async () => {
    expect((await explain(7)).stdout).toMatch(/left out by the job's where: "Active Status" is "Active".*\nrows: none/);
  });

  it('shows the reason for which a person is skipped', async () => {
    expect((await explain(6)).stdout).toMatch(/suspend-user dorothy\.vaughan@example\.com.*: skipped \(admin\)/);
  });

  it('that is invalid says what is wrong, whatever other lines hold', async () => {
    const path = file('m.csv', 'action,email\nsuspend-user,jo@\nsuspend-user,\n');
    const { code, stdout } = await explain(2, path, ['--offline']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('invalid: "jo@" is not an address')]);
  });

  it('is found by any line of a row of several lines', async () => {
    const path = file('m.csv', 'action,email,reference\nsuspend-user,a@example.com,"one\n\ntwo"\n');
    expect((await explain(4, path, ['--offline'])).stdout).toMatch(
      /m\.csv:2 \(no row begins on line 4; this is the one before\)\n/,
    );
  });

  it('after the last row is answered with that row, and says so', async () => {
    const path = file('m.csv', 'action,email\nsuspend-user,a@example.com\n');
    expect((await explain(9, path, ['--offline'])).stdout).toMatch(/m\.csv:2 \(no row begins on line 9;/);
  });

  it('must be below the headers', async () => {
    const { code, stderr } = await explain(1, workday, ['--job', 'hr-offboarding', '--offline']);
    expect([code, stderr]).toEqual([64, expect.stringContaining('--explain 1: no row begins on this line')]);
  });
});
