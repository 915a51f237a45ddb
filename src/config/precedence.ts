// Reads flags: flag over environment over job file over profile over default. Each value is parsed once.
import { InputError, LeaversError } from '../errors.ts';
import { type CommandName, defaultOf, type Flag } from './flags/flag.ts';
import { type FlagName, flags, type FlagValue } from './flags/flag-table.ts';
import { parseSwitch } from './flags/parse-value.ts';

/** A flag as it was typed: true for a bare switch, several texts for a repeated list. */
export type RawValue = boolean | string | readonly string[];

/** A parsed command line: flags by name, and positionals. */
export interface ParsedArgs {
  readonly flags: Readonly<Partial<Record<FlagName, RawValue>>>;
  readonly positionals: readonly string[];
}

/** Flag values from a job file or a profile, with their source and the kind of error for a wrong one. */
export interface FlagDefaults {
  readonly path: string;
  readonly kind: 'invalid' | 'config';
  readonly texts: Readonly<Partial<Record<FlagName, RawValue>>>;
}

/** Reads flags by name and parses each once. Throws LeaversError `usage` for a bad flag or variable, `invalid` for a bad job file, `config` for a bad profile. */
export interface FlagReader {
  <N extends FlagName>(name: N): FlagValue<N>;
  /** Whether the flag is on the command line itself. */
  isTyped(name: FlagName): boolean;
  /** A reader over the same parsed values with other defaults; these replace those of an earlier call. */
  withDefaults(defaults: FlagDefaults): FlagReader;
}

interface Layer {
  readonly where: string;
  readonly typed: RawValue;
}

/** Opens the reader of a command line: flag over environment over default. `command` may have its own defaults. */
export function flagReader(
  args: ParsedArgs,
  env: Readonly<Record<string, string | undefined>>,
  command?: CommandName,
): FlagReader {
  const explicitValue = (name: FlagName): Layer | undefined => {
    const flag: Flag = flags[name];
    const typed = args.flags[name];
    if (typed !== undefined) return { where: `--${name}`, typed };
    const text = flag.env === undefined ? undefined : env[flag.env];
    return text === undefined || text === '' ? undefined : { where: flag.env ?? name, typed: text };
  };
  const isTyped = (name: FlagName) => args.flags[name] !== undefined;
  const read = cached((name) => valueOf(flags[name], explicitValue(name) ?? standard(name, command)));
  const over = (below: (name: FlagName) => unknown, defaults: FlagDefaults): FlagReader => {
    const own = cached((name) => {
      const text = explicitValue(name) === undefined ? defaults.texts[name] : undefined;
      return text === undefined ? below(name) : defaultValue(name, text, defaults);
    });
    return Object.assign(own, { isTyped, withDefaults: (others: FlagDefaults) => over(own, others) });
  };
  return Object.assign(read, { isTyped, withDefaults: (defaults: FlagDefaults) => over(read, defaults) });
}

/** The value of a job file's or a profile's text for a flag. */
function defaultValue(name: FlagName, typed: RawValue, { path, kind }: FlagDefaults): unknown {
  try {
    return valueOf(flags[name], { where: `${path}: ${name}`, typed });
  } catch (error) {
    if (!(error instanceof LeaversError)) throw error;
    throw kind === 'invalid' ? new InputError(error.message) : new LeaversError(kind, error.message);
  }
}

function standard(name: FlagName, command: CommandName | undefined): Layer | undefined {
  const typed = defaultOf(flags[name], command);
  return typed === undefined ? undefined : { where: `--${name}`, typed };
}

/** Parses a flag on first use and caches the value. */
function cached(parseFlag: (name: FlagName) => unknown): <N extends FlagName>(name: N) => FlagValue<N> {
  const values = new Map<FlagName, unknown>();
  return (name) => {
    if (!values.has(name)) values.set(name, parseFlag(name));
    // The type of the value follows from the flag's parser in the table.
    return values.get(name) as FlagValue<typeof name>;
  };
}

function valueOf(flag: Flag, found: Layer | undefined): unknown {
  if (flag.kind === 'switch') return found !== undefined && switchOf(flag, found);
  if (flag.kind === 'list')
    return found === undefined ? [] : textsOf(flag, found.typed).map((text) => parse(flag, text, found));
  if (found === undefined) return undefined;
  if (flag.kind === 'optional' && (found.typed === true || found.typed === '')) return true;
  const [text = '', ...more] = typeof found.typed === 'object' ? found.typed : [String(found.typed)];
  if (more.length > 0)
    throw new LeaversError('usage', `${found.where} is given ${more.length + 1} times; give it once`);
  return parse(flag, text, found);
}

function switchOf(flag: Flag, { where, typed }: Layer): boolean {
  if (typeof typed === 'boolean') return typed;
  // Any value of NO_COLOR counts.
  return flag.env === 'NO_COLOR' ? true : parseSwitch(String(typed), where);
}

/** Items of a list may be joined with commas, except paths, which may contain commas. */
function textsOf({ value }: Flag, typed: RawValue): string[] {
  const texts = [typed].flat().map(String);
  return value === 'FILE' ? texts : texts.flatMap((text) => text.split(','));
}

function parse(flag: Flag, text: string, { where }: Layer): unknown {
  return flag.parse === undefined ? text : flag.parse(text, where);
}
