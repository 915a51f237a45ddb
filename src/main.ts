// The entry point: builds the real `Context`, starts the program with it, and makes sure that the process ends with the right exit code.
import { randomUUID } from 'node:crypto';
import { openSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { setTimeout as after } from 'node:timers';
import { ReadStream } from 'node:tty';
import manifest from '../package.json' with { type: 'json' };
import { renderError } from './terminal/render-error.ts';
import { type ProcessHooks, main, errorFormat } from './cli/program.ts';
import type { Context, SignalName } from './context.ts';
import { exitCodes, LeaversError } from './errors.ts';

/** The longest delay of a Node timer, in ms. A longer sleep ends early, and the caller checks the clock again. */
const longest = 2 ** 31 - 1;

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = after(done, Math.min(Math.max(0, ms), longest));
    signal?.addEventListener('abort', done, { once: true });
  });
}

function onSignal(handler: (signal: SignalName) => void): () => void {
  const names = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;
  for (const name of names) process.on(name, handler);
  return () => {
    for (const name of names) process.off(name, handler);
  };
}

/** The user's name; empty for a container's user id without a name. */
function user(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env['USER'] ?? `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

/** Getters, so that unused streams and look-ups cost nothing at start. */
const context: Context = {
  clock: { now: () => Date.now(), monotonic: () => performance.now() },
  sleep,
  random: () => Math.random(),
  uuid: randomUUID,
  env: process.env,
  get stdin() {
    return process.stdin;
  },
  openTerminal: () => {
    try {
      return new ReadStream(openSync('/dev/tty', 'r'));
    } catch {
      return undefined;
    }
  },
  get stdout() {
    return process.stdout;
  },
  get stderr() {
    return process.stderr;
  },
  cwd: process.cwd(),
  get tmpdir() {
    return tmpdir();
  },
  pid: process.pid,
  get hostname() {
    return hostname();
  },
  get user() {
    return user();
  },
  uid: process.getuid?.(),
  version: manifest.version,
  exit: (code) => process.exit(code),
  onSignal,
};

const argv = process.argv.slice(2);
let ended = false;
/** True for a run, which continues when its output is closed; other commands stop. */
let outlivesOutput = false;
const hooks: ProcessHooks = {
  onCommandStart: (name) => {
    outlivesOutput = name === 'run';
  },
  secrets: [],
};

function fail(error: unknown): void {
  const { code, text } = renderError(error, { ...errorFormat(argv, context), masks: hooks.secrets }, context);
  process.stderr.write(`${text}\n`);
  process.exit(code);
}

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
process.stderr.on('error', () => {});
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (outlivesOutput) return;
  if (error.code === 'EPIPE') process.exit(exitCodes.ok);
  fail(new LeaversError('disk', `stdout can't be written (${error.code})`));
});
// Node ends with 0 when a promise never settles and no timer or socket is open. An unfinished run would look finished.
process.on('beforeExit', () => {
  if (!ended) fail(new Error('the event loop is empty, but the command has not ended'));
});

process.exitCode = await main(argv, context, hooks);
ended = true;
// Everything should be closed by now. A handle that is still open must not keep a cron job hanging.
after(() => process.exit(), 3000).unref();
