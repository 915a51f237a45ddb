// --organizations: one run or plan for each organization of a list, with its own limit, key and report; one by its index, or all side by side.
import { Writable } from 'node:stream';
import type { Context } from '../context.ts';
import { worstExitCode, LeaversError } from '../errors.ts';
import { type OrganizationEntry, readOrganizations } from '../config/organizations-file.ts';
import type { ParsedArgs } from '../config/precedence.ts';
import type { Call } from './command.ts';
import { renderError } from '../terminal/render-error.ts';
import { columnsOf, pad } from '../text/width.ts';
import { neutralize } from '../text/sanitize.ts';
import { print, printData } from '../terminal/output.ts';

/** Runs `runOne` with a call for each organization of the list at `path`. Returns the exit code. */
export async function runOrganizations(
  call: Call,
  path: string,
  runOne: (call: Call) => Promise<number>,
): Promise<number> {
  refuseOwn(call);
  const entries = await readOrganizations(path);
  const index = call.flag('index');
  if (index !== undefined) return runOne(callFor(call, chosen(entries, index, path), call.context));
  const { stdout } = call.context;
  const isJson = call.flag('json');
  if (isJson) refuseOnStdout(entries);
  const ends = await Promise.all(
    entries.map(async (entry) => {
      const end = await (isJson ? runForJson : runNamed)(call, entry, runOne);
      if (isJson) await printData(stdout, JSON.stringify({ organization: entry.name, ...end }));
      return { name: entry.name, exitCode: end.exitCode };
    }),
  );
  const lines = ends.map(({ name, exitCode }) => `${pad(neutralize(name), 24)} exit code ${exitCode}`);
  if (!isJson) await print(stdout, lines.join('\n'));
  return worstExitCode(ends.map(({ exitCode }) => exitCode));
}

function refuseOwn({ args: words }: Call): void {
  if (words.positionals.length > 0)
    throw new LeaversError(
      'usage',
      `with --organizations, each entry names its manifests; remove "${words.positionals[0]}"`,
    );
}

/** With --json, stdout has one object for each organization and no place for a report. */
function refuseOnStdout(entries: readonly OrganizationEntry[]): void {
  const found = entries.find(({ report }) => report === '-');
  if (found === undefined) return;
  throw new LeaversError('usage', `the report of ${found.name} is - (stdout), which --json uses; name a file for it`);
}

function chosen(entries: readonly OrganizationEntry[], index: number, path: string): OrganizationEntry {
  const entry = entries[index];
  if (entry !== undefined) return entry;
  throw new LeaversError(
    'config',
    `${path} has ${entries.length} organizations, counted from 0, so there is no --index ${index}; set the job's completions to ${entries.length}`,
  );
}

/** The call as if the entry's settings had been typed as flags. */
function callFor(call: Call, entry: OrganizationEntry, context: Context): Call {
  const { orgId, apiKeyFile, manifests, name: _, baseUrl, accountUrl, metricsFile, ...rest } = entry;
  const own = {
    'org-id': orgId,
    'api-key-file': apiKeyFile,
    'base-url': baseUrl,
    'account-url': accountUrl,
    'metrics-file': metricsFile,
    ...rest,
  };
  const entryFlags = Object.fromEntries(
    Object.entries(own).filter(([, value]) => value !== undefined),
  ) as ParsedArgs['flags'];
  const { organizations: __, index: ___, ...flags } = call.args.flags;
  // The key of one organization must not reach another by the environment.
  const foreign = ['ATLASSIAN_API_KEY', 'ATLASSIAN_API_KEY_FILE', 'LEAVERS_PROFILE'];
  // The account URL of the environment belongs to the base URL of the environment.
  if (baseUrl !== undefined) foreign.push('ATLASSIAN_ACCOUNT_URL');
  const env = Object.fromEntries(Object.entries(context.env).filter(([variable]) => !foreign.includes(variable)));
  // A plan or a dry run reads an earlier report with --resume, and writes none.
  const { report, ...others } = entryFlags;
  const isReported = report !== undefined && (writesReport(call) || call.flag('resume'));
  const args = { flags: { ...flags, ...others, ...(isReported ? { report } : {}) }, positionals: manifests };
  return call.with({ args, context: { ...context, env }, orgName: entry.name });
}

function writesReport(call: Call): boolean {
  return call.name === 'run' && !call.flag('dry-run');
}

interface Ended {
  readonly exitCode: number;
}

/** Runs one of several organizations: its output carries its name, and its error does not end the others. */
async function runNamed(call: Call, entry: OrganizationEntry, runOne: (call: Call) => Promise<number>): Promise<Ended> {
  const context: Context = {
    ...call.context,
    stdout: named(call.context.stdout, entry.name),
    stderr: named(call.context.stderr, entry.name),
  };
  try {
    return { exitCode: await runOne(callFor(call, entry, context)) };
  } catch (error) {
    const { code, text } = renderError(error, { verbose: false, json: false, masks: call.secrets }, context);
    await print(context.stderr, text);
    return { exitCode: code };
  }
}

/** One of several with --json: the object that it prints to stdout is returned with its exit code. */
async function runForJson(
  call: Call,
  entry: OrganizationEntry,
  runOne: (call: Call) => Promise<number>,
): Promise<Ended> {
  let text = '';
  const stdout = new Writable({
    decodeStrings: false,
    write: (part: string, _encoding, done) => {
      text += part;
      done();
    },
  });
  const { exitCode } = await runNamed(call, entry, (own) =>
    runOne(own.with({ args: own.args, context: { ...own.context, stdout } })),
  );
  return text === '' ? { exitCode } : { exitCode, ...(JSON.parse(text) as object) };
}

/**
 * A stream whose lines start with the organization's name, or have it as a field when they are JSON. Not a terminal, so nothing is animated
 * on it; its lines are wrapped like those of one.
 */
function named(stream: Context['stdout'], name: string): Context['stdout'] {
  const labelling = new Writable({
    decodeStrings: false,
    write: (text: string, _encoding, done) => void stream.write(labelled(text, name), () => done()),
  });
  const columns = stream.columns ? stream.columns - columnsOf(labelOf(name)) : undefined;
  return Object.assign(labelling, columns === undefined ? {} : { columns });
}

function labelOf(organization: string): string {
  return `[${organization}] `;
}

function labelled(text: string, organization: string): string {
  if (!text.startsWith('{"time"')) return text.replace(/^(?=.)/gm, labelOf(organization));
  return `${JSON.stringify({ organization, ...(JSON.parse(text) as object) })}\n`;
}
