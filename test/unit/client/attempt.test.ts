// An attempt gives the real response: its status, its headers and the text that was read, with the key masked.
import { expect, it } from 'vitest';
import { attempt, type ReadResponse } from '../../../src/client/attempt.ts';
import { AttemptError } from '../../../src/client/network-error.ts';
import { parseKey } from '../../../src/config/secret.ts';
import { canary, realTime } from '../../support/jumping-clock.ts';

function receive(response: () => Response): Promise<ReadResponse> {
  const key = parseKey(canary, 'the test');
  const options = { fetch: async () => response(), sleep: realTime.sleep, key, timeoutMs: 5000, version: '0' };
  return attempt('https://api.example/x', { method: 'GET', path: ['x'], retry: 'read' }, options);
}

it.each([204, 205, 304])('a %i has no body', async (status) => {
  const response = await receive(() => new Response(null, { status }));
  expect([response.status, response.content, response.body]).toEqual([status, '', null]);
});

it.each([200, 302, 404, 503, 599])('a %i keeps its text, for ky and for the caller', async (status) => {
  const response = await receive(() => new Response('{"a":1}', { status, headers: { location: '/y' } }));
  expect([response.status, response.content, response.headers.get('location')]).toEqual([status, '{"a":1}', '/y']);
  expect(await response.text()).toBe('{"a":1}');
});

it('headers that are sent twice stay two', async () => {
  const headers: [string, string][] = [
    ['set-cookie', 'a=1'],
    ['set-cookie', 'b=2'],
    ['retry-after', '1'],
    ['retry-after', '3'],
  ];
  const response = await receive(() => new Response('', { headers }));
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(response.headers.get('retry-after')).toBe('1, 3');
});

it('the key is masked in the body and in every header', async () => {
  const response = await receive(() => new Response(canary, { status: 503, headers: { 'x-trace-id': canary } }));
  expect(JSON.stringify([response.content, await response.text(), [...response.headers]])).not.toContain(canary);
});

it('a status that HTTP does not have is a failed attempt that may have arrived', async () => {
  const odd = () => Object.defineProperty(new Response(''), 'status', { value: 999 });
  const error: unknown = await receive(odd).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AttemptError);
  expect(error).toMatchObject({ message: 'HTTP has no status 999', facts: { arrived: true } });
});

it('a body that breaks off leaves the status, and the reason', async () => {
  const cut = new ReadableStream({ pull: (controller) => controller.error(new TypeError('terminated')) });
  const response = await receive(() => new Response(cut, { status: 404 }));
  expect(response).toMatchObject({ status: 404, content: '', broken: 'no usable response' });
});
