// A world for tests of the core: nothing of the developer's environment, a clock that stands, streams that remember.
import { PassThrough, Readable } from 'node:stream';
import type { Context } from '../../src/context.ts';

/** A context in `cwd` with this environment; what is written to a stream is read back with `said`. */
export function world(given: Partial<Context> = {}): Context & { said(): { stdout: string; stderr: string } } {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const text = (stream: PassThrough) => String(stream.read() ?? '');
  return {
    clock: { now: () => Date.parse('2026-11-24T03:00:00Z'), monotonic: () => 0 },
    sleep: () => Promise.resolve(),
    random: () => 0.5,
    fetch: () => Promise.reject(new Error('no network in this test')),
    env: {},
    stdin: Readable.from([]),
    stdout,
    stderr,
    cwd: '/',
    tmpdir: '/tmp',
    pid: 1,
    hostname: 'here',
    user: 'tester',
    version: '0.0.0',
    exit: () => {},
    onSignal: () => () => {},
    ...given,
    said: () => ({ stdout: text(stdout), stderr: text(stderr) }),
  };
}
