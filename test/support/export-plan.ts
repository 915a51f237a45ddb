// planExport: what `plan --offline` makes of an export through a job, for tests that read files as people have them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { leavers } from './in-process.ts';
import { file, path } from './scenario.ts';
import { root } from './spawn.ts';

/** The noon of a day on which all dates of the cases are past or to come. */
export const today = Date.parse('2026-11-25T12:00:00Z');

export interface Planned {
  readonly code: number;
  readonly stderr: string;
  /** `person action notBefore reference` for each row of the saved plan. */
  readonly rows: readonly string[];
}

/** Plans an export; the job is a shipped one by name, or its content. */
export async function planExport(
  content: string | Uint8Array,
  job: string | object | undefined,
  { name = 'export.csv', flags = [] }: { name?: string; flags?: readonly string[] } = {},
): Promise<Planned> {
  const out = path('plan.ndjson');
  const jobFile =
    typeof job === 'string' ? join(root, 'jobs', `${job}.json`) : file('job.json', JSON.stringify(job ?? {}));
  const through = job === undefined ? [] : ['--job', jobFile];
  const args = ['plan', file(name, content), ...through, '--offline', '--max-changes', '1000', '--out', out, ...flags];
  const { code, stderr } = await leavers(args, { now: () => today });
  return { code, stderr, rows: code === 0 ? rowsIn(out) : [] };
}

function rowsIn(out: string): string[] {
  const lines = readFileSync(out, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => {
    const row = JSON.parse(line) as Readonly<Record<string, string>>;
    const parts = [row['accountId'] ?? row['email'], row['groupName'], row['notBefore'], row['reference']];
    return parts.filter((part) => part !== undefined).join(' ');
  });
}

/** A job that suspends the people under `Mail`; `input` adds to it. */
export function suspending(input: object): object {
  return {
    name: 'case',
    input: { columns: { email: 'Mail', reference: 'Id' }, ...input },
    steps: [{ action: 'suspend-user' }],
  };
}
