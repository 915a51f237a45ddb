// The same client calls in a bare loop: no manifest, no plan, no journal. Words: address, calls, calls in flight.
import { parseBaseUrl } from '../../../src/config/base-url.ts';
import { openClient } from '../../../src/client/paced-client.ts';
import { openRateLimiter } from '../../../src/client/pace/rate-limiter.ts';
import { parseKey } from '../../../src/config/secret.ts';
import { openTransport } from '../../../src/client/transport.ts';
import { sleep } from './sleep.ts';

const [url = '', calls = '0', flight = '16'] = process.argv.slice(2);
const clock = { now: () => Date.now(), monotonic: () => performance.now() };
const random = () => Math.random();
const org = '00000000-0000-4000-8000-000000000001';
const transport = openTransport({ connections: Number(flight), env: {} });
const client = openClient({
  baseUrl: parseBaseUrl(url, '--base-url'),
  key: parseKey('bench-key', 'key'),
  limiter: openRateLimiter({ rate: 'none', burst: 1, clock, sleep, random }),
  retries: 5,
  timeoutMs: 30_000,
  clock,
  sleep,
  random,
  fetch: transport.fetch,
  version: '0',
});
const path = ['v2', 'orgs', org, 'directories', '00000000-0000-4000-8000-00000000d1d1', 'users'];

let left = Number(calls);
async function work(): Promise<void> {
  while (left > 0) {
    left -= 1;
    const id = `5b10ac8d82e05b22cc7d${String(left).padStart(7, '0')}`;
    const reply = await client.send({ method: 'POST', path: [...path, id, 'suspend'], body: {}, retry: 'state' });
    if (reply.kind !== 'answer' || reply.error !== undefined) throw new Error('a call failed');
  }
}

const from = performance.now();
await Promise.all(Array.from({ length: Number(flight) }, work));
process.stdout.write(String((performance.now() - from) / 1000));
await transport.close();
