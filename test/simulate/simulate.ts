// `npm run simulate`: seeds one after the other. `--seeds N` how many, `--from N` the first, `--twice` compares the traces of two runs of each;
// `--seed N` is one of them with its trace.
import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runSeed, type SeedResult } from './seed.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '300' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    twice: { type: 'boolean', default: false },
  },
});

const say = (text: string) => void process.stdout.write(`${text}\n`);

function describe({ seed, violations }: SeedResult): string {
  return [
    `seed ${seed} fails; replay it with: npm run simulate -- --seed ${seed}`,
    ...violations.map((each) => `  ${each}`),
  ].join('\n');
}

/** Runs a seed; what throws is a violation too. */
async function check(seed: number): Promise<SeedResult> {
  try {
    const result = await runSeed(seed);
    if (!values.twice || (await runSeed(seed)).trace.join('\n') === result.trace.join('\n')) return result;
    return { ...result, violations: [...result.violations, 'the second run of the seed went another way'] };
  } catch (error) {
    return { seed, violations: [String(error)], trace: [], runs: 0, requests: 0 };
  }
}

async function replay(seed: number): Promise<number> {
  const result = await runSeed(seed);
  const trace = result.trace.join('\n');
  say(trace);
  say(`trace sha256:${createHash('sha256').update(trace).digest('hex')}`);
  say(result.violations.length === 0 ? `seed ${seed} holds` : describe(result));
  return result.violations.length;
}

async function runAll(from: number, seeds: number): Promise<number> {
  const started = performance.now();
  const total = { runs: 0, requests: 0, failed: 0 };
  for (let seed = from; seed < from + seeds; seed += 1) {
    const result = await check(seed);
    total.runs += result.runs;
    total.requests += result.requests;
    if (result.violations.length > 0) total.failed += 1;
    if (result.violations.length > 0) say(describe(result));
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(`${seeds} seeds, ${total.runs} runs, ${total.requests} requests in ${seconds} s; ${total.failed} seeds fail`);
  return total.failed;
}

const failures =
  values.seed === undefined
    ? await runAll(Number(values.from), Number(values.seeds))
    : await replay(Number(values.seed));
process.exitCode = failures === 0 ? 0 : 1;
