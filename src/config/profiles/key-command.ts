// runKeyCommand: runs the command that prints the API key, without a shell.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Context } from '../../context.ts';
import { LeaversError } from '../../errors.ts';
import { sanitize } from '../../text/sanitize.ts';

const run = promisify(execFile);
/** Longest wait for the command, which may ask for a fingerprint, in ms. */
const patience = 120_000;
/** API keys and API tokens of this vendor. */
const keys = /AT[AC]TT3\S*/g;
/** Bytes of its output. */
const most = 16_384;

/** What the command prints; the signal ends it. Throws LeaversError `config` when it fails, with the last line of its error output on a second line. */
export async function runKeyCommand(
  [program = '', ...args]: readonly string[],
  { env, cwd }: Context,
  signal?: AbortSignal,
): Promise<string> {
  const options = {
    env: { ...env },
    cwd,
    timeout: patience,
    maxBuffer: most,
    encoding: 'utf8',
    windowsHide: true,
    ...(signal === undefined ? {} : { signal }),
  } as const;
  const running = run(program, args, options);
  // A manifest on standard input is not for this command.
  running.child.stdin?.end();
  try {
    return (await running).stdout;
  } catch (error) {
    throw new LeaversError('config', `the command for the API key failed: ${sanitize(program, 60)} ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  const { code, killed = false, stderr = '' } = error as { code?: string | number; killed?: boolean; stderr?: string };
  if (code === 'ABORT_ERR') return 'was stopped';
  if (code === 'ENOENT') return 'is no program that can be found';
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return 'printed more than a key';
  if (killed) return `gave no key within ${patience / 1000} s`;
  const last = (stderr.trim().split('\n').at(-1) ?? '').replace(keys, '[key]');
  // On a line of its own: --notify sends the first line, and nobody knows what a command says.
  return `ended with ${code}${last === '' ? '' : `\n  it said: ${sanitize(last, 200)}`}`;
}
