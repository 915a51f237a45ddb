// The command to go on with, ready to paste: resume what is left, or look at what is unknown.
import { exitCodes } from '../errors.ts';
import type { Settings } from '../options.ts';
import type { Executed } from '../run/execute.ts';

/** A shell command, or undefined when nothing is left to do. */
export function nextCommand({ exitCode }: Executed, report: string, settings: Settings): string | undefined {
  if (exitCode === exitCodes.ok) return undefined;
  const { manifests, sandbox, job } = settings.run;
  const words = [
    'leavers run',
    ...manifests.map(quote),
    `--report ${quote(report)} --resume`,
    ...(job === undefined ? [] : [`--job ${quote(job)}`]),
    ...(exitCode === exitCodes.unknown ? ['--retry-unknown'] : []),
    ...settings.guards.allow.map((name) => `--allow ${name}`),
    ...(sandbox === true ? ['--sandbox'] : sandbox === false ? [] : [`--sandbox ${quote(sandbox)}`]),
  ];
  return words.join(' ');
}

/** A word as a POSIX shell takes it whole. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
