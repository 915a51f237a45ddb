// What a command is to the program: its words, its help, and how it starts. The commands themselves are in table.ts.
import type { Context } from '../context.ts';
import type { CommandName } from '../config/flags/flag.ts';
import type { FlagReader, ParsedArgs } from '../config/precedence.ts';
import type { Mask } from '../terminal/render-error.ts';

/** A command line that was understood. */
export interface Call {
  readonly name: CommandName;
  readonly args: ParsedArgs;
  /** Flags, environment and defaults; a job file is only known to settings. */
  readonly flag: FlagReader;
  readonly context: Context;
  /** Makes sure that no error shows a secret from now on. */
  readonly hide: (mask: Mask) => void;
}

/** One value of the table of commands. `start` imports the command's own file, so that help costs nothing of it. */
export interface Command {
  /** Its arguments as help shows them. */
  readonly args: string;
  readonly least: number;
  readonly most: number;
  readonly summary: string;
  /** What to know beyond the summary, in sentences. */
  readonly about?: string;
  /** A command line without the program's name, and what it is for. Shown first. */
  readonly examples: readonly (readonly [line: string, means: string])[];
  /** The command listens for signals itself; otherwise the first one ends the process. */
  readonly handlesSignals?: boolean;
  /** Returns the exit code. */
  readonly start: (call: Call) => Promise<number>;
}
