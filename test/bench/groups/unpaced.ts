// What stands between the client and its limit when there is none: a whole run against bare loops, and at the latencies of real networks.
import { execFile } from 'node:child_process';
import { closeSync, fstatSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { measure, openServer, room, runEnv, runWords, type Server } from '../child.ts';
import { type Figure, ratios } from '../figure.ts';
import { account } from '../account.ts';
import { writeRows } from '../rows.ts';

const calls = 20_000;
const flight = '16';
const baselines = join(import.meta.dirname, '..', 'baselines');

/** Seconds and CPU of a run, from its first line in the report to its last. */
export async function run(manifest: string, server: Server, more: readonly string[]) {
  const words = runWords(manifest, server.url, more);
  const used = await measure(words, { env: runEnv });
  const report = words[words.indexOf('--report') + 1] ?? '';
  const { seconds } = JSON.parse(lastLine(report)) as { seconds: number };
  return { ...used, seconds, report };
}

/** A report of a million rows is longer than any string. */
function lastLine(path: string): string {
  const fd = openSync(path, 'r');
  const bytes = Buffer.alloc(1 << 18);
  const read = readSync(fd, bytes, 0, bytes.length, Math.max(0, fstatSync(fd).size - bytes.length));
  closeSync(fd);
  return bytes.toString('utf8', 0, read).trimEnd().split('\n').at(-1) ?? '';
}

async function loop(file: string, server: Server, count: number): Promise<number> {
  const { stdout } = await measure([join(baselines, file), server.url, String(count), flight]);
  return count / Number(stdout);
}

/** Calls a second of `xargs` and `curl`, sixteen at a time. */
async function shell(server: Server, count: number): Promise<number> {
  const list = join(room, 'ids.txt');
  writeFileSync(list, Array.from({ length: count }, (_, row) => `${account(row)}\n`).join(''));
  const curl = `curl -s -o /dev/null -X POST -H 'Authorization: Bearer k' -d '{}' ${server.url}/v2/orgs/o/directories/d/users/{}/suspend`;
  const from = performance.now();
  await promisify(execFile)('sh', ['-c', `xargs -P${flight} -I{} ${curl} < ${list}`]);
  return (count * 1000) / (performance.now() - from);
}

export async function unpaced(rounds: number): Promise<Figure[]> {
  const server = await openServer();
  const manifest = writeRows('ids', calls);
  const flags = ['--rate', 'none', '--concurrency', flight];
  const [client, undici, xargs, permit]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let round = 0; round < rounds; round += 1) {
    const rate = calls / (await run(manifest, server, flags)).seconds;
    client.push(rate / (await loop('client.ts', server, calls)));
    undici.push(rate / (await loop('undici.ts', server, calls)));
    xargs.push(rate / (await shell(server, 300)));
    permit.push(Number((await measure([join(baselines, 'permit.ts'), '1000000'])).stdout));
  }
  server.stop();
  const note = `rows/s of a run with its journal on disk ÷ calls/s, ${calls} rows, ${flight} in flight`;
  return [
    {
      group: 'unpaced',
      name: '÷ the same client calls in a bare loop',
      ...ratios(client),
      bar: { atLeast: 0.85 },
      note,
    },
    { group: 'unpaced', name: '÷ a bare undici `request` loop', ...ratios(undici), bar: { atLeast: 0.13 }, note },
    { group: 'unpaced', name: '÷ `xargs -P16 curl`', ...ratios(xargs), bar: { atLeast: 20 }, note },
    {
      group: 'unpaced',
      name: 'CPU of a permit, µs',
      ...ratios(permit),
      bar: { atMost: 10 },
      note: 'what is left of the limiter without a rate',
    },
  ];
}

export async function latency(rounds: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [latencyMs, rows, atLeast] of [
    [20, 3200, 0.7],
    [200, 800, 0.9],
  ] as const) {
    const server = await openServer({ latencyMs });
    const ideal = 16_000 / latencyMs;
    const values: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const { seconds } = await run(writeRows('ids', rows), server, ['--rate', 'none', '--concurrency', flight]);
      values.push(rows / seconds / ideal);
    }
    server.stop();
    const note = `rows/s ÷ ${ideal}/s, ${rows} rows, ${flight} in flight`;
    figures.push({ group: 'latency', name: `at ${latencyMs} ms`, ...ratios(values), bar: { atLeast }, note });
  }
  return figures;
}
