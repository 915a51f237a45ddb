// A Context for tests of rooms: the real clock and streams, nothing of the developer's environment.
import { randomUUID } from 'node:crypto';
import { hostname, tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { Context } from '../../src/context.ts';

/** The real world, with what a test wants otherwise. */
export function world(other: Partial<Context> = {}): Context {
  return {
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    sleep: async (ms, signal) => {
      await wait(ms, undefined, { signal }).catch(() => {});
    },
    random: Math.random,
    uuid: randomUUID,
    env: {},
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    cwd: process.cwd(),
    tmpdir: tmpdir(),
    pid: process.pid,
    hostname: hostname(),
    user: 'tester',
    version: '0.0.0',
    exit: (code) => {
      throw new Error(`exit ${code}`);
    },
    onSignal: () => () => {},
    ...other,
  };
}
