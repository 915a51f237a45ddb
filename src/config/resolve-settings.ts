// Settings of a command, normalised once: words of the command line, environment and job file become values with nothing left open.
import { parseBaseUrl } from './base-url.ts';
import { Secret } from './secret.ts';
import type { Context } from '../context.ts';
import { LeaversError } from '../errors.ts';
import type { ApiSettings, GuardSettings, ReportOutputSettings, RunSettings, Settings } from './settings.ts';
import { type JobSettings, jobFlagValues } from './job-settings.ts';
import { readKey } from './api-key.ts';
import { repeatableArgs } from './repeat-args.ts';
import { type FlagReader, flagReader, type ParsedArgs } from './precedence.ts';
import { readOperator, readProtectList } from './protect-list.ts';

/** A job file as far as it holds settings, and its path. */
export interface LoadedJob {
  readonly path: string;
  readonly job: JobSettings;
}

/** Settings, what to warn about, and the lookup for flags of one command. */
export interface ResolvedSettings extends Settings {
  readonly warnings: readonly string[];
  readonly flag: FlagReader;
}

export interface SettingsRequest {
  readonly words: ParsedArgs;
  readonly job?: LoadedJob;
  /** False when no call will be made: neither organization nor key is asked for. */
  readonly online: boolean;
}

/**
 * Reads everything a command that may call the API goes by.
 * Throws LeaversError `usage` for a malformed flag, `config` when organization or key are missing, `missing` and `invalid` for files.
 */
export async function resolveSettings(
  { words, job, online }: SettingsRequest,
  context: Context,
): Promise<ResolvedSettings> {
  const texts = job === undefined ? undefined : jobFlagValues(job.path, job.job);
  const look = flagReader(words, context.env, texts);
  const run = runSettings({ look, words, job }, context);
  const guards = await guardSettings(look, job, context);
  const { settings: api, warnings } = await apiSettings(look, run, { context, online });
  return { api, guards, run, warnings, flag: look };
}

interface Online {
  readonly context: Context;
  readonly online: boolean;
}

async function apiSettings(look: FlagReader, run: RunSettings, { context, online }: Online) {
  const called = online && run.sandbox === false;
  const org = look('org-id') ?? '';
  if (called && org === '')
    throw new LeaversError(
      'config',
      'no organization; set ATLASSIAN_ORG_ID or --org-id to the id in the address of admin.atlassian.com, after /o/',
    );
  const { key, warnings } = called ? await keyOf(look, run, context) : { key: noKey, warnings: [] };
  const strange = called && !/^[0-9a-z]{8}(-[0-9a-z]{4}){3}-[0-9a-z]{12}$/i.test(org);
  const settings: ApiSettings = {
    org,
    key,
    baseUrl: parseBaseUrl(look('base-url')),
    api: look('api'),
    directory: look('directory'),
    rate: look('rate'),
    burst: look('burst'),
    concurrency: look('concurrency'),
    retries: look('retries'),
    timeoutMs: look('timeout'),
    maxDurationMs: look('max-duration'),
  };
  return {
    settings,
    warnings: strange ? [...warnings, `--org-id "${org}" does not look like an organization's id`] : warnings,
  };
}

/** Stands where no key is needed: the embedded organization, and work without calls. */
const noKey = new Secret('sandbox');

function keyOf(look: FlagReader, { manifests }: RunSettings, context: Context) {
  const stdin = look('api-key-stdin');
  if (stdin && manifests.includes('-'))
    throw new LeaversError(
      'usage',
      'stdin is both the manifest (-) and the key (--api-key-stdin); put one of them in a file',
    );
  const path = look('api-key-file');
  const where = path === context.env['ATLASSIAN_API_KEY_FILE'] ? 'ATLASSIAN_API_KEY_FILE' : '--api-key-file';
  return readKey({ file: path === undefined ? undefined : { path, where }, stdin }, context);
}

async function guardSettings(look: FlagReader, job: LoadedJob | undefined, context: Context): Promise<GuardSettings> {
  const { guards } = job?.job ?? {};
  const texts = { path: job?.path ?? '', texts: { allow: guards?.allow ?? [] } };
  const fromJob = flagReader({ flags: {}, positionals: [] }, {}, texts);
  return {
    allow: [...new Set([...look('allow'), ...fromJob('allow')])],
    maxChanges: look('max-changes'),
    maxFailures: look('max-failures'),
    ...(await readProtectList(look('protect'), { path: job?.path ?? '', protect: guards?.protect }, context)),
    includeAdmins: look('include-admins'),
    ...readOperator(look('operator'), context.user),
  };
}

interface RunWords {
  readonly look: FlagReader;
  readonly words: ParsedArgs;
  readonly job: LoadedJob | undefined;
}

function runSettings({ look, words, job }: RunWords, context: Context): RunSettings {
  const fromJob = job?.job.input?.path;
  return {
    manifests: words.positionals.length === 0 && fromJob !== undefined ? [fromJob] : words.positionals,
    repeatArgs: repeatableArgs(words),
    report: look('report'),
    resume: look('resume'),
    retryUnknown: look('retry-unknown'),
    skipInvalid: look('skip-invalid'),
    ignoreColumns: look('ignore-columns'),
    delimiter: look('delimiter'),
    encoding: look('encoding'),
    format: look('format'),
    dryRun: look('dry-run'),
    yes: look('yes'),
    input: isAnswerable(context) && !look('no-input'),
    json: look('json'),
    quiet: look('quiet'),
    verbose: look('verbose'),
    logFormat: look('log-format'),
    metricsFile: look('metrics-file'),
    reportOutput: keepSettings(job),
    job: job?.path,
    sandbox: look('sandbox') ?? false,
  };
}

function keepSettings(job: LoadedJob | undefined): ReportOutputSettings {
  const { folder = 'reports', name = '{manifest}-{time}', html = false, csv = false } = job?.job.report ?? {};
  return { folder, name, html, csv };
}

/** A question reaches a person only where both ends are a terminal and no machine is at work. */
function isAnswerable({ stdin, stderr, env }: Context): boolean {
  return stdin.isTTY === true && stderr.isTTY === true && !env['CI'];
}
