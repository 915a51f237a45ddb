// `npm run walk`: counts the functions and files of src that one API call and one row of `leavers run` pass, for docs/architecture.md.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Profiler, Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { openClient } from '../src/client/paced-client.ts';
import { openRateLimiter } from '../src/client/pace/rate-limiter.ts';
import { openTransport } from '../src/client/transport.ts';
import { parseBaseUrl } from '../src/config/base-url.ts';
import { parseKey } from '../src/config/secret.ts';
import type { Context } from '../src/context.ts';
import { person, serveCompany } from '../test/support/organization.ts';

const src = new URL('../src/', import.meta.url).href;

/** A named function of src and where it begins, counted from 0. Closures without a name belong to the function around them. */
export interface EnteredFunction {
  readonly url: string;
  readonly name: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** An entry into a function. The caller is a file of ours, of a package, or Node. */
export interface Step extends EnteredFunction {
  readonly callerUrl: string | undefined;
}

/** The named functions of src in V8's coverage that were entered, with the number of times. */
function countedIn(scripts: readonly Profiler.ScriptCoverage[]) {
  return scripts
    .filter(({ url }) => url.startsWith(src))
    .flatMap(({ url, functions }) =>
      functions.flatMap(({ functionName: name, ranges: [range] }) =>
        range === undefined || range.count === 0 || name === '' || name.startsWith('<')
          ? []
          : [{ url, name, offset: range.startOffset, count: range.count }],
      ),
    );
}

async function enteredDuring(work: () => Promise<void>): Promise<EnteredFunction[]> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  // Sets all counts to 0.
  await session.post('Profiler.takePreciseCoverage');
  await work();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  session.disconnect();
  return countedIn(result).map(({ url, name, offset }) => {
    const lines = readFileSync(new URL(url), 'utf8').slice(0, offset).split('\n');
    return { url, name, lineNumber: lines.length - 1, columnNumber: lines.at(-1)?.length ?? 0 };
  });
}

/** The order in which the functions are entered, and from where. */
async function stepsDuring(work: () => Promise<void>, functions: readonly EnteredFunction[]): Promise<Step[]> {
  const worker = new Worker(new URL('walk-debugger.ts', import.meta.url), { workerData: functions });
  await once(worker, 'message');
  await work();
  worker.postMessage('end', []);
  const [steps] = (await once(worker, 'message')) as [Step[]];
  return steps;
}

/** One suspension through the real client, over a socket and at the default pace. The first call, which also opens the connection, is not counted. */
async function walkCall(): Promise<void> {
  const headers = {
    'x-ratelimit-limit': '200',
    'x-ratelimit-remaining': '190',
    'x-ratelimit-reset': '60',
    'atl-traceid': 'a',
  };
  const server = createServer((request, response) =>
    request.resume().on('end', () => response.writeHead(204, headers).end()),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const clock = { now: () => Date.now(), monotonic: () => performance.now() };
  const sleep: Context['sleep'] = (ms, signal) => wait(ms, undefined, { signal }).catch(() => {});
  const outside = { clock, sleep, random: () => Math.random() };
  const transport = openTransport({ connections: 1, env: {} });
  const client = openClient({
    ...outside,
    baseUrl: parseBaseUrl(`http://127.0.0.1:${port}/admin`, '--base-url'),
    key: parseKey('key-of-the-walk', 'the script'),
    limiter: openRateLimiter({ ...outside, rate: { count: 180, perMs: 60_000 }, burst: 1 }),
    retries: 5,
    timeoutMs: 30_000,
    fetch: transport.fetch,
    version: '0',
  });
  const path = ['v2', 'orgs', 'o', 'directories', 'd', 'users', '557058:a', 'suspend'];
  const send = async () => {
    const reply = await client.send({ method: 'POST', path, body: {}, retry: 'state' });
    if (reply.kind !== 'answer' || reply.error !== undefined) throw new Error('the call failed');
  };
  await send();
  const functions = await enteredDuring(send);
  const steps = await stepsDuring(send, functions);
  await transport.close();
  server.close();
  const crossings = steps.filter(({ url, callerUrl }) => url !== callerUrl);
  console.log(
    `One API call: ${functions.length} functions in ${filesOf(functions).length} files; entered from another file:`,
  );
  const names = new Set(crossings.map(({ url, name }) => `${shortName(url)} ${name}`));
  console.log([...names].map((name, at) => `${String(at + 1).padStart(4)}  ${name}`).join('\n'));
}

/** Runs the program over this many suspensions and returns how often each function was entered. */
async function countsOfRun(people: number): Promise<Map<string, number>> {
  await using served = await serveCompany({ people });
  const folder = mkdtempSync(join(tmpdir(), 'leavers-walk-'));
  const manifest = join(folder, 'people.csv');
  const rows = Array.from({ length: people }, (_, n) => `suspend-user,${person(n).email}\n`);
  writeFileSync(manifest, `action,email\n${rows.join('')}`);
  const { PATH = '' } = process.env;
  const env = { ...served.env, PATH, HOME: folder, NODE_V8_COVERAGE: join(folder, 'coverage') };
  const program = join(import.meta.dirname, '..', 'src', 'main.ts');
  const words = ['run', manifest, '--report', join(folder, 'r.ndjson'), '--yes', '--concurrency', '1'];
  const child = spawn(process.execPath, [program, ...words], { env, stdio: 'ignore' });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`the run ended with ${code}`);
  const counts = new Map<string, number>();
  for (const file of readdirSync(env.NODE_V8_COVERAGE)) {
    const text = readFileSync(join(env.NODE_V8_COVERAGE, file), 'utf8');
    const { result } = JSON.parse(text) as { result: Profiler.ScriptCoverage[] };
    for (const { url, name, offset, count } of countedIn(result)) counts.set(`${url} ${name} ${offset}`, count);
  }
  rmSync(folder, { recursive: true });
  return counts;
}

/** What a row adds: the functions that a run of 21 rows enters at least 20 times more often than a run of one. */
async function walkRow(): Promise<void> {
  const more = 20;
  const [one, many] = [await countsOfRun(1), await countsOfRun(1 + more)];
  const functions = [...many]
    .filter(([key, count]) => count - (one.get(key) ?? 0) >= more)
    .map(([key]) => ({ url: key.split(' ')[0] ?? '', name: key.split(' ').slice(1, -1).join(' ') }));
  console.log(`\nOne row of \`leavers run\`: ${functions.length} functions in ${filesOf(functions).length} files:`);
  for (const [url, own] of Map.groupBy(functions, (each) => each.url)) {
    console.log(`  ${shortName(url)}: ${own.map(({ name }) => name).join(', ')}`);
  }
}

function filesOf(functions: readonly { readonly url: string }[]): string[] {
  return [...new Set(functions.map(({ url }) => url))];
}

function shortName(url: string): string {
  return url.slice(src.length);
}

await walkCall();
await walkRow();
