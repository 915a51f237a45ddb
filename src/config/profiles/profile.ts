// A profile: a named organization with the place of its key and defaults for flags; and how one is chosen for a command.
import type { Context } from '../../context.ts';
import { LeaversError } from '../../errors.ts';
import { didYouMean } from '../../text/suggest.ts';
import { quote } from '../../text/quote.ts';
import type { FlagReader } from '../precedence.ts';
import { configPath, type ProfileEntry, readConfig } from './config-file.ts';

export interface Profile extends ProfileEntry {
  readonly name: string;
  /** Named by --profile or its variable; otherwise it is the default one. */
  readonly isNamed: boolean;
}

/**
 * The profile of a command, and a reader whose defaults it replaces. Without --profile it is the default profile, unless an organization is
 * given or none is needed. Throws LeaversError `config` for an unknown name or a configuration that can't be used.
 */
export async function openProfile(
  given: FlagReader,
  context: Context,
): Promise<{ readonly flag: FlagReader; readonly profile: Profile | undefined }> {
  const profile = await chooseProfile(given, context);
  if (profile === undefined) return { flag: given, profile };
  const texts = { ...profile.defaults, 'org-id': profile.orgId };
  const path = `${configPath(context.env)}: profile ${profile.name}`;
  return { flag: given.withDefaults({ path, texts, kind: 'config' }), profile };
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
  throw new LeaversError('config', `no profile ${quote(name)}${hint}; leavers init makes one`);
}

/** A profile that is named and then overridden may send changes to an organization that nobody had in mind. */
export function warnOverridden(profile: Profile | undefined, org: string): string[] {
  if (profile === undefined || !profile.isNamed || profile.orgId === org) return [];
  return [
    `the organization is ${org} and not that of profile ${profile.name} (${profile.orgId}), because --org-id or ATLASSIAN_ORG_ID is set`,
  ];
}
