// `leavers run --organizations`: one run an organization, each under its own limit, key and report; one by its index, or all side by side.
import { Writable } from 'node:stream';
import type { Context } from '../../context.ts';
import { worstExitCode, LeaversError } from '../../errors.ts';
import { type OrganizationEntry, readOrganizations } from './organizations-file.ts';
import type { ParsedArgs } from '../../config/precedence.ts';
import type { Call } from '../command.ts';
import { renderError } from '../../terminal/render-error.ts';
import { pad } from '../../text/width.ts';
import { neutralize } from '../../text/sanitize.ts';
import { print } from '../../terminal/output.ts';

/** Runs the organizations of the list at `path`, each by `runOne` with the call that stands for it. Returns the exit code. */
export async function runOrganizations(
  call: Call,
  path: string,
  runOne: (call: Call) => Promise<number>,
): Promise<number> {
  refuseOwn(call);
  const entries = await readOrganizations(path);
  const index = call.flag('index');
  if (index !== undefined) return runOne(callFor(call, chosen(entries, index, path), call.context));
  const ends = await Promise.all(entries.map(async (entry) => ({ entry, code: await runNamed(call, entry, runOne) })));
  await print(
    call.context.stdout,
    ends.map(({ entry, code }) => `${pad(neutralize(entry.name), 24)} exit code ${code}`).join('\n'),
  );
  return worstExitCode(ends.map(({ code }) => code));
}

function refuseOwn({ args: words }: Call): void {
  if (words.positionals.length > 0)
    throw new LeaversError(
      'usage',
      `with --organizations each entry names its manifests, so "${words.positionals[0]}" has no place here`,
    );
}

function chosen(entries: readonly OrganizationEntry[], index: number, path: string): OrganizationEntry {
  const entry = entries[index];
  if (entry !== undefined) return entry;
  throw new LeaversError(
    'config',
    `${path} has ${entries.length} organizations, counted from 0, so --index ${index} names none; set the job's completions to ${entries.length}`,
  );
}

/** The call as if the entry's settings had been typed. It resolves its own settings. */
function callFor(call: Call, entry: OrganizationEntry, context: Context): Call {
  const { orgId, apiKeyFile, manifests, name: _, baseUrl, metricsFile, ...rest } = entry;
  const own = {
    'org-id': orgId,
    'api-key-file': apiKeyFile,
    'base-url': baseUrl,
    'metrics-file': metricsFile,
    ...rest,
  };
  const given = Object.fromEntries(
    Object.entries(own).filter(([, value]) => value !== undefined),
  ) as ParsedArgs['flags'];
  const { organizations: __, index: ___, ...flags } = call.args.flags;
  // The key of one organization must not reach another by the environment.
  const { ATLASSIAN_API_KEY: ____, ATLASSIAN_API_KEY_FILE: _____, ...env } = context.env;
  const args = { flags: { ...flags, ...given }, positionals: manifests };
  return call.with({ args, context: { ...context, env } });
}

/** One of several: its lines carry its name, and its error ends it alone. */
async function runNamed(
  call: Call,
  entry: OrganizationEntry,
  runOne: (call: Call) => Promise<number>,
): Promise<number> {
  const context: Context = {
    ...call.context,
    stdout: named(call.context.stdout, entry.name),
    stderr: named(call.context.stderr, entry.name),
  };
  try {
    return await runOne(callFor(call, entry, context));
  } catch (error) {
    const { code, text } = renderError(error, { verbose: false, json: false, masks: call.secrets }, context);
    await print(context.stderr, text);
    return code;
  }
}

/** A stream whose lines start with a name. Not a terminal, so nothing is animated on it. */
function named(stream: Context['stdout'], name: string): Context['stdout'] {
  return new Writable({
    decodeStrings: false,
    write: (text: string, _encoding, done) => void stream.write(text.replace(/^(?=.)/gm, `[${name}] `), () => done()),
  });
}
