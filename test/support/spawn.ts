// The built program as a child process, and folders to run it in: what users start is what tests start.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');
const door = join(root, 'bin', 'leavers.cjs');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Start {
  /** A shell's words before the program, like `ulimit -f 8;`; the program replaces the shell. */
  readonly before?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

const state = folder();
process.on('exit', () => state[Symbol.dispose]());

/** Where children of this worker keep their locks, and have no configuration: test files that run at once would wait for each other in one folder. */
export const stateFolder = () => state.path;

/** The environment of a child: nothing of the developer's own settings. */
function environment(env: Start['env'] = {}): NodeJS.ProcessEnv {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME, XDG_STATE_HOME: stateFolder(), XDG_CONFIG_HOME: stateFolder(), NO_COLOR: '1', ...env };
}

/** A child under way, and the promise of its end. */
export function start(args: readonly string[], { before, cwd = root, env, stdin }: Start = {}) {
  const [program, words] =
    before === undefined
      ? [process.execPath, [door, ...args]]
      : ['bash', ['-c', `${before} exec "$0" "$@"`, process.execPath, door, ...args]];
  const child = spawn(program, words, { cwd, env: environment(env), stdio: 'pipe' });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => {});
  child.stdin.end(stdin ?? '');
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, ended, said: () => ({ stdout, stderr }) };
}

/** Runs the program to its end. */
export function leavers(args: readonly string[], options: Start = {}): Promise<Ended> {
  return start(args, options).ended;
}

/** A folder that is gone after the test file. */
export function folder(): { path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'leavers-test-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** The lines of an NDJSON file, parsed. */
export function ndjson(path: string): Record<string, unknown>[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
