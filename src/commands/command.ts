// Types of a command: its spec, and the call that starts it.
import type { Context } from '../context.ts';
import type { CommandName } from '../config/flags/flag.ts';
import type { FlagReader, ParsedArgs } from '../config/precedence.ts';
import type { Settings } from '../config/settings.ts';
import type { Mask } from '../terminal/render-error.ts';

/** A parsed command line. */
export interface Call {
  readonly name: CommandName;
  readonly args: ParsedArgs;
  /** Flags, environment and defaults. Only `settings` reads the job file. */
  readonly flag: FlagReader;
  readonly context: Context;
  /** Masks for every error of this process; `settings` adds the key. */
  readonly secrets: readonly Mask[];
  /** Resolves the settings of a command that may call the API, and prints their warnings. Call it once. */
  readonly settings: (needs: SettingsNeeds) => Promise<CommandSettings>;
  /** The call with other arguments and another context, as for one of several organizations. */
  readonly with: (changes: Pick<Call, 'args' | 'context'> & { readonly orgName?: string }) => Call;
}

/** What a command needs from its settings. */
export interface SettingsNeeds {
  /** False when no call will be made: then neither organization nor key is needed. */
  readonly online: boolean;
  /** Throw LeaversError `usage` when neither the command line nor the job file names a manifest. */
  readonly manifests?: boolean;
  /** False when a job file needs no steps. */
  readonly steps?: false;
}

/** Settings, and the reader for the flags that only one command has. */
export interface CommandSettings extends Settings {
  readonly flag: FlagReader;
}

/** The spec of a command. `start` imports the command's code, so that help does not load it. */
export interface Command {
  /** Its arguments as help shows them. */
  readonly args: string;
  readonly least: number;
  readonly most: number;
  readonly summary: string;
  /** Further sentences for help. */
  readonly about?: string;
  /** Command lines without the program's name, and their purpose. Help shows them first. */
  readonly examples: readonly (readonly [line: string, means: string])[];
  /** The command listens for signals itself; otherwise the first one ends the process. */
  readonly handlesSignals?: boolean;
  /** Called when a flag or an argument is wrong, before the error is reported. */
  readonly refused?: (call: Call, error: unknown) => Promise<void>;
  /** Returns the exit code. */
  readonly start: (call: Call) => Promise<number>;
}
