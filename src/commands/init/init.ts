// `leavers init`: an organization, the place of its key, a check, and a profile in the configuration file.
import { parseDay, parseId, parseProfileName } from '../../config/flags/parse-value.ts';
import { flags, type FlagName } from '../../config/flags/flag-table.ts';
import type { Flag } from '../../config/flags/flag.ts';
import type { ParsedArgs } from '../../config/precedence.ts';
import {
  type Config,
  configFolder,
  configPath,
  type ProfileEntry,
  readConfig,
  writePrivate,
} from '../../config/profiles/config-file.ts';
import { profileFlags } from '../../config/profiles/profile-defaults.ts';
import type { Context } from '../../context.ts';
import { exitCodes, LeaversError } from '../../errors.ts';
import { neutralize } from '../../text/sanitize.ts';
import { print } from '../../terminal/output.ts';
import type { Call } from '../command.ts';
import type { Dialog } from './dialog.ts';
import { askForKey, type ChosenKey, keyOfFlags } from './key-source.ts';

export interface InitTools {
  /** Undefined without a terminal. */
  readonly dialog: Dialog | undefined;
  /** Tests the organization and the key of a call. Returns the exit code, and the organization's own name if it could be read. */
  readonly check: (call: Call) => Promise<{ readonly code: number; readonly orgName: string | undefined }>;
}

/** Makes or replaces a profile and returns the exit code. Nothing is saved when the check fails. */
export async function init(call: Call, { dialog, check }: InitTools): Promise<number> {
  const { context } = call;
  const path = configPath(context.env);
  if (configFolder(context.env) === undefined)
    throw new LeaversError('config', 'no folder for the configuration; set HOME or XDG_CONFIG_HOME');
  if (dialog === undefined) refuseIncomplete(call);
  const config = await readConfig(context);
  const profile = await nameOf(call, { config, dialog });
  const orgId = call.flag('org-id') ?? (await askOrganization(dialog));
  const chosen = (await keyOfFlags(call, profile)) ?? (await askForKey(needed(dialog), { profile, orgId }, context));
  for (const warning of chosen.warnings) await print(context.stderr, neutralize(`warning: ${warning}`));
  const keyExpires = call.flag('key-expires') ?? (await askExpiry(dialog));
  // No further questions. In raw mode, Ctrl-C would not reach the check.
  dialog?.[Symbol.dispose]();
  const { code, orgName } = await check(checkCall(call, { orgId, chosen }));
  // The report folder does not belong to a profile.
  if (code !== exitCodes.ok && code !== exitCodes.report) {
    await print(context.stderr, 'Nothing was saved: the check failed. Correct it and run leavers init again.');
    return code;
  }
  const defaults = defaultsOf(call);
  const entry: ProfileEntry = {
    orgId,
    ...(orgName === undefined ? {} : { orgName }),
    ...chosen.place,
    ...(keyExpires === undefined ? {} : { keyExpires }),
    ...(Object.keys(defaults).length === 0 ? {} : { defaults }),
  };
  if (chosen.isStored && 'apiKeyFile' in chosen.place)
    await writePrivate(chosen.place.apiKeyFile, `${chosen.key.reveal()}\n`, context);
  const saved: Config = { default: config.default ?? profile, profiles: { ...config.profiles, [profile]: entry } };
  await writePrivate(path, `${JSON.stringify(saved, null, 2)}\n`, context);
  const isDefault = saved.default === profile;
  await print(
    context.stderr,
    neutralize(`Profile ${profile} is saved in ${path}${isDefault ? ' and is the default' : ''}.`),
  );
  await print(context.stderr, 'Next: leavers template suspend-user > leavers.csv');
  await print(context.stderr, `then: leavers plan leavers.csv${isDefault ? '' : ` --profile ${profile}`}`);
  return exitCodes.ok;
}

/** Throws LeaversError `usage` with all flags that are required without a terminal. */
function refuseIncomplete({ flag }: Call): void {
  const hasKey = flag('api-key-stdin') || flag('api-key-file') !== undefined || flag('api-key-command') !== undefined;
  const missing = [
    ...(flag('org-id') === undefined ? ['--org-id ID'] : []),
    ...(hasKey ? [] : ['one of --api-key-file FILE, --api-key-command COMMAND or --api-key-stdin']),
  ];
  if (missing.length > 0)
    throw new LeaversError('usage', `no terminal to ask questions on; pass ${missing.join(', and ')}`);
}

function needed(dialog: Dialog | undefined): Dialog {
  if (dialog === undefined) throw new Error('bug: a question without a terminal');
  return dialog;
}

/** The profile's name. Asks before it replaces an existing profile. */
async function nameOf(
  { flag }: Call,
  { config, dialog }: { readonly config: Config; readonly dialog: Dialog | undefined },
): Promise<string> {
  const read = (answer: string) => parseProfileName(answer || 'default', 'the name');
  const name =
    flag('profile') ?? (dialog === undefined ? 'default' : await dialog.ask('Name of the profile [default]: ', read));
  if (!Object.hasOwn(config.profiles, name) || flag('yes')) return name;
  const isMeant = await dialog?.ask(
    `Profile ${name} exists. Type yes to replace it: `,
    (answer) => answer.toLowerCase() === 'yes',
  );
  if (isMeant === true) return name;
  throw new LeaversError(
    'refused',
    `refused: profile ${name} exists; pass --yes to replace it, or give another --profile`,
  );
}

async function askOrganization(dialog: Dialog | undefined): Promise<string> {
  const asking = needed(dialog);
  asking.print('The organization id is in the address of admin.atlassian.com, after /o/.');
  return asking.ask('Organization id: ', (answer) => parseId(answer, 'the organization id'));
}

async function askExpiry(dialog: Dialog | undefined): Promise<string | undefined> {
  return dialog?.ask('Key expires on (like 2027-01-31; Enter if you do not know): ', (answer) =>
    answer === '' ? undefined : parseDay(answer, 'the day'),
  );
}

/** The call of the check: these settings and no other profile. The key is handed on in memory. */
function checkCall(call: Call, { orgId, chosen }: { readonly orgId: string; readonly chosen: ChosenKey }): Call {
  const { LEAVERS_PROFILE: _, ATLASSIAN_API_KEY_FILE: __, ...env } = call.context.env;
  const context: Context = { ...call.context, env: { ...env, ATLASSIAN_API_KEY: chosen.key.reveal() } };
  const checkedFlags: ParsedArgs['flags'] = { ...defaultsOf(call), 'org-id': orgId };
  return call.with({ args: { flags: checkedFlags, positionals: [] }, context });
}

/** The flags and variables that the profile stores as defaults. */
function defaultsOf({ args, context }: Call): Record<string, string> {
  const texts = profileFlags.map((name: FlagName) => {
    const { env, on }: Flag = flags[name];
    const text = args.flags[name] ?? (env === undefined ? undefined : context.env[env]);
    return on.includes('init') && typeof text === 'string' && text !== '' ? [[name, text] as const] : [];
  });
  return Object.fromEntries(texts.flat());
}
