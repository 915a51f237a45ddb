// A profile: a named organization with the place of its key and defaults for flags; and how one is chosen for a command.
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
  const texts: FlagDefaults['texts'] = { ...profile.defaults, 'org-id': profile.orgId };
  const path = `${configPath(context.env)}: profile ${profile.name}`;
  const flag = given.withDefaults({ path, texts, kind: 'config' });
  const { 'account-url': account, ...others } = texts;
  if (account === undefined || flag('base-url').href.replace(/\/+$/, '') === ownBase(profile)) return { flag, profile };
  // The two addresses belong together: beside another --base-url, the key and its changes of accounts must not go to this one.
  return { flag: given.withDefaults({ path, texts: others, kind: 'config' }), profile };
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

/** A profile that is named and then overridden may send changes to an organization that nobody had in mind. */
export function warnOverridden(profile: Profile | undefined, org: string): string[] {
  if (profile === undefined || !profile.isNamed || profile.orgId === org) return [];
  return [
    `the organization is ${org} and not that of profile ${profile.name} (${profile.orgId}), because --org-id or ATLASSIAN_ORG_ID is set`,
  ];
}
