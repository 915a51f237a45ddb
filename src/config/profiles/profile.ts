// Chooses the profile of a command: a named organization with the source of its key and defaults for flags.
import type { Context } from '../../context.ts';
import { LeaversError } from '../../errors.ts';
import { didYouMean } from '../../text/suggest.ts';
import { quote } from '../../text/quote.ts';
import { defaultOf } from '../flags/flag.ts';
import { flags } from '../flags/flag-table.ts';
import type { FlagDefaults, FlagReader } from '../precedence.ts';
import { configPath, type ProfileEntry, readConfig } from './config-file.ts';

export interface Profile extends ProfileEntry {
  readonly name: string;
  /** Chosen by --profile or LEAVERS_PROFILE; false for the default profile. */
  readonly isNamed: boolean;
}

/**
 * The profile of a command, and a reader whose defaults it replaces. Without --profile it is the default profile, unless an organization is
 * given or none is needed. Throws LeaversError `config` for an unknown name or a configuration that can't be used.
 */
export async function openProfile(
  reader: FlagReader,
  context: Context,
): Promise<{ readonly flag: FlagReader; readonly profile: Profile | undefined }> {
  const profile = await chooseProfile(reader, context);
  if (profile === undefined) return { flag: reader, profile };
  const texts: FlagDefaults['texts'] = { ...profile.defaults, 'org-id': profile.orgId };
  const path = `${configPath(context.env)}: profile ${profile.name}`;
  const flag = reader.withDefaults({ path, texts, kind: 'config' });
  const { 'account-url': account, ...others } = texts;
  if (account === undefined || flag('base-url').href.replace(/\/+$/, '') === ownBase(profile)) return { flag, profile };
  // The two URLs belong together: with another --base-url, the profile's account URL must not get the key.
  return { flag: reader.withDefaults({ path, texts: others, kind: 'config' }), profile };
}

function ownBase({ defaults }: Profile): string | undefined {
  const text = defaults?.['base-url'] ?? defaultOf(flags['base-url']) ?? '';
  return URL.parse(text)?.href.replace(/\/+$/, '');
}

async function chooseProfile(flag: FlagReader, context: Context): Promise<Profile | undefined> {
  const named = flag('profile');
  const isElsewhere = flag('org-id') !== undefined || flag('sandbox') !== undefined;
  if (named === undefined && isElsewhere) return undefined;
  const { default: standard, profiles } = await readConfig(context);
  const name = named ?? standard;
  if (name === undefined) return undefined;
  const found = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (found !== undefined) return { ...found, name, isNamed: named !== undefined };
  const names = Object.keys(profiles);
  const hint = didYouMean(name, names) || (names.length === 0 ? '' : `; there are ${names.join(', ')}`);
  throw new LeaversError('config', `no profile ${quote(name)}; leavers init makes one${hint}`);
}

/** Warns when a named profile is overridden, because changes may go to the wrong organization. */
export function warnOverridden(profile: Profile | undefined, org: string): string[] {
  if (profile === undefined || !profile.isNamed || profile.orgId === org) return [];
  return [
    `the organization is ${org} and not that of profile ${profile.name} (${profile.orgId}), because --org-id or ATLASSIAN_ORG_ID is set`,
  ];
}
