// The fastest client there is for Node, in a bare loop. Words: address, calls, calls in flight.
import { Agent, request } from 'undici';

const [url = '', calls = '0', flight = '16'] = process.argv.slice(2);
const dispatcher = new Agent({ connections: Number(flight), pipelining: 1, allowH2: false });
const path = `${url}/v2/orgs/00000000-0000-4000-8000-000000000001/directories/00000000-0000-4000-8000-00000000d1d1/users`;
const headers = { authorization: 'Bearer bench-key', 'content-type': 'application/json' };

let left = Number(calls);
async function work(): Promise<void> {
  while (left > 0) {
    left -= 1;
    const target = `${path}/5b10ac8d82e05b22cc7d${String(left).padStart(7, '0')}/suspend`;
    const { statusCode, body } = await request(target, { dispatcher, method: 'POST', headers, body: '{}' });
    await body.text();
    if (statusCode !== 204) throw new Error(`HTTP ${statusCode}`);
  }
}

const from = performance.now();
await Promise.all(Array.from({ length: Number(flight) }, work));
process.stdout.write(String((performance.now() - from) / 1000));
await dispatcher.close();
