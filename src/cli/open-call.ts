// Builds the call of a command: flags are read through one reader, and settings are resolved from it once.
import type { Call, CommandSettings, SettingsNeeds } from '../commands/command.ts';
import type { CommandName } from '../config/flags/flag.ts';
import { type FlagReader, flagReader, type ParsedArgs } from '../config/precedence.ts';
import type { Context } from '../context.ts';
import { LeaversError } from '../errors.ts';
import { print } from '../terminal/output.ts';
import type { Mask } from '../terminal/render-error.ts';

export interface CallSource {
  readonly name: CommandName;
  readonly args: ParsedArgs;
  readonly context: Context;
  /** The API key is added as soon as it is known. */
  readonly secrets: Mask[];
  /** What a list of organizations calls this one. */
  readonly orgName?: string;
}

/** The call that a command starts with. */
export function openCall(source: CallSource): Call {
  const flag = flagReader(source.args, source.context.env, source.name);
  return {
    ...source,
    flag,
    settings: (needs) => resolve(source, flag, needs),
    with: (changes) => openCall({ ...source, ...changes }),
  };
}

async function resolve(source: CallSource, flag: FlagReader, needs: SettingsNeeds): Promise<CommandSettings> {
  const { args, context, secrets, orgName } = source;
  // A job file may name the manifest. Without a job file, a missing manifest is known at once.
  const isNamed = args.positionals.length > 0 || flag('job') !== undefined;
  if (needs.manifests === true && !isNamed) throw noManifest(source, flag);
  const { resolveSettings } = await import('../config/resolve-settings.ts');
  const { warnings, ...settings } = await resolveSettings({ args, flag, ...needs }, context);
  secrets.push(settings.api.key);
  for (const warning of warnings) await print(context.stderr, `warning: ${warning}`);
  if (needs.manifests === true && settings.run.manifests.length === 0) throw noManifest(source, flag);
  return orgName === undefined ? settings : { ...settings, api: { ...settings.api, orgName } };
}

function noManifest({ name }: CallSource, flag: FlagReader): LeaversError {
  const state = flag('sandbox');
  const hint = `; "${state}" was read as the state file of --sandbox, so put the manifest before it`;
  return new LeaversError(
    'usage',
    `${name} needs a manifest: a file, or - for stdin${typeof state === 'string' ? hint : ''}`,
  );
}
