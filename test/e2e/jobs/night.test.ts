// A bad night in a cluster: the rules of the CronJob decide after each exit code whether the same command is tried again.
import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { CronJob } from '../../support/cron-job-problems.ts';
import { leavers } from '../../support/in-process.ts';
import { manifest, path, scenario } from '../../support/scenario.ts';
import { root } from '../../support/spawn.ts';

const text = readFileSync(join(root, 'jobs', 'kubernetes', 'one-organization', 'cronjob.yaml'), 'utf8');
const job = (parse(text) as CronJob).spec.jobTemplate.spec;
const final = job.podFailurePolicy.rules[0]?.onExitCodes?.values ?? [];

/** Tries until a success, a final exit code or the last try, as the Job controller does. Returns the exit codes. */
async function night(attempt: (n: number) => Promise<number>): Promise<number[]> {
  const codes: number[] = [];
  do codes.push(await attempt(codes.length));
  while (codes.at(-1) !== 0 && !final.includes(codes.at(-1) ?? 0) && codes.length <= (job.backoffLimit ?? 0));
  return codes;
}

describe('a night', () => {
  it('with a late input file and an API that is down ends well, each person changed once', async () => {
    await using s = await scenario({ people: 5 });
    const [ready, input, report] = [manifest(5), path('late.ndjson'), path('r.ndjson')];
    const args = ['run', input, '--report', report, '--resume', '--yes', '--retries', '0'];
    const down = { ...s.env, ATLASSIAN_API_URL: 'http://127.0.0.1:9/admin' };
    const codes = await night(async (n) => {
      if (n === 1) renameSync(ready, input);
      return (await leavers(args, { env: n === 1 ? down : s.env })).code;
    });
    expect(codes).toEqual([66, 75, 0]);
    expect(s.changes()).toHaveLength(5);
  });

  it('whose time is up in the middle continues the report', async () => {
    await using s = await scenario({ people: 20 });
    const args = ['run', manifest(20), '--report', path('r.ndjson'), '--resume', '--yes'];
    const codes = await night(async (n) => {
      const limits = n === 0 ? ['--rate', '10/s', '--max-duration', '1s'] : [];
      return (await leavers([...args, ...limits], { env: s.env })).code;
    });
    expect(codes).toEqual([75, 0]);
    expect(s.changes()).toHaveLength(20);
  });

  it('with a key that is refused ends at once', async () => {
    await using s = await scenario({ people: 1 });
    const args = ['run', manifest(1), '--report', path('r.ndjson'), '--resume', '--yes'];
    const env = { ...s.env, ATLASSIAN_API_KEY: 'wrong' };
    expect(await night(async () => (await leavers(args, { env })).code)).toEqual([77]);
  });
});
