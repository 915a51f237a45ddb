// The limits of the published specification: a filter above its maximum, or a page size out of range, is answered with 400.
import { describe, expect, it } from 'vitest';
import { storedFacts } from '../../../src/specification/stored-facts.ts';
import { account, directory, groupId, serveCast } from '../../support/cast.ts';

/** Values of filters that take only some. */
const valueOf: Readonly<Record<string, string>> = {
  status: 'active',
  accountStatus: 'active',
  membershipStatus: 'active',
  roleIds: 'atlassian/user',
};

const d2 = '/v2/orgs/{org}/directories/{directory}';
const v1 = '/v1/orgs/{org}';
const some = (count: number) => Array.from({ length: count }, (_, n) => `value-${n}@example.com`);
const filter = (name: string) => (count: number) => ({ [name]: some(count) });
const equal = (name: string) => (count: number) => ({ [name]: { eq: some(count) } });

/** Route, filter, its maximum, and a body with so many values. */
const filters: readonly (readonly [string, string, number, (count: number) => object])[] = [
  ...(
    [
      ['accountIds', 10],
      ['emails', 100],
      ['groupIds', 10],
      ['directoryIds', 10],
      ['roleIds', 10],
      ['emailDomains', 10],
      ['resourceIds', 20],
    ] as const
  ).map(([name, most]) => [`POST ${d2}/users/search`, name, most, filter(name)] as const),
  ...(
    [
      ['groupNames', 100],
      ['groupIds', 10],
      ['accountIds', 10],
      ['directoryIds', 10],
      ['roleIds', 10],
      ['resourceIds', 20],
    ] as const
  ).map(([name, most]) => [`POST ${d2}/groups/search`, name, most, filter(name)] as const),
  [`POST ${v1}/users/search`, 'accountIds', 100, filter('accountIds')],
  [`POST ${v1}/users/search`, 'emailUsernames', 100, equal('emailUsernames')],
  [`POST ${v1}/users/search`, 'emailDomains', 100, equal('emailDomains')],
  [`POST ${v1}/groups/search`, 'groupIds', 100, filter('groupIds')],
  [`POST ${v1}/groups/search`, 'groupNames', 100, equal('groupNames')],
  ['POST /v2/orgs/{org}/users/invite', 'emails', 25, filter('emails')],
];

describe('a filter', () => {
  it.each(filters)('%s takes %s up to %i, and no more', async (route, _, most, body) => {
    await using served = await serveCast();
    expect((await served.call(route, body(most))).status).toBe(200);
    expect((await served.call(route, body(most + 1))).status).toBe(400);
  });

  it.each(filters.filter(([route]) => route.includes('/v2/')))('%s takes no empty %s', async (route, _, __, body) => {
    await using served = await serveCast();
    expect((await served.call(route, body(0))).status).toBe(400);
  });
});

describe('a page size', () => {
  it.each([
    [`POST ${d2}/users/search`, 100],
    [`POST ${d2}/groups/search`, 100],
    [`POST ${v1}/users/search`, 10_000],
    [`POST ${v1}/groups/search`, 1000],
  ])('of %s is from 1 to %i', async (route, most) => {
    await using served = await serveCast();
    const statuses = [];
    for (const limit of [0, 1, most, most + 1]) statuses.push((await served.call(route, { limit })).status);
    expect(statuses).toEqual([400, 200, 200, 400]);
  });

  it.each([
    'GET /v2/orgs/{org}/directories',
    `GET ${d2}/users/${account('active')}/role-assignments`,
    `GET ${d2}/groups/${groupId('staff')}/role-assignments`,
  ])('of %s is from 1 to 100', async (route) => {
    await using served = await serveCast();
    const statuses = [];
    for (const limit of [0, 1, 100, 101]) statuses.push((await served.call(`${route}?limit=${limit}`)).status);
    expect(statuses).toEqual([400, 200, 200, 400]);
  });
});

/** Filters and page sizes of every list of v2 that is read with GET, as published. */
const read = Object.entries(storedFacts.organization.operations).filter(([name]) => name.startsWith('GET /v2/'));
const limits = read.flatMap(([name, { parameters }]) =>
  parameters.flatMap(({ name: key, in: place, schema: { maxItems, maximum } }) => {
    const most = place === 'query' && key !== 'sortBy' ? (maxItems ?? maximum) : undefined;
    return typeof most === 'number' ? [[name, key, most] as const] : [];
  }),
);

/** The route of an operation, on the cast. */
function routeOf(name: string): string {
  const ids = { userId: account('active'), accountId: account('active'), groupId: groupId('staff') };
  return Object.entries({ orgId: '{org}', directoryId: '{directory}', ...ids }).reduce(
    (route, [key, id]) => route.replaceAll(`{${key}}`, id),
    name,
  );
}

describe('a published maximum', () => {
  it.each(limits)('of %s holds for %s: %i', async (name, key, most) => {
    await using served = await serveCast();
    const values = (count: number) =>
      key === 'limit' ? [String(count)] : Array.from({ length: count }, () => valueOf[key] ?? 'x');
    const call = async (count: number) => {
      const query = values(count).map((value) => `${key}=${value}`);
      return (await served.call(`${routeOf(name)}?${query.join('&')}`)).status;
    };
    expect([await call(most), await call(most + 1)]).toEqual([200, 400]);
  });
});

describe('lists of v2 that are read with GET', () => {
  it('have 20 entries a page, and a cursor that leads to the rest', async () => {
    const more = Array.from({ length: 24 }, (_, n) => ({ id: `d-${n}`, name: `Directory ${n}` }));
    const change = (state: Record<string, unknown>) => void (state['directories'] as object[]).push(...more);
    await using served = await serveCast({ change });
    type Page = { data: { directoryId: string }[]; links: { next?: string } };
    const first = (await served.call('GET /v2/orgs/{org}/directories')).body as Page;
    const next = await served.call(`GET /v2/orgs/{org}/directories?cursor=${first.links.next}`);
    const last = next.body as Page;
    expect([first.data.length, first.data[0]?.directoryId, last.data.length]).toEqual([20, directory, 5]);
    expect(last.links).toEqual({});
  });
});
