// When the client ends the run: a refused key, a retired generation, an API that is down, time that is over, a request to stop.
import { afterAll, describe, expect, it } from 'vitest';
import type { ApiRequest } from '../../../src/actions/action.ts';
import { StopError } from '../../../src/errors.ts';
import { answer, closeWires, openWire, ok } from '../../support/raw-server.ts';
import { closeClients, JumpingWorld, openTestClient } from '../../support/jumping-clock.ts';

afterAll(closeWires);
afterAll(closeClients);

const suspend = (id = 'a'): ApiRequest => ({
  method: 'POST',
  path: ['v2', 'orgs', 'org-1', 'directories', 'd', 'users', id, 'suspend'],
  retry: 'state',
  body: {},
});
const v1 = (method: ApiRequest['method'], ...rest: string[]): ApiRequest => ({
  method,
  path: ['v1', 'orgs', 'org-1', ...rest],
  retry: 'state',
});
const search: ApiRequest = {
  method: 'POST',
  path: ['v2', 'orgs', 'org-1', 'directories', 'd', 'users', 'search'],
  retry: 'read',
  body: {},
};
const forbidden = answer(403, '{"errors":[{"code":"ADMIN-403-3","title":"Forbidden"}]}');

/** Sends twenty requests, eight at a time, and counts how they end. */
async function sendMany(
  client: ReturnType<typeof openTestClient>,
  request = suspend(),
): Promise<(string | undefined)[]> {
  const endings: (string | undefined)[] = [];
  const lane = async () => {
    while (endings.length < 20) {
      const ending = await client.send(request).then(
        (reply) => reply.kind,
        (error: unknown) => (error instanceof StopError ? error.kind : 'bug'),
      );
      endings.push(ending);
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  return endings;
}

describe('a refused key', () => {
  it('stops everything after one call when it is refused with 401', async () => {
    const { port, seen } = await openWire((socket) =>
      socket.write(answer(401, '{"code":401,"message":"Unauthorized"}')),
    );
    expect(new Set(await sendMany(openTestClient(port)))).toEqual(new Set(['key']));
    expect(seen).toHaveLength(1);
  });

  it('stops everything after five calls that all met 403', async () => {
    const { port, seen } = await openWire((socket) => socket.write(forbidden));
    const endings = await sendMany(openTestClient(port));
    expect(endings.filter((ending) => ending === 'answer')).toHaveLength(4);
    expect(seen).toHaveLength(5);
  });

  it('stops everything after one 403 on the organization itself', async () => {
    const { port, seen } = await openWire((socket) => socket.write(forbidden));
    await expect(openTestClient(port).send(search)).rejects.toMatchObject({
      kind: 'key',
      message: expect.stringContaining('--org-id'),
    });
    expect(seen).toHaveLength(1);
  });

  it('is not what 403 means once the key has proved good', async () => {
    const { port, seen } = await openWire((socket, nth) => socket.write(nth === 0 ? ok : forbidden));
    expect(new Set(await sendMany(openTestClient(port)))).toEqual(new Set(['answer']));
    expect(seen.length).toBeGreaterThanOrEqual(20);
  });

  it('stops what comes after when it expires in the middle', async () => {
    const { port, seen } = await openWire((socket, nth) => socket.write(nth < 10 ? ok : answer(401)));
    expect((await sendMany(openTestClient(port))).filter((ending) => ending === 'answer')).toHaveLength(10);
    expect(seen.length).toBeLessThanOrEqual(18);
  });
});

describe('a generation that is no longer served', () => {
  const gateway = answer(
    404,
    '{"timestamp":"x","path":"/x","status":404,"error":"Not Found","message":"TCS validation failed"}',
  );
  const known = answer(404, '{"errors":[{"code":"ADMIN-404-8"}]}');
  const retired = [
    v1('POST', 'directory', 'users', 'a', 'suspend-access'),
    v1('POST', 'directory', 'users', 'a', 'restore-access'),
    v1('DELETE', 'directory', 'users', 'a'),
    v1('POST', 'directory', 'groups'),
    v1('DELETE', 'directory', 'groups', 'g'),
    v1('POST', 'directory', 'groups', 'g', 'memberships'),
    v1('POST', 'directory', 'groups', 'g', 'roles', 'assign'),
    v1('POST', 'users', 'search'),
    v1('POST', 'groups', 'search'),
    v1('POST', 'users', 'invite'),
  ];
  const kept = [
    v1('GET', 'directory', 'users', 'a', 'last-active-dates'),
    v1('POST', 'users', 'a', 'roles', 'assign'),
    suspend(),
  ];
  const gone = [
    gateway,
    answer(404),
    answer(410),
    answer(404, '<html>', { 'content-type': 'text/html' }),
    answer(404, '{"code":404,"message":"x"}'),
  ];
  const endingOf = async (request: ApiRequest, bytes: string) => {
    const { port } = await openWire((socket) => socket.write(bytes));
    return await openTestClient(port)
      .send(request)
      .catch((error: unknown) => error);
  };

  it.each(retired)('stops the run at $method $path, naming the way on', async (request) => {
    for (const bytes of gone) {
      expect(await endingOf(request, bytes)).toMatchObject({
        kind: 'config',
        message: expect.stringContaining('--api v2'),
      });
    }
    expect(await endingOf(request, known)).toMatchObject({ kind: 'answer', answer: { status: 404 } });
  });

  it.each(kept)('is not what 404 means at $method $path', async (request) => {
    expect(await endingOf(request, gateway)).toMatchObject({ kind: 'answer', answer: { status: 404 } });
  });
});

describe('an API that is down', () => {
  it.each(['state', 'creation'] as const)('is given up after 30 s of nothing but failures: %s', async (repeat) => {
    const world = new JumpingWorld();
    const { port, seen } = await openWire((socket) => socket.write(answer(503)));
    const client = openTestClient(port, {}, world);
    const untilStopped = async (): Promise<never> => {
      for (;;) await client.send({ ...suspend(), retry: repeat });
    };
    await expect(untilStopped()).rejects.toMatchObject({
      kind: 'stopped',
      message: expect.stringContaining('the API is down'),
    });
    expect(world.elapsed).toBeLessThan(61_000);
    expect(seen.length).toBeLessThan(40);
  });

  it('is called a few times only, however many requests wait', async () => {
    const world = new JumpingWorld();
    const { port, seen } = await openWire((socket) => socket.write(answer(503)));
    expect(await sendMany(openTestClient(port, {}, world))).toContain('stopped');
    expect(seen.length).toBeLessThan(60);
  });

  it('is used again at once when it comes back', async () => {
    const { port } = await openWire((socket, nth) => socket.write(nth < 14 ? answer(503) : ok));
    expect(new Set(await sendMany(openTestClient(port, { retries: 20 })))).toEqual(new Set(['answer']));
  });
});

describe('time that is over', () => {
  it('sends no further request', async () => {
    const world = new JumpingWorld();
    const { port, seen } = await openWire((socket) => socket.write(ok));
    const client = openTestClient(port, { deadline: 1000 }, world);
    await client.send(suspend());
    world.elapsed = 1000;
    await expect(client.send(suspend())).rejects.toMatchObject({
      kind: 'stopped',
      message: expect.stringContaining('--max-duration'),
    });
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['longer than --max-duration allows', '120', 100_000],
    ['longer than a day', '99999999', undefined],
  ])('is known at once when the organization asks to wait %s', async (than, seconds, deadline) => {
    const world = new JumpingWorld();
    const { port, seen } = await openWire((socket) => socket.write(answer(429, '', { 'retry-after': seconds })));
    const sent = openTestClient(port, deadline === undefined ? {} : { deadline }, world).send(suspend());
    await expect(sent).rejects.toMatchObject({ kind: 'stopped', message: expect.stringContaining(than) });
    expect([world.elapsed, seen.length]).toEqual([0, 1]);
  });
});

describe('a request to stop', () => {
  it('finishes calls in progress and sends nothing new', async () => {
    const stop = new AbortController();
    const { port, seen } = await openWire((socket, nth) => {
      if (nth === 1) stop.abort('SIGTERM');
      setTimeout(() => socket.write(ok), 20);
    });
    const client = openTestClient(port, { signal: stop.signal });
    await client.send(suspend());
    expect(await client.send(suspend())).toMatchObject({ kind: 'answer' });
    await expect(client.send(suspend())).rejects.toMatchObject({ kind: 'SIGTERM', call: { attempts: 0 } });
    expect(seen).toHaveLength(2);
  });

  it('does not wait for a retry, and reports that the call may have arrived', async () => {
    const stop = new AbortController();
    const { port } = await openWire((socket) => {
      stop.abort('SIGINT');
      socket.write(answer(503));
    });
    const sent = openTestClient(port, { signal: stop.signal }).send(suspend());
    await expect(sent).rejects.toMatchObject({ kind: 'SIGINT', call: { attempts: 1, mayHaveArrived: true } });
  });
});

describe('a connection that nobody should trust', () => {
  it.each([
    ['a certificate of nobody', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['a certificate of another host', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['an expired certificate', 'CERT_HAS_EXPIRED'],
    ['an old protocol', 'ERR_SSL_UNSUPPORTED_PROTOCOL'],
  ])('stops the run: %s', async (_what, code) => {
    const failing: typeof fetch = () =>
      Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) }));
    const sent = openTestClient(1, { fetch: failing }).send(suspend());
    await expect(sent).rejects.toMatchObject({ kind: 'config', message: expect.stringContaining(code) });
  });
});

describe('the API of managed accounts', () => {
  const manage: ApiRequest = { api: 'accounts', method: 'GET', path: ['users', 'a', 'manage'], retry: 'read' };

  it('may refuse every account without making the key a refused one', async () => {
    const { port } = await openWire((socket) => socket.write(answer(403, '{"key":"forbidden"}')));
    const accountUrl = new URL(`http://127.0.0.1:${port}`);
    expect(new Set(await sendMany(openTestClient(port, { accountUrl }), manage))).toEqual(new Set(['answer']));
  });

  it('is not called when its address is not known', async () => {
    const { port } = await openWire((socket) => socket.write(ok));
    await expect(openTestClient(port).send(manage)).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('--account-url') as string,
    });
  });
});
