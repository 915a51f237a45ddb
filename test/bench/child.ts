// Programs as children, with what each used: wall time, CPU and the most memory. The server they call is a child as well.
import { fork, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerOptions, ServerReport } from './server.ts';

const here = import.meta.dirname;
export const door = join(here, '..', '..', 'bin', 'leavers.cjs');

/** A folder for everything that benchmarks write; gone at the end. */
export const room = mkdtempSync(join(tmpdir(), 'leavers-bench-'));
process.on('exit', () => rmSync(room, { recursive: true, force: true }));

export interface Used {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly rssMb: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Start {
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that are no failure of the benchmark; 0 when absent. */
  readonly codes?: readonly number[];
  /** Without the preloaded meter: wall time only. */
  readonly isBare?: boolean;
}

let measured = 0;

/** Runs Node with these words to its end. Throws with what it said when it fails. */
export async function measure(
  words: readonly string[],
  { env = {}, codes = [0], isBare = false }: Start = {},
): Promise<Used> {
  measured += 1;
  const file = join(room, `usage-${measured}.json`);
  const meter = isBare ? [] : ['--import', join(here, 'usage.ts')];
  const { PATH = '', HOME = '' } = process.env;
  const from = performance.now();
  const child = spawn(process.execPath, [...meter, ...words], { env: { PATH, HOME, BENCH_USAGE: file, ...env } });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.end();
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const wallMs = performance.now() - from;
  if (!codes.includes(code ?? -1)) throw new Error(`${words.join(' ')} ended with ${code}: ${stderr.slice(-2000)}`);
  const used = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Pick<Used, 'cpuMs' | 'rssMb'>)
    : { cpuMs: 0, rssMb: 0 };
  return { wallMs, ...used, stdout, stderr };
}

export interface Server {
  readonly url: string;
  /** Sets these options and restarts the counts. */
  set(options: ServerOptions): Promise<void>;
  report(): Promise<ServerReport>;
  stop(): void;
}

/** Starts the API in a process of its own. */
export async function openServer(options: ServerOptions = {}): Promise<Server> {
  const child = fork(join(here, 'server.ts'), { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const next = <T>() => new Promise<T>((resolve) => child.once('message', (message) => resolve(message as T)));
  const port = await next<number>();
  const set = async (wanted: ServerOptions) => {
    child.send(wanted);
    await next();
  };
  await set(options);
  const report = () => {
    child.send('report');
    return next<ServerReport>();
  };
  return { url: `http://127.0.0.1:${port}/admin`, set, report, stop: () => child.disconnect() };
}

/** `leavers run` against a server, with a report of its own; flags that a benchmark adds come last. */
export function runWords(manifest: string, url: string, more: readonly string[] = []): string[] {
  measured += 1;
  const report = join(room, `report-${measured}.ndjson`);
  const flags = [
    '--yes',
    '--max-changes',
    '100000000',
    '--quiet',
    '--api',
    'v2',
    '--directory',
    '00000000-0000-4000-8000-00000000d1d1',
  ];
  return [door, 'run', manifest, '--base-url', url, '--report', report, ...flags, ...more];
}

/** The environment of such a run. */
export const runEnv = { ATLASSIAN_ORG_ID: '00000000-0000-4000-8000-000000000001', ATLASSIAN_API_KEY: 'bench-key' };
