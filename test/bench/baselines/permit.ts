// What a permit costs when there is no rate: CPU of a call in µs, the loop around it taken off. Word: how many.
import { openRateLimiter } from '../../../src/client/pace/rate-limiter.ts';
import { sleep } from './sleep.ts';

const count = Number(process.argv[2] ?? 0);
const clock = { now: () => Date.now(), monotonic: () => performance.now() };
const pace = openRateLimiter({ rate: 'none', burst: 1, clock, sleep, random: () => Math.random() });

async function cpuOf(call: () => Promise<void>): Promise<number> {
  const from = process.cpuUsage();
  for (let at = 0; at < count; at += 1) await call();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / count;
}

const nothing = async () => {};
// Once to warm up, once to measure.
await cpuOf(() => pace.acquire());
await cpuOf(nothing);
process.stdout.write(String((await cpuOf(() => pace.acquire())) - (await cpuOf(nothing))));
