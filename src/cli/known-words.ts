// Words that are known before anything is parsed: switches that stand in argv, and the error for what is no command.
import { LeaversError } from '../errors.ts';
import { didYouMean } from '../text/suggest.ts';
import { commandNames, type Flag } from '../config/flags/flag.ts';
import { type FlagName, flags } from '../config/flags/flag-table.ts';
import { quote } from '../text/quote.ts';

/** The error for a word that is no command. */
export function unknownCommand(word: string): LeaversError {
  const hint = didYouMean(word, commandNames);
  return new LeaversError(
    'usage',
    `${quote(word)} is not a command${hint}${hint === '' ? ';' : ''} \`leavers -h\` lists them`,
  );
}

/** True when a switch stands in argv, before anything is parsed: for help and the ways of saying errors. */
export function hasSwitch(argv: readonly string[], name: FlagName): boolean {
  const end = argv.indexOf('--');
  const words = end < 0 ? argv : argv.slice(0, end);
  const { alias }: Flag = flags[name];
  return words.includes(`--${name}`) || (alias !== undefined && words.includes(`-${alias}`));
}
