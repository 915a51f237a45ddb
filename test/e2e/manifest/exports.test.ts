// Hostile exports through a job: nobody is touched on a date that nobody gave, and nobody is left out without a word.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leavers } from '../../support/in-process.ts';
import { file } from '../../support/scenario.ts';
import { root } from '../../support/spawn.ts';
import { workbook } from '../../support/xlsx.ts';

const headers = ['Employee ID', 'Work Email', 'Last Day of Work', 'Active Status'];

/** What `plan --offline` says of an export through a job. */
async function planOf(content: string | Uint8Array, job: string | object = 'hr-offboarding', ending = 'csv') {
  const path = typeof job === 'string' ? join(root, 'jobs', `${job}.json`) : file('job.json', JSON.stringify(job));
  const args = ['plan', file(`export.${ending}`, content), '--job', path, '--offline', '--max-changes', '100'];
  return await leavers(args);
}

const table = (...rows: readonly string[][]) => `${[headers, ...rows].map((row) => row.join(',')).join('\n')}\n`;

describe('a date that is not there', () => {
  it.each(['', '-', 'N/A'])('as %j refuses the row instead of running it at once', async (word) => {
    const { code, stderr } = await planOf(table(['1', 'ada@example.com', word, 'Terminated']));
    expect([code, stderr]).toEqual([65, expect.stringContaining('notBefore is empty under "Last Day of Work"')]);
  });

  it('does not matter in a row that the job does not select', async () => {
    expect((await planOf(table(['1', 'ada@example.com', '', 'Active']))).code).toBe(0);
  });
});

describe('a date that could be two days', () => {
  const job = {
    input: {
      columns: { email: 'Mail', notBefore: 'Day' },
      dates: { format: ['MM/dd/yyyy', 'dd/MM/yyyy'], zone: 'Europe/Berlin' },
    },
    steps: [{ action: 'suspend-user' }],
  };

  it('is refused', async () => {
    const { code, stderr } = await planOf('Mail,Day\na@example.com,01/02/2099\n', job);
    expect([code, stderr]).toEqual([65, expect.stringContaining('"01/02/2099" is not one certain date')]);
  });

  it.each(['12/31/2099', '31/12/2099', '02/02/2099'])('is read when only one is possible: %s', async (day) => {
    expect((await planOf(`Mail,Day\na@example.com,${day}\n`, job)).code).toBe(0);
  });

  it.each(['01/01/1900', '12/30/1899'])('is none when it is the nought of a spreadsheet: %s', async (day) => {
    expect((await planOf(`Mail,Day\na@example.com,${day}\n`, job)).code).toBe(65);
  });
});

describe('an hour that the clocks leave out or have twice', () => {
  const job = {
    input: {
      columns: { email: 'Mail', notBefore: 'At' },
      dates: { format: 'yyyy-MM-dd HH:mm', zone: 'Europe/Berlin' },
    },
    steps: [{ action: 'suspend-user' }],
  };

  it.each([
    ['2099-03-29 02:30', '2099-03-29 01:30 UTC'],
    ['2099-10-25 02:30', '2099-10-25 01:30 UTC'],
  ])('%s is the later of the moments that it can mean', async (at, instant) => {
    expect((await planOf(`Mail,At\na@example.com,${at}\n`, job)).stdout).toContain(instant);
  });
});

describe('rows that a job leaves out', () => {
  const job = {
    input: { columns: { email: 'Work Email' }, where: [{ column: 'Active Status', in: ['Terminated'] }] },
    steps: [{ action: 'suspend-user' }],
  };

  it('are counted and shown by what they hold, also when nobody is left', async () => {
    const rows = ['Termiated', 'Active', 'Active'].map((word) => ['1', 'ada@example.com', '2026-01-01', word]);
    const { code, stderr } = await planOf(table(...rows), job);
    expect(code).toBe(0);
    expect(stderr).toContain(
      `3 of 3 rows left out by the job's where: "Active Status" is "Active" (2), "Termiated" (1)`,
    );
    expect(stderr).toContain('ignored columns: Employee ID, Last Day of Work');
  });

  it('are not all listed when there are many', async () => {
    const rows = Array.from({ length: 50 }, (_, n) => ['1', 'ada@example.com', '2026-01-01', `word ${n}`]);
    expect((await planOf(table(...rows), job)).stderr).toMatch(/50 of 50 rows left out .*, others \(\d+\)\n/);
  });
});

describe('a workbook', () => {
  const row = ['0042', 'ada@example.com', { day: 46_000 }, 'Terminated'];

  it('with several sheets says which it reads, and which others there are', async () => {
    const { stderr } = await planOf(
      workbook({ Active: [headers, row], Leavers: [headers, row] }),
      'hr-offboarding',
      'xlsx',
    );
    expect(stderr).toContain('has 2 sheets ("Active", "Leavers"), and "Active" is read');
  });

  it('with its headers on another sheet says so beside them', async () => {
    const { code, stderr } = await planOf(
      workbook({ Readme: [['Hello']], Data: [headers, row] }),
      'hr-offboarding',
      'xlsx',
    );
    expect([code, stderr]).toEqual([65, expect.stringContaining('name another as input.sheet')]);
  });

  it.each([
    ['a cell under no header', [...row, 'b@example.com'], 'has no header'],
    ['a formula without a value', ['1', { formula: 'A1' }, { day: 46_000 }, 'Terminated'], 'email "#N/A" is a formula'],
    [
      'a formula that failed',
      ['1', 'ada@example.com', { error: '#REF!' }, 'Terminated'],
      'notBefore "#REF!" is a formula',
    ],
    [
      'a condition on a formula that failed',
      ['1', 'ada@example.com', { day: 46_000 }, { error: '#NAME?' }],
      'Active Status "#NAME?" is a formula without a value',
    ],
    ['nought as a date', ['1', 'ada@example.com', { day: 0 }, 'Terminated'], 'is not a date'],
    ['a date that lost its format', ['1', 'ada@example.com', 46_000, 'Terminated'], '"46000" is not a date'],
    [
      'an id of more digits than are kept',
      [2 ** 60, 'ada@example.com', { day: 46_000 }, 'Terminated'],
      'damaged by a spreadsheet',
    ],
    ['a rounded id', [5.57058e23, 'ada@example.com', { day: 46_000 }, 'Terminated'], 'damaged by a spreadsheet'],
  ])('with %s is refused at its row', async (_, cells, words) => {
    const { code, stderr } = await planOf(workbook({ Data: [headers, cells] }), 'hr-offboarding', 'xlsx');
    expect([code, stderr]).toEqual([65, expect.stringContaining(words)]);
    expect(stderr).toMatch(/\.xlsx:2: /);
  });
});

describe('a formula that failed, in CSV,', () => {
  it.each(['#REF!', '#N/A', '#NV', '#BEZUG!'])('is refused wherever the job reads it: %s', async (word) => {
    for (const at of [1, 2, 3]) {
      const cells = ['1', 'ada@example.com', '2026-01-01', 'Terminated'].map((cell, n) => (n === at ? word : cell));
      const { code, stderr } = await planOf(table(cells));
      expect([code, stderr]).toEqual([65, expect.stringContaining(`"${word}" is a formula without a value`)]);
    }
  });

  it('takes nobody who is only not excluded', async () => {
    const job = {
      input: { columns: { email: 'Mail' }, where: [{ column: 'Status', notIn: ['Active'] }] },
      steps: [{ action: 'suspend-user' }],
    };
    const { code, stderr } = await planOf('Mail,Status\na@example.com,#REF!\n', job);
    expect([code, stderr]).toEqual([65, expect.stringContaining('Status "#REF!" is a formula without a value')]);
  });

  it('is empty when the job says so', async () => {
    const job = {
      input: { columns: { email: 'Mail', reference: 'Id' }, nulls: ['#N/A'] },
      steps: [{ action: 'suspend-user' }],
    };
    expect((await planOf('Mail,Id\na@example.com,#N/A\n', job)).code).toBe(0);
  });
});
