// The ways in which a 429 says how long to wait, and the wait that each asks for: the table that the suite and the torture go through.
import type { ApiRequest } from '../../src/actions/action.ts';
import type { Reply } from '../../src/client/client.ts';
import { answer, openWire, ok } from './raw-server.ts';
import { JumpingWorld, openTestClient } from './jumping-clock.ts';

export const request: ApiRequest = { method: 'POST', path: ['v1', 'x'], retry: 'creation', body: {} };

type Headers = (now: number) => Record<string, string>;
const at = (now: number, seconds: number) => new Date(now + seconds * 1000);
const epoch = (now: number, seconds: number) => String((now + seconds * 1000) / 1000);

/** Header styles, and the wait that each asks for in seconds; 0 is no word at all. */
export const styles: readonly (readonly [string, number, Headers])[] = [
  ['Retry-After: 1', 1, () => ({ 'retry-after': '1' })],
  ['Retry-After: 0', 0, () => ({ 'retry-after': '0' })],
  ['Retry-After: 1.5', 1.5, () => ({ 'retry-after': '1.5' })],
  ['Retry-After: -5', 0, () => ({ 'retry-after': '-5' })],
  ['Retry-After: garbage', 0, () => ({ 'retry-after': 'in a while' })],
  ['Retry-After: nothing', 0, () => ({ 'retry-after': '' })],
  ['Retry-After as an HTTP date', 30, (now) => ({ 'retry-after': at(now, 30).toUTCString() })],
  ['Retry-After as a date that is over', 0, (now) => ({ 'retry-after': at(now, -60).toUTCString() })],
  ['Retry-After as ISO 8601', 30, (now) => ({ 'retry-after': at(now, 30).toISOString() })],
  ['two Retry-After', 3, () => ({ 'retry-after': '1', 'Retry-After': '3' })],
  ['X-RateLimit-Reset as ISO 8601', 30, (now) => ({ 'x-ratelimit-reset': at(now, 30).toISOString() })],
  [
    'X-RateLimit-Reset without seconds',
    60,
    (now) => ({ 'x-ratelimit-reset': at(now, 60).toISOString().replace(':00.000Z', 'Z') }),
  ],
  ['X-RateLimit-Reset as an epoch', 30, (now) => ({ 'x-ratelimit-reset': epoch(now, 30) })],
  ['X-RateLimit-Reset in seconds', 30, () => ({ 'x-ratelimit-reset': '30' })],
  ['X-RateLimit-Retry-After in epoch ms', 30, (now) => ({ 'x-ratelimit-retry-after': String(now + 30_000) })],
  ['X-Rate-Limit-Reset as an HTTP date', 30, (now) => ({ 'x-rate-limit-reset': at(now, 30).toUTCString() })],
  ['RateLimit-Reset', 2, () => ({ 'ratelimit-reset': '2' })],
  ['RateLimit', 2, () => ({ ratelimit: '"default";r=0;t=2' })],
  ['no header at all', 0, () => ({})],
];

/** Meets one 429 in that style, on a machine whose clock is an hour slow. Says how long it was waited. */
export async function waitOut(headers: Headers): Promise<{ reply: Reply; waitedMs: number }> {
  const world = new JumpingWorld();
  world.skewMs = -3_600_000;
  const date = { date: new Date(world.epoch).toUTCString() };
  const { port } = await openWire((socket, nth) =>
    socket.write(nth === 0 ? answer(429, '', { ...date, ...headers(world.epoch) }) : ok),
  );
  const reply = await openTestClient(port, {}, world).send(request);
  return { reply, waitedMs: world.elapsed };
}
