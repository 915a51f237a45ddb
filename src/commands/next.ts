// The command to go on with, ready to paste: what was typed, so that a guard that held the first time holds the next time too.
import { exitCodes } from '../errors.ts';
import { type FlagName, flags } from '../options/flags.ts';
import type { RunSettings, Settings } from '../options.ts';
import type { Executed } from '../run/execute.ts';

/** What the next command has of its own, and what is not for a second time or for other eyes. */
const left: readonly string[] = ['report', 'resume', 'retry-unknown', 'dry-run', 'organizations', 'index', 'ping'];
/** What has been done to the rows of a saved plan. */
const spent: readonly string[] = ['job', 'format', 'encoding', 'delimiter', 'ignore-columns', 'skip-invalid'];

/** The command after a run, or undefined when nothing is left to do. */
export function nextCommand({ exitCode }: Executed, report: string, { run }: Settings): string | undefined {
  if (exitCode === exitCodes.ok) return undefined;
  return [
    'leavers run',
    ...run.manifests.map(quote),
    `--report ${quote(report)} --resume`,
    ...(exitCode === exitCodes.unknown ? ['--retry-unknown'] : []),
    ...wordsOf(run.typed, left),
  ].join(' ');
}

/** The command after a plan that was saved as `out`, or only shown. */
export function runCommand({ manifests, typed }: RunSettings, out: string | undefined): string {
  const files = out === undefined ? manifests : [out];
  const words = wordsOf(typed, out === undefined ? [...left, 'json'] : [...left, ...spent, 'json']);
  return ['leavers run', ...files.map(quote), ...words].join(' ');
}

function wordsOf(typed: RunSettings['typed'], without: readonly string[]): string[] {
  return Object.entries(typed).flatMap(([name, value]) => {
    if (without.includes(name) || !flags[name as FlagName].on.some((command) => command === 'run')) return [];
    const values = typeof value === 'object' ? value : [value];
    return values.flatMap((each) => {
      if (each === false) return [];
      return each === true || each === '' ? [`--${name}`] : [`--${name} ${quote(each)}`];
    });
  });
}

/** A word as a POSIX shell takes it whole. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
