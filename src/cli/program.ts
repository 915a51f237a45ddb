// Runs one command line from argv to exit code. Help and version need no parsing; every error is rendered here.
import type { Context } from '../context.ts';
import { exitCodes } from '../errors.ts';
import { type CommandName, commandNames, flagsOf } from '../config/flags/flag.ts';
import { flags } from '../config/flags/flag-table.ts';
import { renderError, type Mask } from '../terminal/render-error.ts';
import { renderHelp, renderOverview } from './help.ts';
import { hasSwitch, parseArgs, unknownCommand } from './parse-args.ts';
import { jsonStream, paintFor, print } from '../terminal/output.ts';
import { commands } from './registry.ts';

/** Callbacks and secrets that the process shares with a command. */
export interface ProcessHooks {
  /** A command begins. */
  onCommandStart(name: CommandName): void;
  /** Secrets to mask in all errors from now on. */
  readonly secrets: Mask[];
}

/** Runs a command line and returns its exit code; never throws. */
export async function main(argv: readonly string[], processContext: Context, hooks: ProcessHooks): Promise<number> {
  const plain = hasSwitch(argv, 'no-color')
    ? { ...processContext, env: { ...processContext.env, NO_COLOR: '1' } }
    : processContext;
  const context = errorFormat(argv, plain).json ? { ...plain, stderr: jsonStream(plain.stderr, plain) } : plain;
  try {
    const text = immediate(argv, context);
    if (text === undefined) return await start(argv, context, hooks);
    await print(context.stdout, text);
    return exitCodes.ok;
  } catch (error) {
    const { code, text } = renderError(error, { ...errorFormat(argv, context), masks: hooks.secrets }, context);
    await print(context.stderr, text);
    return code;
  }
}

/** The format of errors, from unparsed argv and environment, because parsing itself may fail. */
export function errorFormat(argv: readonly string[], { env }: Context): { verbose: boolean; json: boolean } {
  const at = argv.indexOf('--log-format');
  const format = at < 0 ? env['LEAVERS_LOG_FORMAT'] : argv[at + 1];
  return {
    verbose: hasSwitch(argv, 'verbose') || Boolean(env['LEAVERS_VERBOSE']),
    json: format === 'json' || argv.includes('--log-format=json'),
  };
}

/** Help and version need no parsing; undefined when a command is to be started. */
function immediate(argv: readonly string[], context: Context): string | undefined {
  const isHelpCommand = argv[0] === 'help';
  const paint = paintFor(context.stdout, context.env);
  const bold = (text: string) => paint('bold', text);
  if (hasSwitch(argv, 'version')) return context.version;
  if (argv.length > 0 && !isHelpCommand && !hasSwitch(argv, 'help')) return undefined;
  const word = argv.slice(isHelpCommand ? 1 : 0).find((each) => !each.startsWith('-'));
  const [tables, style] = [
    { commands, flags },
    { bold, columns: context.stdout.columns },
  ];
  if (word === undefined) return renderOverview(tables, style);
  const name = commandNames.find((each) => each === word);
  if (name === undefined) throw unknownCommand(word);
  return renderHelp(name, tables, style);
}

async function start(argv: readonly string[], context: Context, hooks: ProcessHooks): Promise<number> {
  const { name, args } = await parseArgs(argv, commands);
  const command = commands[name];
  const { openCall } = await import('./open-call.ts');
  const call = openCall({ name, args, context, secrets: hooks.secrets });
  try {
    // A wrong value is reported before anything is done; the reader keeps the parsed values.
    for (const [flag] of flagsOf(flags, name)) call.flag(flag);
  } catch (error) {
    await command.refused?.(call, error);
    throw error;
  }
  hooks.onCommandStart(name);
  const off = command.handlesSignals === true ? undefined : exitOnSignal(context);
  return command.start(call).finally(off);
}

/** Process 1 of a container has no default signal handlers. */
function exitOnSignal(context: Context): () => void {
  return context.onSignal((signal) => context.exit(exitCodes[signal]));
}
