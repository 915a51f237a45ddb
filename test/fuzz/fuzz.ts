// `npm run fuzz`: inputs from seeds, one after the other. `--inputs N` how many, `--from N` the first seed, `--seed N` one of them, kept in a folder.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { makeInput } from './fuzz-inputs.ts';
import { tryInput } from './try-input.ts';

/** Processor time of one input, in ms; more is a hang for the person who waits. */
const maxCpu = 3000;
/** Seconds after which an input that does not end stops the process. */
const patience = 120;
/** Memory of the process, in MB, beyond which it stops: the inputs have some kilobytes, and the limit of a container is 256. */
const maxMemory = 1000;

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '10000' },
    from: { type: 'string' },
    seed: { type: 'string' },
  },
});

const say = (text: string) => void process.stdout.write(`${text}\n`);

/** Ends the process when a seed takes too long or too much memory: a loop without end leaves no other way to report it. */
function watch(): { begin: (seed: number) => void; end: () => Promise<number> } {
  const current = new Int32Array(new SharedArrayBuffer(4));
  const code = `
    const { workerData: current } = require('node:worker_threads');
    let [last, since] = [0, Date.now()];
    const stop = (what) => {
      require('node:fs').writeSync(1, 'seed ' + last + ' ' + what + '; replay it with: npm run fuzz -- --seed ' + last + '\\n');
      process.kill(process.pid, 'SIGKILL');
    };
    setInterval(() => {
      if (current[0] !== last) [last, since] = [current[0], Date.now()];
      if (process.memoryUsage.rss() > ${maxMemory * 1e6}) stop('takes too much memory');
      if (Date.now() - since > ${patience * 1000}) stop('hangs');
    }, 100);`;
  const worker = new Worker(code, { eval: true, workerData: current });
  return { begin: (seed) => void (current[0] = seed), end: () => worker.terminate() };
}

async function breachesOf(seed: number, folder: string) {
  const input = makeInput(seed);
  const before = process.cpuUsage();
  const { result, breaches } = await tryInput(input, folder);
  const { user, system } = process.cpuUsage(before);
  const ms = (user + system) / 1000;
  const slow = ms > maxCpu ? [`slow: ${Math.round(ms)} ms of processor time`] : [];
  return { kind: input.kind, result, breaches: [...breaches, ...slow] };
}

async function runAll(from: number, inputs: number, folder: string): Promise<number> {
  say(`${inputs} inputs from seed ${from} on`);
  const counts = new Map<string, number>();
  const watchdog = watch();
  let failed = 0;
  for (let seed = from; seed < from + inputs; seed += 1) {
    watchdog.begin(seed);
    const { kind, result, breaches } = await breachesOf(seed, folder);
    counts.set(`${kind} ${result}`, (counts.get(`${kind} ${result}`) ?? 0) + 1);
    if (breaches.length === 0) continue;
    failed += 1;
    say(
      `seed ${seed} (${kind}) fails; replay it with: npm run fuzz -- --seed ${seed}\n  ${breaches.slice(0, 3).join('\n  ')}`,
    );
  }
  await watchdog.end();
  const each = [...counts].toSorted(([a], [b]) => a.localeCompare(b)).map(([name, count]) => `${count} ${name}`);
  say(`${inputs} inputs (${each.join(', ')}) from seed ${from} on: ${failed} fail`);
  return failed;
}

/** Writes the files of a seed to a folder that stays, and reads them. */
async function replay(seed: number, folder: string): Promise<number> {
  const { manifest, job } = makeInput(seed);
  const { kind, result, breaches } = await breachesOf(seed, folder);
  for (const file of [manifest, ...(job === undefined ? [] : [job])])
    writeFileSync(join(folder, file.name), file.content);
  say([`seed ${seed} (${kind}): ${result}; its files are in ${folder}`, ...breaches].join('\n'));
  return breaches.length;
}

const folder = mkdtempSync(join(tmpdir(), 'leavers-fuzz-'));
const from = Number(values.from ?? 1 + Math.floor(Math.random() * 1e9));
const failures =
  values.seed === undefined
    ? await runAll(from, Number(values.inputs), folder)
    : await replay(Number(values.seed), folder);
if (values.seed === undefined) rmSync(folder, { recursive: true, force: true });
process.exitCode = failures === 0 ? 0 : 1;
