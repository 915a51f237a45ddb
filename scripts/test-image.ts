// `npm run test:image`: builds the Dockerfile with docker or podman and runs it as a cluster would. Prints why where it can't.
//   --image TAG   tests an image that was built before
//   other words   are passed to the build, for example --network host
// LEAVERS_IMAGE_TEST=required makes it a failure that the image can't be tested here.
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { cert, key } from '../test/support/certificate.ts';
import { buildWords, call, type Ended, findEngine, Missing, ulimits } from './image-engine.ts';

const root = join(import.meta.dirname, '..');
const user = 65_532;
/** Rows that need more memory than the container has, if they are kept there. */
const manyRows = 450_000;
const tag = 'localhost/leavers:test';
/** As a careful operator runs it: nothing to write to but /data and a /tmp in memory. */
const hardened = [
  '--read-only',
  '--tmpfs',
  '/tmp:size=1g',
  '--cap-drop',
  'ALL',
  '--security-opt',
  'no-new-privileges',
  ...ulimits,
];
const small = ['--memory', '256m', '--memory-swap', '256m', '--pids-limit', '64'];

interface Tested {
  readonly engine: string;
  readonly image: string;
  /** A new folder for /data, of this user. */
  readonly data: (owner: number) => string;
  /** Runs the image with /data mounted. `options` come before the image, `args` after it. */
  readonly run: (folder: string, args: readonly string[], options?: readonly string[]) => Promise<Ended>;
}

async function idOf(engine: string, image: string): Promise<string> {
  return (await call(engine, ['image', 'inspect', '--format', '{{.Id}}', image])).text.trim();
}

/** Builds the image; the times of its files are those of 1970, so that the same sources make the same image. */
async function build(engine: string, words: readonly string[]): Promise<string> {
  const { code, text } = await call(engine, ['build', '--no-cache', ...words, '--tag', tag, root]);
  if (code !== 0) throw new Error(`the build failed with ${code}: ${text.slice(-2000)}`);
  return idOf(engine, tag);
}

const sample = [
  'run',
  '/app/samples/workday.csv',
  '--job',
  '/app/jobs/hr-offboarding.json',
  '--sandbox',
  '--rate',
  'none',
];

function lines(path: string): Record<string, unknown>[] {
  if (!existsSync(path)) return [];
  const whole = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return whole.map((line) => JSON.parse(line) as Record<string, unknown>);
}

function writeRows(folder: string, rows: number): void {
  const emails = Array.from({ length: rows }, (_, n) => `suspend-user,person${n}@example.com\n`);
  writeFileSync(join(folder, 'm.csv'), `action,email\n${emails.join('')}`, { mode: 0o644 });
}

function expectEnd({ code, text }: Ended, wanted: number, words = ''): void {
  if (code !== wanted || !text.includes(words))
    throw new Error(`exited with code ${code} instead of ${wanted} ("${words}"): ${text.slice(-600)}`);
}

/** Ends a slow run by SIGTERM after its third row, then continues it. */
async function interrupt({ engine, data, run }: Tested): Promise<void> {
  const folder = data(user);
  const report = join(folder, 'r.ndjson');
  const words = ['run', '/app/samples/leavers.csv', '--sandbox', '--report', 'r.ndjson', '--resume', '--allow'];
  const allow = ['remove-user', '--allow', 'invite-user', '--allow', 'delete-group'];
  const name = `leavers-test-${process.pid}`;
  const ended = run(folder, [...words, ...allow, '--rate', '2/s'], ['--name', name]);
  const rows = () => lines(report).filter(({ event }) => event === 'row').length;
  for (let tries = 0; rows() < 3 && tries < 300; tries += 1) await pause(100);
  await call(engine, ['kill', '--signal', 'TERM', name]);
  expectEnd(await ended, 143);
  if (lines(report).at(-1)?.['outcome'] !== 'interrupted')
    throw new Error('the report has no end of an interrupted run');
  expectEnd(await run(folder, ['verify', 'r.ndjson']), 0);
  const resumed = await run(folder, [...words, ...allow, '--rate', 'none']);
  if (![0, 1, 3, 4].includes(resumed.code)) expectEnd(resumed, 0);
}

/** Calls a server whose certificate is signed by a company of its own, with and without that certificate. */
async function corporateCa({ data, run }: Tested): Promise<void> {
  const server = createServer({ cert, key }, (_, response) => response.writeHead(401).end('{}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const folder = data(user);
  writeFileSync(join(folder, 'ca.pem'), cert, { mode: 0o644 });
  writeRows(folder, 1);
  const env = [`ATLASSIAN_API_URL=https://localhost:${port}/admin`, 'ATLASSIAN_ORG_ID=1', 'ATLASSIAN_API_KEY=k'];
  const options = ['--network', 'host', ...env.flatMap((each) => ['--env', each])];
  const args = ['plan', 'm.csv', '--retries', '0'];
  try {
    const refused = await run(folder, args, options);
    if (refused.code === 0 || refused.code === 77)
      throw new Error(`an unknown certificate was trusted: ${refused.text}`);
    expectEnd(await run(folder, args, [...options, '--env', 'NODE_EXTRA_CA_CERTS=/data/ca.pem']), 77);
  } finally {
    server.close();
  }
}

async function manyOrganizations({ data, run }: Tested): Promise<void> {
  const folder = data(user);
  writeFileSync(join(folder, 'key'), 'sandbox', { mode: 0o644 });
  const organizations = Array.from({ length: 24 }, (_, n) => ({
    name: `org${n}`,
    orgId: `6665a2c0-4644-4c88-9b2c-${String(n).padStart(12, '0')}`,
    apiKeyFile: '/data/key',
    manifests: ['/app/samples/workday.csv'],
    job: '/app/jobs/hr-offboarding.json',
    report: `/data/${n}.ndjson`,
  }));
  writeFileSync(join(folder, 'list.json'), JSON.stringify({ organizations }), { mode: 0o644 });
  const args = ['run', '--organizations', 'list.json', '--sandbox', '--rate', 'none', '--metrics-file', 'leavers.prom'];
  const { code, text } = await run(folder, args);
  if (![0, 4].includes(code)) expectEnd({ code, text }, 0);
  const complete = organizations.filter(
    ({ report }) => lines(join(folder, report.slice(6))).at(-1)?.['event'] === 'run-end',
  );
  if (complete.length !== 24) throw new Error(`${complete.length} of 24 reports are complete`);
}

const checks: Readonly<Record<string, (tested: Tested) => Promise<void>>> = {
  'has a numeric user and OCI labels': async ({ engine, image }) => {
    const format = '{{.Config.User}} {{index .Config.Labels "org.opencontainers.image.version"}}';
    expectEnd(await call(engine, ['image', 'inspect', '--format', format, image]), 0, '65532:65532 0.1.0');
  },
  'runs a sample read-only, without network and capabilities, in 256 MB': async ({ data, run }) => {
    const { code, text } = await run(data(user), sample);
    if (code !== 4) expectEnd({ code, text }, 0, 'Report ');
  },
  'runs as any user who owns /data': async ({ data, run }) => {
    const { code, text } = await run(data(12_345), sample, ['--user', '12345:0']);
    if (code !== 4) expectEnd({ code, text }, 0, 'Report ');
  },
  'names owner, user and remedy when /data belongs to root': async ({ data, run }) =>
    expectEnd(await run(data(0), sample), 73, 'chown 65532:65532 /data'),
  'ends on SIGTERM with 143 and a report that resume continues': interrupt,
  'trusts the certificate of NODE_EXTRA_CA_CERTS and no other': corporateCa,
  'runs 24 organizations side by side in 256 MB': manyOrganizations,
  'runs 450,000 rows in 256 MB with /tmp in memory': async ({ data, run }) => {
    const folder = data(user);
    writeRows(folder, manyRows);
    const limits = ['--max-changes', '100%', '--max-failures', '100%', '--report', 'r.ndjson', '--rate', 'none'];
    const ended = await run(folder, ['run', 'm.csv', '--sandbox', ...limits]);
    if (ended.code !== 4) expectEnd(ended, 0, '/tmp is in memory, so temporary files go to /data');
  },
};

async function testImage(engine: string, image: string, scratch: string): Promise<number> {
  let folders = 0;
  const data = (owner: number) => {
    const folder = join(scratch, `${(folders += 1)}`);
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    chownSync(folder, owner, owner);
    return folder;
  };
  const run: Tested['run'] = (folder, args, options = []) => {
    const network = options.includes('--network') ? [] : ['--network', 'none'];
    return call(engine, [
      'run',
      '--rm',
      ...hardened,
      ...small,
      ...network,
      '-v',
      `${folder}:/data`,
      ...options,
      image,
      ...args,
    ]);
  };
  let failed = 0;
  for (const [name, check] of Object.entries(checks)) {
    const from = performance.now();
    const problem = await check({ engine, image, data, run }).then(
      () => undefined,
      (error: unknown) => (error as Error).message,
    );
    if (problem !== undefined) failed += 1;
    const seconds = ((performance.now() - from) / 1000).toFixed(1);
    console.log(
      `${problem === undefined ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)${problem === undefined ? '' : `\n     ${problem}`}`,
    );
  }
  return failed;
}

/** The number of failures. */
async function buildTwice(engine: string, given: readonly string[]): Promise<number> {
  const words = [...(await buildWords(engine, root, given)), ...given];
  const [first, second] = [await build(engine, words), await build(engine, words)];
  console.log(
    first === second ? `ok   two builds make the image ${first}` : `FAIL two builds make ${first} and ${second}`,
  );
  return first === second ? 0 : 1;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { image: { type: 'string' } }, strict: false });
  const engine = findEngine();
  const scratch = mkdtempSync(join(tmpdir(), 'leavers-image-'));
  chmodSync(scratch, 0o755);
  try {
    if (typeof values.image === 'string') {
      console.log('the image was built before, so two builds are not compared');
      return await testImage(engine, values.image, scratch);
    }
    const differ = await buildTwice(engine, process.argv.slice(2));
    return differ + (await testImage(engine, tag, scratch));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

try {
  if ((await main()) > 0) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  console.log(`image test skipped: ${error.message}`);
  if (process.env['LEAVERS_IMAGE_TEST'] === 'required') process.exitCode = 1;
}
