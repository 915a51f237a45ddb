// The program in this process, on a clock that a test moves: everything else (socket, files, commands) is real.
import { Writable } from 'node:stream';
import { main } from '../../src/cli/program.ts';
import { world } from './context.ts';

/** Runs a command line as if it were `now` (epoch ms); time goes on from there, or is what the function says. Returns the exit code and what was said. */
export async function leaversAt(
  now: number | (() => number),
  args: readonly string[],
  { env, cwd }: { env: Record<string, string>; cwd: string },
) {
  const offset = typeof now === 'number' ? now - Date.now() : 0;
  const said = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof said) =>
    new Writable({
      write: (chunk: Buffer, _, done) => {
        said[name] += chunk.toString();
        done();
      },
    });
  const clock = { now: typeof now === 'number' ? () => Date.now() + offset : now, monotonic: () => performance.now() };
  const context = world({
    clock,
    env,
    cwd,
    stdout: stream('stdout') as unknown as NodeJS.WriteStream,
    stderr: stream('stderr') as unknown as NodeJS.WriteStream,
  });
  const code = await main(args, context, { onCommandStart: () => {}, secrets: [] });
  return { code, ...said };
}
