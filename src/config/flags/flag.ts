// The type of a flag, and the names of the commands. flag-table.ts has the flags, resolve-settings.ts makes settings of their values.

/** The commands, in the order of the manual. */
export const commandNames = [
  'run',
  'plan',
  'approve',
  'reconcile',
  'init',
  'report',
  'verify',
  'undo',
  'inactive',
  'template',
  'actions',
  'doctor',
  'sandbox',
  'completion',
] as const;
export type CommandName = (typeof commandNames)[number];

/** Headings of a command's help, in their order there. */
export const flagGroups = ['Command', 'Manifest', 'Guards', 'Organization', 'Pace', 'Output', 'General'] as const;

/**
 * One flag. `switch` has no value, `value` has one, `list` may be repeated, `optional` may stand alone (then its text is '').
 * `parse` is given the text and a name for where it came from; it throws LeaversError `usage` with what is allowed.
 */
export interface Flag {
  readonly kind: 'switch' | 'value' | 'list' | 'optional';
  readonly group: (typeof flagGroups)[number];
  readonly on: readonly CommandName[];
  readonly alias?: string;
  /** Environment variable that is read when the flag is not given. */
  readonly env?: string;
  /** What stands for the value in help: `FILE`, `N`, or the choices themselves. */
  readonly value?: string;
  readonly describe: string;
  /** Default text, without flag, environment and job file. */
  readonly default?: string;
  /** Commands with another default. */
  readonly defaultOn?: Readonly<Partial<Record<CommandName, string>>>;
  readonly parse?: (text: string, where: string) => unknown;
  /** For an `optional` flag: commands on which it always or never has a value. */
  readonly as?: Readonly<Partial<Record<CommandName, FlagAs>>>;
  /** Flags that can't be combined with it. `because` is the end of a sentence that starts with the other flag's name. */
  readonly conflicts?: { readonly with: readonly string[]; readonly because: string };
}

/** A flag on one command. */
export interface FlagAs {
  readonly kind: 'switch' | 'value';
  readonly describe: string;
}

/** The default text of a flag; `command` may have its own. */
export function defaultOf({ default: standard, defaultOn = {} }: Flag, command?: CommandName): string | undefined {
  return (command === undefined ? undefined : defaultOn[command]) ?? standard;
}

/** The flags of a command by name, in the order of the table. */
export function flagsOf<T extends Readonly<Record<string, Flag>>>(
  table: T,
  name: CommandName,
): [keyof T & string, Flag][] {
  return Object.entries(table)
    .filter(([, { on }]) => on.includes(name))
    .map(([flag, each]) => [flag, asOn(each, name)]);
}

function asOn({ as = {}, value, ...flag }: Flag, name: CommandName): Flag {
  const own = as[name];
  return { ...flag, ...own, ...(value === undefined || own?.kind === 'switch' ? {} : { value }) };
}
