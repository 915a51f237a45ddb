// Flag over environment over job file over default: where the text of a setting comes from, and its value. Meaning is given in settings.ts.
import { InputError, LeaversError } from '../errors.ts';
import type { Flag } from './flags/flag.ts';
import { type FlagName, flags, type FlagValue } from './flags/flag-table.ts';
import { parseSwitch } from './flags/parse-value.ts';

/** A flag as it was typed: true for a bare switch, several texts for a repeated list. */
export type RawValue = boolean | string | readonly string[];

/** The words of a command line: flags by name, and what is not a flag. */
export interface ParsedArgs {
  readonly flags: Readonly<Partial<Record<FlagName, RawValue>>>;
  readonly positionals: readonly string[];
}

/** Texts for flags out of a job file, and the name of that file for errors. */
export interface JobFlagValues {
  readonly path: string;
  readonly texts: Readonly<Partial<Record<FlagName, RawValue>>>;
}

/** Looks a setting up. Throws LeaversError `usage` for a bad flag or variable, InputError for a bad job file. */
export type FlagReader = <N extends FlagName>(name: N) => FlagValue<N>;

interface Layer {
  readonly where: string;
  readonly typed: RawValue;
}

/** A lookup over the layers. */
export function flagReader(
  words: ParsedArgs,
  env: Readonly<Record<string, string | undefined>>,
  job?: JobFlagValues,
): FlagReader {
  const layer = (name: FlagName): Layer | undefined => {
    const flag: Flag = flags[name];
    const given = words.flags[name];
    if (given !== undefined) return { where: `--${name}`, typed: given };
    const text = flag.env === undefined ? undefined : env[flag.env];
    if (text !== undefined && text !== '') return { where: flag.env ?? name, typed: text };
    const fixed = job?.texts[name];
    if (fixed !== undefined) return { where: `${job?.path}: ${name}`, typed: fixed };
    return flag.default === undefined ? undefined : { where: `--${name}`, typed: flag.default };
  };
  return (name) => {
    const found = layer(name);
    try {
      // The table gives each flag its parser, so the value is of the type that the table says.
      return valueOf(flags[name], found) as FlagValue<typeof name>;
    } catch (error) {
      if (found?.where.startsWith(`${job?.path}: `) === true && error instanceof LeaversError)
        throw new InputError(error.message);
      throw error;
    }
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
  // NO_COLOR counts when it holds anything at all.
  return flag.env === 'NO_COLOR' ? true : parseSwitch(String(typed), where);
}

/** Words of a list may be joined with commas; a path may hold one. */
function textsOf({ value }: Flag, typed: RawValue): string[] {
  const texts = [typed].flat().map(String);
  return value === 'FILE' ? texts : texts.flatMap((text) => text.split(','));
}

function parse(flag: Flag, text: string, { where }: Layer): unknown {
  return flag.parse === undefined ? text : flag.parse(text, where);
}
