// runKeyCommand: runs the command that prints the API key, without a shell.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Context } from '../../context.ts';
import { LeaversError } from '../../errors.ts';
import { sanitize } from '../../text/sanitize.ts';

const run = promisify(execFile);
/** Longest wait for the command, which may ask for a fingerprint, in ms. */
const timeoutMs = 120_000;
/** API keys and API tokens of this vendor. */
const keys = /AT[AC]TT3\S*/g;
/** Most bytes of its output. */
const maxBytes = 16_384;

/** The output of the command; the signal ends it. Throws LeaversError `config` when it fails, with the last line of its error output on a second line. */
export async function runKeyCommand(
  [program = '', ...args]: readonly string[],
  { env, cwd }: Context,
  signal?: AbortSignal,
): Promise<string> {
  const options = {
    env: { ...env },
    cwd,
    timeout: timeoutMs,
    maxBuffer: maxBytes,
    encoding: 'utf8',
    windowsHide: true,
    ...(signal === undefined ? {} : { signal }),
  } as const;
  const running = run(program, args, options);
  // The command must not read a manifest from standard input.
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
  if (code === 'ENOENT') return 'was not found';
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return 'printed more than a key';
  if (killed) return `printed no key within ${timeoutMs / 1000} s`;
  const last = (stderr.trim().split('\n').at(-1) ?? '').replace(keys, '[key]');
  // On a second line, because --notify sends the first line and the output may be private.
  return `exited with code ${code}${last === '' ? '' : `\n  it said: ${sanitize(last, 200)}`}`;
}
