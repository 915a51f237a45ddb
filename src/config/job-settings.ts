// What a job file says about guards, pace and report, in the words of the flags. Its input part is read in manifest/.
import type { RawValue, JobFlagValues } from './precedence.ts';
import type { FlagName } from './flags/flag-table.ts';

type Word = string | number | undefined;

/** The parts of a job file that are settings; what a job file may hold is decided in manifest/. */
export interface JobSettings {
  readonly name?: string | undefined;
  readonly input?: { readonly path?: string | undefined } | undefined;
  readonly guards?:
    | {
        readonly maxChanges?: Word;
        readonly maxFailures?: Word;
        readonly protect?: string | readonly string[] | undefined;
        readonly allow?: readonly string[] | undefined;
        readonly maxDuration?: Word;
      }
    | undefined;
  readonly pace?:
    | { readonly rate?: Word; readonly concurrency?: Word; readonly retries?: Word; readonly timeout?: Word }
    | undefined;
  readonly report?:
    | {
        readonly folder?: string | undefined;
        readonly name?: string | undefined;
        readonly html?: string | boolean | undefined;
        readonly csv?: string | boolean | undefined;
        readonly metrics?: string | undefined;
      }
    | undefined;
}

/** The job's texts for flags. `protect` and `allow` add to the flags instead and are not among them. */
export function jobFlagValues(path: string, { guards, pace, report }: JobSettings): JobFlagValues {
  const said: [FlagName, Word][] = [
    ['max-changes', guards?.maxChanges],
    ['max-failures', guards?.maxFailures],
    ['max-duration', guards?.maxDuration],
    ['rate', pace?.rate],
    ['concurrency', pace?.concurrency],
    ['retries', pace?.retries],
    ['timeout', pace?.timeout],
    ['metrics-file', report?.metrics],
  ];
  const texts: Partial<Record<FlagName, RawValue>> = {};
  for (const [name, word] of said) if (word !== undefined) texts[name] = String(word);
  return { path, texts };
}
