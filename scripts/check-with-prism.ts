// `npm run spec:prism -- PRISM OPENAPI`: puts a validating proxy between the client and the simulated organization, and a mock server in front of
// the client. PRISM is the command of @stoplight/prism-cli, installed elsewhere; OPENAPI is the published file of the organization API.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import acme from '../samples/org.json' with { type: 'json' };
import { serveSandbox } from '../src/sandbox/http/server.ts';
import { openSandbox, parseOrgState } from '../src/sandbox/sandbox.ts';

const [prism, document] = process.argv.slice(2);
if (prism === undefined || document === undefined) {
  console.error('usage: npm run spec:prism -- PRISM OPENAPI   (npm install --prefix DIR @stoplight/prism-cli@5)');
  process.exit(64);
}
const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'leavers-prism-'));

/** What prism calls a violation and is meant: see test/support/deviations.ts. */
const meant: readonly (readonly [RegExp, string])[] = [
  [
    /request included a non-empty body/,
    'v2 suspend and restore get {}, because a POST without a body was answered with 415',
  ],
  [/userid must match format "uuid"/i, 'no account id is a uuid; the published format is wrong'],
  [
    /path must have required property 'accountid'/,
    'the file has two templates, {userId} and {accountId}, for one path',
  ],
  [/request Invalid security scheme used/, 'doctor asks once without the key whether anything answers'],
  [/accountType must be equal to one of the allowed values/, 'the simulated organization has accounts of apps'],
];

interface Proxy {
  readonly url: string;
  readonly log: () => string;
  stop(): void;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

/** Starts prism and waits until it listens. */
async function startPrism(words: readonly string[]): Promise<Proxy> {
  const port = await freePort();
  const child = spawn(prism as string, [words[0] ?? '', '--port', String(port), ...words.slice(1)]);
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (log += chunk.toString()));
  for (let turn = 0; turn < 300 && !log.includes('is listening'); turn += 1) await pause(100);
  return { url: `http://127.0.0.1:${port}`, log: () => log, stop: () => void child.kill() };
}

/** Passes requests on to a mock, whose lists would never end: each of its pages names a next one. */
async function withoutNextPages(target: string) {
  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = 'GET', url = '/' } = request;
    const text = Buffer.concat(await request.toArray()).toString();
    // The mock answers 400 to the body of suspend and restore, which is meant (see above).
    const body = text === '' || text === '{}' ? {} : { body: text };
    const headers = Object.entries(request.headers).filter(
      ([name]) => passed.has(name) && (name !== 'content-type' || 'body' in body),
    ) as [string, string][];
    const answer = await fetch(`${target}${url}`, { method, headers, ...body });
    const shown = (await answer.text()).replaceAll(/"next":\s*"[^"]*",?/g, '');
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(answer.status === 204 ? undefined : shown);
  };
  const server = createHttpServer((request, response) => void pass(request, response)).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/** The mock answers for any directory, and lists several. */
const someDirectory = { LEAVERS_API: 'v2', LEAVERS_DIRECTORY: '12345678-1234-1234-1234-123456789012' };

const passed: ReadonlySet<string> = new Set(['authorization', 'accept', 'content-type', 'user-agent']);

/** Runs a command line against an address; a crash is a failure of this check. */
async function leavers(url: string, args: readonly string[], more: Record<string, string> = {}): Promise<void> {
  const env = {
    ...process.env,
    ...more,
    ATLASSIAN_API_URL: url,
    ATLASSIAN_ORG_ID: acme.org.id,
    ATLASSIAN_API_KEY: 'sandbox',
    LEAVERS_RATE: 'none',
  };
  const child = spawn(process.execPath, [join(root, 'bin/leavers.cjs'), ...args], { env, cwd: folder });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((done) => child.once('close', done));
  console.log(`  ${args.slice(0, 2).join(' ')}: exit ${code}`);
  if (code === 70 || code === null) {
    console.error(output);
    process.exitCode = 1;
  }
}

const allow = ['remove-user', 'invite-user', 'delete-group'].flatMap((name) => ['--allow', name]);
const people = acme.people.map(({ accountId }) => ({ action: 'get-last-active', accountId }));
const ids = acme.people.map(({ accountId }) => ({ action: 'suspend-user', accountId }));
const file = (name: string, rows: readonly object[]) => {
  const path = join(folder, name);
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return path;
};

/** Everything that calls the API. */
function commandLines(prefix: string): string[][] {
  const report = join(folder, `${prefix}.ndjson`);
  const yes = ['--yes', '--api', 'v2', ...allow, '--include-admins', '--max-failures', '100%'];
  const run = (manifest: string, name: string) => [
    'run',
    manifest,
    '--report',
    join(folder, `${prefix}-${name}`),
    ...yes,
  ];
  return [
    ['doctor', '--record', join(folder, `${prefix}.json`)],
    ['run', join(root, 'samples/leavers.csv'), '--report', report, ...yes],
    ['verify', report, '--live'],
    ['undo', report, '--out', join(folder, `${prefix}-undo.ndjson`)],
    run(join(folder, `${prefix}-undo.ndjson`), 'undone'),
    run(file(`${prefix}-ids.ndjson`, ids), 'suspended'),
    run(file(`${prefix}-reads.ndjson`, people), 'read'),
    ['inactive', '--days', '90'],
  ];
}

/** Prints what prism saw, and fails for each violation that is not meant. */
function judge(name: string, log: string): void {
  const requests = log.match(/Request received/g)?.length ?? 0;
  const violations = log.match(/Violation: .*/g) ?? [];
  const unmeant = violations.filter((line) => !meant.some(([pattern]) => pattern.test(line)));
  console.log(
    `${name}: ${requests} requests, ${unmeant.length} violations, ${violations.length - unmeant.length} meant`,
  );
  for (const line of new Set(unmeant)) console.log(`  ${line}`);
  if (requests === 0 || unmeant.length > 0) process.exitCode = 1;
}

spawnSync(process.execPath, [join(root, 'bin/leavers.cjs'), '--version']);
const sandbox = openSandbox(parseOrgState(acme, 'samples/org.json'), {
  clock: Date,
  sleep: async (ms) => {
    await pause(ms);
  },
});
const served = await serveSandbox(sandbox, { port: 0 });
const proxy = await startPrism(['proxy', '--errors', 'false', document, served.url]);
const mock = await startPrism(['mock', '--errors', 'false', document]);
const endless = await withoutNextPages(mock.url);
try {
  for (const words of commandLines('proxy')) await leavers(proxy.url, words);
  for (const words of commandLines('mock')) await leavers(endless.url, words, someDirectory);
  judge('proxy in front of the simulated organization', proxy.log());
  judge('mock of the published file', mock.log());
} finally {
  proxy.stop();
  mock.stop();
  endless.close();
  await served.close();
  rmSync(folder, { recursive: true });
}
