// The one table of flags, for parsing, settings, help, completion, README and tests. resolve-settings.ts and the commands use the values.
import { apiFlags } from './api-flags.ts';
import { approvalFlags } from './approval-flags.ts';
import { commandFlags, runFlags } from './flags-by-command.ts';
import type { Flag } from './flag.ts';
import { guardFlags } from './guard-flags.ts';
import { manifestFlags } from './manifest-flags.ts';
import { outputFlags } from './output-flags.ts';
import { peopleFlags } from './people-flags.ts';
import { profileFlags } from './profile-flags.ts';
import { verifyFlags } from './verify-flags.ts';

/** Every flag by its name, without the two dashes. */
export const flags = {
  ...runFlags,
  ...commandFlags,
  ...approvalFlags,
  ...peopleFlags,
  ...verifyFlags,
  ...manifestFlags,
  ...guardFlags,
  ...profileFlags,
  ...apiFlags,
  ...outputFlags,
} as const satisfies Readonly<Record<string, Flag>>;

export type FlagName = keyof typeof flags;

type Parsed<F extends Flag> = F extends { parse: (text: string, where: string) => infer V } ? V : string;
type Shaped<F extends Flag> = F['kind'] extends 'switch'
  ? boolean
  : F['kind'] extends 'list'
    ? readonly Parsed<F>[]
    : F['kind'] extends 'optional'
      ? Parsed<F> | true
      : Parsed<F>;

/** The value of a flag. Switches and lists always have one; others only if given or with a default. */
export type FlagValue<N extends FlagName> = (typeof flags)[N] extends { kind: 'switch' | 'list' } | { default: string }
  ? Shaped<(typeof flags)[N]>
  : Shaped<(typeof flags)[N]> | undefined;
