// The name of a report that nobody gave one: a file of its own for each run, also for those of one second.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leaversAt } from '../../support/in-process.ts';
import { manifest, otherMachine, path, scenario } from '../../support/scenario.ts';
import { ndjson } from '../../support/spawn.ts';

const now = Date.parse('2026-06-01T12:00:00Z');

/** Runs so many at a time, all in the same second, and gives their exit codes with the reports that are there afterwards. */
async function runInOneSecond(runs: 1 | 2, { name, resume = false }: { name?: string; resume?: boolean } = {}) {
  await using s = await scenario({ people: 2 });
  const cwd = path('run');
  mkdirSync(cwd);
  const job = join(cwd, 'job.json');
  writeFileSync(job, JSON.stringify({ name: 'job', ...(name === undefined ? {} : { report: { name } }) }));
  const rows = manifest(2);
  const args = ['run', rows, '--yes', '--job', job, ...(resume ? ['--resume'] : [])];
  const start = (env: typeof s.env) => leaversAt(() => now, args, { env, cwd });
  const ended = await Promise.all([s.env, otherMachine(s.env)].slice(0, runs).map(start));
  const later = await start(s.env);
  const reports = readdirSync(join(cwd, 'reports')).filter((file) => file.endsWith('.ndjson'));
  const stem = rows.replace(/^.*\/|\.ndjson$/g, '');
  return {
    codes: [...ended, later].map(({ code }) => code),
    said: later.stderr,
    reports: reports
      .map((file) => file.replace(`${stem}-20260601T120000Z`, '*'))
      .toSorted((a, b) => a.localeCompare(b)),
    starts: reports.map(
      (file) => ndjson(join(cwd, 'reports', file)).filter(({ event }) => event === 'run-start').length,
    ),
  };
}

describe('runs of one manifest in one second', () => {
  it('have a report each, one after the other and side by side', async () => {
    const { codes, reports, starts } = await runInOneSecond(2);
    expect(codes).toEqual([0, 0, 0]);
    expect(reports).toEqual(['*-2.ndjson', '*-3.ndjson', '*.ndjson']);
    expect(starts).toEqual([1, 1, 1]);
  });

  it('share a name without a time, and the second is refused', async () => {
    const { codes, said, reports } = await runInOneSecond(1, { name: 'night' });
    expect([codes, reports]).toEqual([[0, 73], ['night.ndjson']]);
    expect(said).toMatch(/night\.ndjson exists; continue it with --resume, or name another file with --report/);
  });

  it('share a name without a time, and with --resume the second goes on with it', async () => {
    const { codes, reports, starts } = await runInOneSecond(1, { name: 'night', resume: true });
    expect([codes, reports, starts]).toEqual([[0, 0], ['night.ndjson'], [2]]);
  });
});
