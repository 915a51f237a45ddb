// Maps guards, pace and report of a job file to flag values. Its input part is read in manifest/.
import type { FlagDefaults, RawValue } from './precedence.ts';
import type { JobFile } from '../manifest/job/job-file.ts';
import type { FlagName } from './flags/flag-table.ts';

/** The job's texts for flags. `protect`, `allow` and `accept` add to the flags instead and are not among them. */
export function jobFlagValues({ path, guards, pace, report }: JobFile): FlagDefaults {
  const values: [FlagName, string | number | undefined][] = [
    ['max-changes', guards?.maxChanges],
    ['max-failures', guards?.maxFailures],
    ['approvers', guards?.approvers],
    ['min-rows', guards?.minRows],
    ['max-input-age', guards?.maxInputAge],
    ['max-duration', guards?.maxDuration],
    ['rate', pace?.rate],
    ['concurrency', pace?.concurrency],
    ['retries', pace?.retries],
    ['timeout', pace?.timeout],
    ['metrics-file', report?.metrics],
  ];
  const texts: Partial<Record<FlagName, RawValue>> = {};
  for (const [name, value] of values) if (value !== undefined) texts[name] = String(value);
  return { path, texts, kind: 'invalid' };
}
