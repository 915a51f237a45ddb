// argv → command, flags and arguments, by yargs; what is not known gets a sentence with the nearest known word. Values are parsed in settings/.
import yargs, { type Options } from 'yargs';
import { LeaversError } from '../errors.ts';
import { didYouMean } from '../text/suggest.ts';
import { type CommandName, commandNames, type Flag } from '../config/flags/flag.ts';
import { flags } from '../config/flags/flag-table.ts';
import { revealInvisible } from '../text/sanitize.ts';
import type { ParsedArgs } from '../config/precedence.ts';
import { unknownCommand } from './known-words.ts';

const table: Readonly<Record<string, Flag>> = flags;

/** `duplicate-arguments-array` stays on, so that a flag given twice is noticed; nothing is guessed from a value's looks. */
const configuration = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'greedy-arrays': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
  'strip-aliased': true,
};

/** The command and its words. Throws LeaversError `usage`. */
export async function parseArgs(argv: readonly string[]): Promise<{ name: CommandName; args: ParsedArgs }> {
  const {
    _: [first, ...positionals],
    $0: _,
    ...given
  } = await parseArgv(argv);
  if (first === undefined) throw new LeaversError('usage', 'no command; `leavers -h` lists them');
  const name = commandNames.find((each) => each === String(first));
  if (name === undefined) throw unknownCommand(String(first));
  for (const flag of Object.keys(given)) refuseUnknown(flag, name);
  return { name, args: { flags: given, positionals: positionals.map(String) } };
}

async function parseArgv(argv: readonly string[]): Promise<Record<string, unknown> & { _: (string | number)[] }> {
  try {
    return await yargs([...argv])
      .parserConfiguration(configuration)
      .detectLocale(false)
      .help(false)
      .version(false)
      .options(Object.fromEntries(Object.entries(table).map(([name, flag]) => [name, optionOf(flag)])))
      .exitProcess(false)
      .fail(false)
      .parseAsync();
  } catch (error) {
    const [, name = ''] = /following: (\S+)/.exec((error as Error).message) ?? [];
    if (!(name in table)) throw error;
    throw new LeaversError('usage', `--${name} needs a value: --${name} ${table[name]?.value ?? ''}`.trimEnd());
  }
}

function optionOf({ kind, alias }: Flag): Options {
  const short = alias === undefined ? {} : { alias };
  if (kind === 'switch') return { type: 'boolean', ...short };
  return { type: 'string', ...(kind === 'optional' ? {} : { nargs: 1 }), ...short };
}

function refuseUnknown(flag: string, name: CommandName): void {
  const known = table[flag];
  if (known?.on.includes(name)) return;
  const dashed = `${flag.length === 1 ? '-' : '--'}${revealInvisible(flag.slice(0, 60))}`;
  if (known !== undefined)
    throw new LeaversError('usage', `${name} has no ${dashed}; it belongs to ${known.on.join(', ')}`);
  const own = Object.keys(table).filter((each) => table[each]?.on.includes(name));
  const hint = didYouMean(flag, own).replace(/"(.+)"/, '--$1') || `; \`leavers ${name} -h\` lists its flags`;
  throw new LeaversError('usage', `${name} has no ${dashed}${hint}`);
}
