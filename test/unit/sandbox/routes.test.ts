// Every route of the 13 actions in both generations: what a request that is right is answered, and what it does.
import { describe, expect, it } from 'vitest';
import { serveCast } from '../../support/cast.ts';
import { v1, d1, d2, active, writes, reads } from '../../support/cast-routes.ts';

describe('a request that is right', () => {
  it.each(writes)('$route is answered with $status and does it', async ({ route, body, status, answer, effect }) => {
    await using served = await serveCast();
    expect(effect?.(served) ?? false).toBe(false);
    const called = await served.call(route, body);
    expect(called.status).toBe(status);
    if (answer === undefined) expect(called.text).toBe('');
    else expect(called.body).toMatchObject(answer as object);
    expect(effect?.(served)).toBe(true);
    expect(served.sandbox.ledger).toMatchObject([{ status, applied: true, changed: true, body }]);
  });

  it.each(reads)('$route is answered with $status and changes nothing', async ({ route, body, status, answer }) => {
    await using served = await serveCast();
    const before = served.sandbox.state();
    const called = await served.call(route, body);
    expect(called.status).toBe(status);
    expect(called.headers.get('content-type')).toMatch(/^application\/json/);
    expect(called.body).toMatchObject(answer as object);
    expect(served.sandbox.state()).toEqual(before);
    expect(served.sandbox.ledger).toMatchObject([{ status, applied: false, changed: false }]);
  });

  it.each(reads.filter(({ route }) => route.includes('{directory}')))(
    '$route takes - for all directories',
    async ({ route, body, status, answer }) => {
      await using served = await serveCast();
      const called = await served.call(route.replace('{directory}', '-'), body);
      expect(called.status).toBe(status);
      expect(called.body).toMatchObject(answer as object);
    },
  );
});

describe('generations', () => {
  const all = [...writes, ...reads];
  const lasting = /GET \/v1|\/users\/[^/]+\/(roles|role-assignments)\//;
  const old = all.filter(({ route }) => route.includes(' /v1/') && !lasting.test(route));
  const gone = {
    status: 404,
    error: 'Not Found',
    requestId: expect.any(String) as string,
    path: expect.stringMatching(/^\/api\/admin\/v/) as string,
  };

  it('has routes of every sort in the tables above', () => {
    expect([old.length, all.length - old.length]).toEqual([13, 40]);
  });

  it.each(old)('$route is unknown where only v2 is served, in the words of the gateway', async ({ route, body }) => {
    await using served = await serveCast({ generations: ['v2'] });
    expect((await served.call(route, body)).body).toMatchObject(gone);
    expect(served.sandbox.ledger).toMatchObject([{ status: 404, applied: false }]);
  });

  it.each(all.filter(({ route }) => route.includes(' /v2/')))(
    '$route is unknown where only v1 is served',
    async ({ route, body }) => {
      await using served = await serveCast({ generations: ['v1'] });
      expect((await served.call(route, body)).body).toMatchObject(gone);
    },
  );

  it.each(all.filter(({ route }) => lasting.test(route.replace(' /v2', '')) && route.includes(' /v1/')))(
    '$route stays where only v2 is served',
    async ({ route, body, status }) => {
      await using served = await serveCast({ generations: ['v2'] });
      expect((await served.call(route, body)).status).toBe(status);
    },
  );
});

describe('who is asked, and by whom', () => {
  const anyRoute = [
    `GET ${v1}`,
    `POST ${d1}/users/${active}/suspend-access`,
    `POST ${d2}/users/search`,
    'GET /v1/nothing',
  ];

  it.each(anyRoute)('%s without the right key is refused by the gateway', async (route) => {
    await using served = await serveCast();
    const called = await served.callWith('other')(route, route.startsWith('POST') ? {} : undefined);
    expect([called.status, called.body]).toEqual([401, { code: 401, message: 'Unauthorized' }]);
    expect(served.sandbox.ledger).toMatchObject([{ status: 401, applied: false }]);
  });

  it('another key can be set', async () => {
    await using served = await serveCast({ key: 'secret' });
    expect((await served.call(`GET ${v1}`)).status).toBe(401);
    expect((await served.callWith('secret')(`GET ${v1}`)).status).toBe(200);
  });

  const stranger = '00000000-0000-0000-0000-000000000000';
  it.each([
    [`GET ${v1}`, 404, 'ADMIN-404-2'],
    [`GET ${v1}/users`, 404, 'ADMIN-404-2'],
    [`DELETE ${d1}/users/${active}`, 403, 'ADMIN-403-3'],
    [`DELETE ${d2}/users/${active}`, 403, 'ADMIN-UAM-403-2'],
    ['GET /v2/orgs/{org}/directories', 403, 'ADMIN-UAM-403-2'],
  ])("%s of somebody else's organization is refused with %i %s", async (route, status, code) => {
    await using served = await serveCast();
    const called = await served.call(route.replace('{org}', stranger));
    expect(called.status).toBe(status);
    expect(called.body).toMatchObject({ errors: [{ code }] });
  });

  it.each([`GET ${v1}`, `DELETE ${d1}/users/${active}`, 'GET /v2/orgs/{org}/directories'])(
    '%s with a malformed organization is not routed',
    async (route) => {
      await using served = await serveCast();
      const called = await served.call(route.replace('{org}', 'acme'));
      expect([called.status, called.body]).toMatchObject([404, { status: 404, message: 'TCS validation failed' }]);
    },
  );

  it.each(['GET /v1/nothing', 'GET /v3/orgs', `POST ${d2}/users/${active}/role-assignments/grant`])(
    '%s is a route that nobody serves',
    async (route) => {
      await using served = await serveCast();
      expect((await served.call(route)).body).toMatchObject({ status: 404, error: 'Not Found' });
    },
  );

  it.each([
    [`PUT ${v1}`, 'ADMIN-405-1'],
    [`GET ${d2}/users/${active}/suspend`, 'ADMIN-UAM-405-1'],
    [`DELETE ${d2}/groups`, 'ADMIN-UAM-405-1'],
  ])('%s is a route of another method', async (route, code) => {
    await using served = await serveCast();
    expect(await served.call(route)).toMatchObject({ status: 405, body: { errors: [{ code }] } });
  });

  it.each(['users', 'groups'])('a search for %s needs no body', async (what) => {
    await using served = await serveCast();
    expect((await served.call(`POST ${d2}/${what}/search`)).status).toBe(200);
  });
});
