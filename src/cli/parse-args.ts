// Parses argv into a command, its flags and positionals. yargs does it, from the tables of commands and flags; the sentences are ours.
import type { Argv, Options } from 'yargs';
import type { Command } from '../commands/command.ts';
import { type CommandName, commandNames, type Flag, flagsOf } from '../config/flags/flag.ts';
import { type FlagName, flags } from '../config/flags/flag-table.ts';
import type { ParsedArgs } from '../config/precedence.ts';
import { LeaversError } from '../errors.ts';
import { quote } from '../text/quote.ts';
import { revealInvisible } from '../text/sanitize.ts';
import { didYouMean } from '../text/suggest.ts';

/** `duplicate-arguments-array` stays on, so that a repeated flag is noticed. Names and values are taken as they stand. */
const configuration = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'greedy-arrays': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
  'strip-aliased': true,
};

/** The command and its arguments. Throws LeaversError `usage`. */
export async function parseArgs(
  argv: readonly string[],
  commands: Readonly<Record<CommandName, Command>>,
): Promise<{ name: CommandName; args: ParsedArgs }> {
  const parsed = await parseArgv(argv);
  const {
    _: [first, ...others],
    $0: _,
    ...flagValues
  } = parsed;
  const name = commandNames.find((each) => each === first);
  if (name === undefined) throw unknownCommand(String(first));
  const positionals = others.map(String);
  refuseCount(name, commands[name], positionals);
  return { name, args: { flags: flagValues, positionals } };
}

/** Whether argv has the switch, before any `--`. For help and the format of errors, which must work before argv is parsed. */
export function hasSwitch(argv: readonly string[], name: FlagName): boolean {
  const end = argv.indexOf('--');
  const words = end < 0 ? argv : argv.slice(0, end);
  const { alias }: Flag = flags[name];
  return words.includes(`--${name}`) || (alias !== undefined && words.includes(`-${alias}`));
}

/** The error for a word that is no command. */
export function unknownCommand(word: string): LeaversError {
  const hint = didYouMean(word, commandNames);
  return usage(`${quote(word)} is not a command${hint}${hint === '' ? ';' : ''} \`leavers -h\` lists them`);
}

type Parsed = Record<string, unknown> & { _: (string | number)[] };

/**
 * Features of yargs that we do not use, and why:
 * - help, version: ours are shown without loading yargs, so that a start stays short.
 * - positionals: yargs also accepts them as flags (`--manifest x`).
 * - number of positionals, demandOption: yargs checks them before unknown flags, and would answer `inactive --day 9` with "--days is missing".
 * - choices, coerce: a value also comes from a variable or a job file; FlagReader parses all of them, with one sentence.
 * - strictCommands, recommendCommands: `leavers rnu -h` needs their sentence too, and does not load yargs.
 * - implies: no flag needs another.
 */
async function parseArgv(argv: readonly string[]): Promise<Parsed> {
  const { default: yargs } = await import('yargs');
  let command: CommandName | undefined;
  const parser = yargs([...argv])
    .parserConfiguration(configuration)
    .detectLocale(false)
    .help(false)
    .version(false)
    // Every flag may stand before the command. `withFlags` checks which of them the command takes.
    .options(optionsOf(Object.entries(flags), { global: false }))
    .demandCommand(1, 'no command; `leavers -h` lists them')
    .exitProcess(false)
    .fail((message: string, error: Error | undefined) => {
      // An error that yargs did not make is a bug, and keeps its stack.
      throw error === undefined || error.name === 'YError' ? usage(sentenceOf(message, command)) : error;
    });
  for (const name of commandNames)
    parser.command({
      command: name,
      describe: false,
      builder: (own) => {
        command = name;
        return withFlags(own, name);
      },
      handler: () => {},
    });
  return await parser.parseAsync();
}

function withFlags(parser: Argv, name: CommandName): Argv {
  const own = flagsOf<Readonly<Record<string, Flag>>>(flags, name);
  for (const [flag, { conflicts }] of own) if (conflicts !== undefined) parser.conflicts(flag, conflicts.with);
  return parser.options(optionsOf(own)).strictOptions();
}

function optionsOf(table: readonly (readonly [string, Flag])[], more: Options = {}): Record<string, Options> {
  return Object.fromEntries(table.map(([name, flag]) => [name, { ...optionOf(flag), ...more }]));
}

function optionOf({ kind, alias }: Flag): Options {
  // yargs lays out its own help after each parse; with hidden flags that takes no time.
  const shared = { hidden: true, ...(alias === undefined ? {} : { alias }) };
  if (kind === 'switch') return { type: 'boolean', ...shared };
  return { type: 'string', ...(kind === 'optional' ? {} : { nargs: 1 }), ...shared };
}

/** Our wording for a message of yargs. Any other message is returned as it is: it is our own, like that for a missing command. */
function sentenceOf(message: string, command: CommandName | undefined): string {
  const [, valueless] = /^Not enough arguments following: (\S+)/.exec(message) ?? [];
  if (valueless !== undefined)
    return `--${valueless} needs a value: --${valueless} ${flagOf(valueless)?.value ?? ''}`.trimEnd();
  const [, unknown] = /^Unknown arguments?: ([^,]*)/.exec(message) ?? [];
  if (unknown !== undefined && command !== undefined) return unknownFlag(unknown, command);
  const [, flag = '', other] = /^Arguments (\S+) and (\S+) are mutually exclusive/.exec(message) ?? [];
  if (other !== undefined) return `--${other} ${flagOf(flag)?.conflicts?.because ?? `can't be given with --${flag}`}`;
  return message;
}

function flagOf(name: string): Flag | undefined {
  return Object.hasOwn(flags, name) ? flags[name as FlagName] : undefined;
}

function unknownFlag(flag: string, name: CommandName): string {
  const known = flagOf(flag);
  const dashed = `${flag.length === 1 ? '-' : '--'}${revealInvisible(flag.slice(0, 60))}`;
  if (known !== undefined) return `${name} has no ${dashed}; it belongs to ${known.on.join(', ')}`;
  const own = flagsOf(flags, name).map(([each]) => each);
  const hint = didYouMean(flag, own).replace(/"(.+)"/, '--$1') || `; \`leavers ${name} -h\` lists its flags`;
  return `${name} has no ${dashed}${hint}`;
}

function refuseCount(name: CommandName, { args, least, most }: Command, positionals: readonly string[]): void {
  if (positionals.length < least) throw usage(`${name} needs ${args}; \`leavers ${name} -h\` shows how`);
  const [extra] = positionals.slice(most);
  if (extra !== undefined)
    throw usage(`${name} takes ${args === '' ? 'no arguments' : `one ${args}`}; remove "${extra}"`);
}

function usage(message: string): LeaversError {
  return new LeaversError('usage', message);
}
