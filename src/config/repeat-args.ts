// repeatableArgs: arguments and flags of a run that the suggested next command repeats.
import type { Flag } from './flags/flag.ts';
import { type FlagName, flags } from './flags/flag-table.ts';
import type { ParsedArgs } from './precedence.ts';

/** Flags that a suggested command sets itself, that apply to one command only, or that are secret (addresses of monitors and chats). */
const omittedFlags: ReadonlySet<string> = new Set([
  'report',
  'resume',
  'retry-unknown',
  'dry-run',
  'ping',
  'notify',
  'json',
  'verbose',
]);

/** Arguments and flags of `run`, each as a word. No flag holds a secret but the addresses of a monitor and a chat. */
export function repeatableArgs({ flags: flagValues, positionals: args }: ParsedArgs): string[] {
  const all = (Object.entries(flags) as [FlagName, Flag][]).filter(
    ([name, { on }]) =>
      on.includes('run') && !omittedFlags.has(name) && flagValues[name] !== undefined && flagValues[name] !== false,
  );
  // An optional flag without a value would take the next word for its value.
  const sorted = all.toSorted(([, a], [, b]) => Number(a.kind === 'optional') - Number(b.kind === 'optional'));
  return [...args, ...sorted.flatMap(([name]) => wordsOf(name, flagValues[name]))];
}

function wordsOf(name: FlagName, typed: ParsedArgs['flags'][FlagName]): string[] {
  if (typed === true || typed === '') return [`--${name}`];
  return [typed ?? []]
    .flat()
    .map(String)
    .flatMap((text) => (text.startsWith('-') ? [`--${name}=${text}`] : [`--${name}`, text]));
}
