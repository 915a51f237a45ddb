// Resolves the settings of a command from flags, environment and job file, once.
import { accountUrlOf } from './base-url.ts';
import { Secret } from './secret.ts';
import type { Context } from '../context.ts';
import type { JobFile } from '../manifest/job/job-file.ts';
import { LeaversError } from '../errors.ts';
import type { ApiSettings, GuardSettings, ReportOutputSettings, RunSettings, Settings } from './settings.ts';
import { jobFlagValues } from './job-settings.ts';
import { readKey } from './api-key.ts';
import { repeatableArgs } from './repeat-args.ts';
import type { FlagReader, ParsedArgs } from './precedence.ts';
import { openProfile, type Profile, warnOverridden } from './profiles/profile.ts';
import { readOperator, readProtectList } from './protect-list.ts';

/** Settings, warnings, and the reader for flags of a single command. */
export interface ResolvedSettings extends Settings {
  readonly warnings: readonly string[];
  readonly flag: FlagReader;
}

export interface SettingsRequest {
  readonly args: ParsedArgs;
  readonly flag: FlagReader;
  /** False when no call will be made: then neither organization nor key is read. */
  readonly online: boolean;
  /** False when the job file need not say what to do. */
  readonly steps?: boolean;
}

/**
 * Resolves the settings of a command that may call the API, and reads its job file.
 * Throws LeaversError `usage` for a malformed flag, `config` when organization or key are missing, `missing` and `invalid` for files.
 */
export async function resolveSettings(
  { args, flag: typed, online, steps = true }: SettingsRequest,
  context: Context,
): Promise<ResolvedSettings> {
  const { flag: profileFlag, profile } = await openProfile(typed, context);
  const path = profileFlag('job');
  const job = path === undefined ? undefined : await readJob(path, { steps, context });
  const flag = job === undefined ? profileFlag : profileFlag.withDefaults(jobFlagValues(job));
  const run = runSettings({ flag, args, job }, context);
  const guards = await guardSettings(flag, job, context);
  const { settings: api, warnings } = await apiSettings(flag, run, { context, online, profile });
  return { api, guards, run, prices: pricesOf(job), job, warnings, flag };
}

/** Loaded only with a job file: its schema takes time to load. */
async function readJob(path: string, { steps, context }: { steps: boolean; context: Context }): Promise<JobFile> {
  const { readJobFile, refuseWithoutSteps } = await import('../manifest/job/job-file.ts');
  const job = await readJobFile(path, context);
  if (steps) refuseWithoutSteps(job);
  return job;
}

function pricesOf(job: JobFile | undefined): Settings['prices'] {
  if (job?.prices === undefined) return undefined;
  const { currency, ...perSeat } = job.prices;
  const numbers = Object.entries(perSeat).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  return { currency: typeof currency === 'string' ? currency : undefined, perSeat: Object.fromEntries(numbers) };
}

interface Online {
  readonly context: Context;
  readonly online: boolean;
  readonly profile: Profile | undefined;
}

async function apiSettings(flag: FlagReader, run: RunSettings, { context, online, profile }: Online) {
  const called = online && run.sandbox === false;
  const org = called ? orgOf(flag) : (flag('org-id') ?? '');
  const { key, warnings } = called
    ? await keyOf({ flag, profile }, run.manifests, context)
    : { key: noKey, warnings: [] };
  const isUnusual = called && !/^[0-9a-z]{8}(-[0-9a-z]{4}){3}-[0-9a-z]{12}$/i.test(org);
  const settings: ApiSettings = {
    org,
    // A flag or variable may name another organization than the profile.
    ...(called && profile?.orgId === org ? { orgName: profile.orgName ?? profile.name } : {}),
    key,
    baseUrl: flag('base-url'),
    accountUrl: flag('account-url') ?? accountUrlOf(flag('base-url')),
    api: flag('api'),
    directory: flag('directory'),
    rate: flag('rate'),
    burst: flag('burst'),
    concurrency: flag('concurrency'),
    retries: flag('retries'),
    timeoutMs: flag('timeout'),
    maxDurationMs: flag('max-duration'),
  };
  return {
    settings,
    warnings: [
      ...warnings,
      ...(called ? warnOverridden(profile, org) : []),
      ...(isUnusual ? [`--org-id "${org}" does not look like an organization's id`] : []),
    ],
  };
}

/** The organization id. Throws LeaversError `config` when there is none. */
function orgOf(flag: FlagReader): string {
  const org = flag('org-id') ?? '';
  if (org !== '') return org;
  throw new LeaversError(
    'config',
    'no organization; run leavers init, or set ATLASSIAN_ORG_ID or --org-id to the id in the address of admin.atlassian.com, after /o/',
  );
}

/** The errors about organization and key, each separately, for the checklist of doctor. */
export async function missingSettings(
  typed: FlagReader,
  context: Context,
): Promise<Partial<Record<'organization' | 'key', LeaversError>>> {
  const { flag, profile } = await openProfile(typed, context);
  const problem = async (read: () => unknown) => {
    try {
      await read();
    } catch (error) {
      if (error instanceof LeaversError) return error;
      throw error;
    }
    return undefined;
  };
  const organization = await problem(() => orgOf(flag));
  // Standard input can be read only once, and a key command may ask the user, so only the settings read these.
  const isReadOnce = flag('api-key-stdin') || profile?.apiKeyCommand !== undefined;
  const key = isReadOnce ? undefined : await problem(() => keyOf({ flag, profile }, [], context));
  return { ...(organization === undefined ? {} : { organization }), ...(key === undefined ? {} : { key }) };
}

/** The key where none is needed: the simulated organization, and work without calls. */
const noKey = new Secret('sandbox');

interface KeySources {
  readonly flag: FlagReader;
  readonly profile: Profile | undefined;
}

function keyOf({ flag, profile }: KeySources, manifests: readonly string[], context: Context) {
  const stdin = flag('api-key-stdin');
  if (stdin && manifests.includes('-'))
    throw new LeaversError(
      'usage',
      'stdin is both the manifest (-) and the key (--api-key-stdin); put one of them in a file',
    );
  const path = flag('api-key-file');
  const isTyped = flag.isTyped('api-key-file');
  return readKey({ file: path === undefined ? undefined : { path, isTyped }, stdin, profile }, context);
}

async function guardSettings(flag: FlagReader, job: JobFile | undefined, context: Context): Promise<GuardSettings> {
  const path = job?.path ?? '';
  const { allow = [], accept = [], protect } = job?.guards ?? {};
  return {
    allow: [...new Set([...flag('allow'), ...allow])],
    accept: [...new Set([...flag('accept'), ...accept])],
    minRows: flag('min-rows'),
    maxInputAgeMs: flag('max-input-age'),
    maxPlanAgeMs: flag('max-plan-age'),
    approvers: flag('approvers'),
    maxChanges: flag('max-changes'),
    maxFailures: flag('max-failures'),
    ...(await readProtectList(flag('protect'), { path, protect }, context)),
    includeAdmins: flag('include-admins'),
    ...readOperator(flag('operator'), context.user),
  };
}

interface RunSources {
  readonly flag: FlagReader;
  readonly args: ParsedArgs;
  readonly job: JobFile | undefined;
}

function runSettings({ flag, args, job }: RunSources, context: Context): RunSettings {
  const fromJob = job?.input?.path;
  return {
    manifests: args.positionals.length === 0 && fromJob !== undefined ? [fromJob] : args.positionals,
    repeatArgs: repeatableArgs(args),
    report: flag('report'),
    resume: flag('resume'),
    waitLockMs: flag('wait-lock'),
    retryUnknown: flag('retry-unknown'),
    skipInvalid: flag('skip-invalid'),
    ignoreColumns: flag('ignore-columns'),
    delimiter: flag('delimiter'),
    encoding: flag('encoding'),
    format: flag('format'),
    dryRun: flag('dry-run'),
    yes: flag('yes'),
    input: isAnswerable(context, args.positionals.includes('-') || flag('api-key-stdin')) && !flag('no-input'),
    json: flag('json'),
    quiet: flag('quiet'),
    verbose: flag('verbose'),
    logFormat: flag('log-format'),
    metricsFile: flag('metrics-file'),
    reportOutput: reportOutputSettings(job),
    job: job?.path,
    sandbox: flag('sandbox') ?? false,
  };
}

function reportOutputSettings(job: JobFile | undefined): ReportOutputSettings {
  const { folder = 'reports', name = '{manifest}-{time}', html = false, csv = false } = job?.report ?? {};
  return { folder, name, html, csv };
}

/**
 * Questions can be answered only if input and output are terminals and it is not CI. When standard input is the manifest or the
 * key, the answer is read from the terminal itself.
 */
function isAnswerable({ stdin, stderr, env }: Context, isStdinTaken: boolean): boolean {
  return (stdin.isTTY === true || isStdinTaken) && stderr.isTTY === true && !env['CI'];
}
