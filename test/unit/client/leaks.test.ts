// The key reaches the Authorization header and nothing else, whatever the other side does with it.
import { inspect } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import type { ApiRequest } from '../../../src/actions/action.ts';
import { answer, closeWires, openWire, type Respond } from '../../support/raw-server.ts';
import { closeClients, canary, openTestClient } from '../../support/jumping-clock.ts';

afterAll(closeWires);
afterAll(closeClients);

const request: ApiRequest = { method: 'POST', path: ['v2', 'x'], retry: 'state', body: {} };

/** Everything of a value that any printer could reach, also what inspection leaves out. */
function everything(value: unknown): string {
  const options = { depth: 20, showHidden: true, getters: true, maxStringLength: Infinity };
  const stack = value instanceof Error ? `${value.stack} ${everything(value.cause)}` : '';
  return `${inspect(value, options)} ${JSON.stringify(value)} ${String(value)} ${stack}`;
}

const echo =
  (status: number): Respond =>
  (socket, _n, { head }) => {
    const key = /authorization: Bearer (\S+)/i.exec(head)?.[1] ?? 'none';
    const words = `${key} ${encodeURIComponent(key)} ${Buffer.from(`:${key}`).toString('base64')}`;
    const body = JSON.stringify({ errors: [{ code: key, title: words, detail: `Bearer ${words}` }], message: words });
    socket.write(answer(status, body, { 'atl-traceid': key, location: `https://${key}.example/`, 'retry-after': key }));
  };

const answers: readonly (readonly [string, Respond])[] = [
  ...[200, 302, 400, 401, 403, 404, 500, 503].map((status): [string, Respond] => [
    `an echo under ${status}`,
    echo(status),
  ]),
  ['a reset', (socket) => socket.resetAndDestroy()],
  ['bytes that are not HTTP', (socket, _n, { head }) => socket.end(head)],
  ['a page', (socket, _n, { head }) => socket.write(answer(200, `<title>${head}</title>`))],
  ['a close without an answer', (socket) => socket.end()],
];

it.concurrent.each(answers)('the key stays inside at %s', async (_name, respond) => {
  const { port, seen } = await openWire(respond);
  for (const options of [{}, { fetch }]) {
    const client = openTestClient(port, { retries: 0, ...options });
    const ending = await client.send(request).catch((error: unknown) => error);
    expect(everything(ending) + everything(client)).not.toContain(canary.slice(0, 10));
    expect(everything(ending)).not.toContain(Buffer.from(`:${canary}`).toString('base64').slice(8, 30));
  }
  expect(seen[0]?.head).toContain(`authorization: Bearer ${canary}`);
});
