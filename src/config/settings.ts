// Settings: flags, environment and job file, normalised once into one value. A setting that has a default is never optional here.
import type { JobFile } from '../manifest/job/job-file.ts';
import type { Format } from '../manifest/read/format.ts';
import type { ActionName, Generation, LeftOutReason } from '../model.ts';
import type { Prices } from '../report/events.ts';
import type { Secret } from './secret.ts';

/** Calls per time: `180/m` is `{count: 180, perMs: 60000}`. */
export interface Rate {
  readonly count: number;
  readonly perMs: number;
}

/** `500` or `5%`. */
export type Limit = { readonly count: number } | { readonly percent: number };

/** Settings of everything that calls the API. Durations in ms. */
export interface ApiSettings {
  /** Organization id; in the sandbox the sandbox's own. */
  readonly org: string;
  /** The organization's name: that of its profile, or the sandbox's own. */
  readonly orgName?: string;
  /** In the sandbox, a fixed word. */
  readonly key: Secret;
  readonly baseUrl: URL;
  /** Address of the API of managed accounts; undefined when `baseUrl` does not end in /admin and no other address is given. */
  readonly accountUrl: URL | undefined;
  readonly api: 'auto' | Generation;
  readonly directory: string | undefined;
  readonly rate: Rate | 'none';
  readonly burst: number;
  readonly concurrency: number;
  readonly retries: number;
  readonly timeoutMs: number;
  readonly maxDurationMs: number | undefined;
}

/** Settings of the guards. Protected people, groups and patterns are folded: lower case, trimmed. */
export interface GuardSettings {
  readonly allow: readonly ActionName[];
  /** Reasons for which a person may be left out without exit code 4. */
  readonly accept: readonly LeftOutReason[];
  /** Fewer rows in the manifests refuse the plan; a percentage is of the rows of the report's last run. */
  readonly minRows?: Limit | undefined;
  /** Older manifests refuse the plan, in ms. */
  readonly maxInputAgeMs?: number | undefined;
  /** Older saved plans are refused, in ms. */
  readonly maxPlanAgeMs: number;
  /** The list of those who may approve; a run needs an approved plan when there is one. */
  readonly approvers?: string | undefined;
  readonly maxChanges: Limit;
  readonly maxFailures: Limit;
  readonly protect: ReadonlySet<string>;
  readonly includeAdmins: boolean;
  /** Entries of `protect` with a `*`, like `*@board.example.com`. */
  readonly patterns?: readonly string[];
  /** Texts beside people in a list: a group of this name is protected too, but need not exist. */
  readonly remarks?: ReadonlySet<string>;
  /** Account id or e-mail of the person who runs this (`--operator`), who is never changed. */
  readonly operator: string;
  /** True without `--operator`: `operator` is the login name, only recorded. */
  readonly isLogin?: boolean;
  /** Account ids of the operator's e-mail, after the look-up. */
  readonly operatorIds?: readonly string[];
  /** Ids of people and groups behind entries, after the look-up: folded id → entry. */
  readonly resolved?: ReadonlyMap<string, string>;
}

/** Default places of a job's reports and copies. */
export interface ReportOutputSettings {
  /** Folder of the report, from the working directory. */
  readonly folder: string;
  /** Name of the report without its ending: `{manifest}`, `{job}`, `{date}` and `{time}` are filled in. */
  readonly name: string;
  /** A page and a table, written after each run: beside the report, or at this path. */
  readonly html: string | boolean;
  readonly csv: string | boolean;
}

/** Settings of one run or plan, beside the API and the guards. */
export interface RunSettings {
  readonly manifests: readonly string[];
  /** Words of the command line to run the same rows again: arguments and flags. */
  readonly repeatArgs: readonly string[];
  /** Report file, `-` for stdout; undefined for the default name. */
  readonly report: string | undefined;
  readonly resume: boolean;
  /** How long to wait for another run of the organization, in ms. */
  readonly waitLockMs: number | undefined;
  readonly retryUnknown: boolean;
  readonly skipInvalid: boolean;
  readonly ignoreColumns: boolean;
  readonly delimiter: string | undefined;
  readonly encoding: string | undefined;
  readonly format: Format | undefined;
  readonly dryRun: boolean;
  readonly yes: boolean;
  /** Questions may be asked: a terminal on both sides, no `--no-input`, not CI. */
  readonly input: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly logFormat: 'text' | 'json';
  readonly metricsFile: string | undefined;
  readonly reportOutput: ReportOutputSettings;
  /** Path of the job file, as given. */
  readonly job: string | undefined;
  /** The simulated organization: off, its built-in state, or a state file. */
  readonly sandbox: boolean | string;
}

/** All settings of a command that calls the API. */
export interface Settings {
  readonly api: ApiSettings;
  readonly guards: GuardSettings;
  readonly run: RunSettings;
  /** Prices of seats, from the job. */
  readonly prices: Prices | undefined;
  /** The job file, read and validated. */
  readonly job: JobFile | undefined;
}
