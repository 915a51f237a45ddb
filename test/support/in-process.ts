// Runs command lines in this process: argv in, exit code and output out. Sockets, files and commands are real.
import { Readable, Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { main } from '../../src/cli/program.ts';
import type { Context } from '../../src/context.ts';
import { world } from './context.ts';
import { root } from './spawn.ts';

/** What a command line ended with. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the checkout, as for a spawned program. */
  readonly cwd?: string;
  readonly stdin?: string | Buffer;
  /** The wall clock in epoch ms; default: the real one. */
  readonly now?: () => number;
  /** How many times faster than real the run's time passes, so that tests of back-off end soon; default 1. */
  readonly speed?: number;
  /** Columns of a terminal that both outputs are; nothing is redrawn on it. Default: no terminal. */
  readonly columns?: number;
}

/** Runs a command line to its end with an environment, input and output of its own. */
export async function leavers(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const [stdout, stderr] = [capture(options.columns), capture(options.columns)];
  const terminal = options.columns === undefined ? {} : { CI: 'true' };
  const context = world({
    ...timeAt(options.speed ?? 1, options.now ?? (() => Date.now())),
    env: { NO_COLOR: '1', ...terminal, ...options.env },
    cwd: options.cwd ?? root,
    stdin: Readable.from([Buffer.from(options.stdin ?? '')]),
    stdout: stdout.stream,
    stderr: stderr.stream,
  });
  const code = await main(args, context, { onCommandStart: () => {}, secrets: [] });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

/** The run's clock and sleeps. The wall clock keeps its pace: reports are compared with the time of the test. */
function timeAt(speed: number, now: () => number): Pick<Context, 'clock' | 'sleep'> {
  return {
    clock: { now, monotonic: () => performance.now() * speed },
    sleep: async (ms, signal) => {
      await wait(ms / speed, undefined, { signal }).catch(() => {});
    },
  };
}

function capture(columns?: number): { stream: Context['stdout']; text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _, done) => {
      chunks.push(chunk);
      done();
    },
  });
  const terminal = columns === undefined ? {} : { isTTY: true, columns };
  return { stream: Object.assign(stream, terminal), text: () => Buffer.concat(chunks).toString() };
}

/** Runs a command line as if it were `now` (epoch ms); time goes on from there, or is what the function says. */
export function leaversAt(
  now: number | (() => number),
  args: readonly string[],
  { env, cwd }: { env: Record<string, string>; cwd: string },
): Promise<Ended> {
  const offset = typeof now === 'number' ? now - Date.now() : 0;
  return leavers(args, { env, cwd, now: typeof now === 'number' ? () => Date.now() + offset : now });
}
