// The audit log of the simulated organization: an event for each change, its pages and limits, and the trouble that a test may ask for.
import { describe, expect, it } from 'vitest';
import type { AuditTrouble } from '../../../src/sandbox/audit-log.ts';
import { account, groupId, serveCast, stoppedClock } from '../../support/cast.ts';
import { active, d2, v1, writes } from '../../support/cast-routes.ts';

type Served = Awaited<ReturnType<typeof serveCast>>;

interface Event {
  readonly id: string;
  readonly attributes: {
    readonly time: string;
    readonly processedAt: string;
    readonly action: string;
    readonly actor: { readonly id: string; readonly auth?: { readonly tokenLabel: string } };
    readonly context: readonly { readonly id: string }[];
  };
}
interface Page {
  readonly data: readonly Event[];
  readonly meta: { readonly next?: string; readonly page_size: number };
}

async function read(served: Served, query = '', path = 'events-stream'): Promise<Page> {
  return (await served.call(`GET ${v1}/${path}${query}`)).body as Page;
}

const suspend = `POST ${d2}/users/${active}/suspend`;

describe('the audit log', () => {
  it.each(writes)('has one event about $route, by the key, with a known action', async ({ route, body }) => {
    await using served = await serveCast();
    await served.call(route, body);
    const { data } = await read(served);
    expect(data).toHaveLength(1);
    const { action, actor, context } = data[0]?.attributes ?? {};
    expect([actor?.auth?.tokenLabel, context?.length === 0]).toEqual(['leavers', false]);
    const known = (await served.call(`GET ${v1}/event-actions`)).body as { data: { id: string }[] };
    expect(known.data.map(({ id }) => id)).toContain(action);
  });

  it('has none about what was so before, or was refused', async () => {
    await using served = await serveCast();
    await served.call(`POST ${d2}/users/${account('suspended')}/suspend`, {});
    await served.call(`POST ${d2}/users/${account('admin')}/suspend`, {});
    expect((await read(served)).data).toEqual([]);
  });

  it('shows an event after a delay, with the times of the change and of its processing', async () => {
    const clock = stoppedClock();
    await using served = await serveCast({ clock, audit: { delayMs: 60_000 } });
    await served.call(suspend, {});
    expect((await read(served)).data).toEqual([]);
    clock.pass(60_000);
    const [event] = (await read(served)).data;
    expect(Date.parse(event?.attributes.processedAt ?? '') - Date.parse(event?.attributes.time ?? '')).toBe(60_000);
  });

  it.each<[AuditTrouble, readonly (string | undefined)[]]>([
    ['missing', []],
    ['doubled', ['leavers', 'leavers']],
    ['foreign', [undefined]],
  ])('has a %s event where a test asks for it', async (trouble, labels) => {
    const audit = { trouble: (subject: string) => (subject === active ? trouble : undefined) };
    await using served = await serveCast({ audit });
    await served.call(suspend, {});
    const { data } = await read(served);
    expect(data.map(({ attributes }) => attributes.actor.auth?.tokenLabel)).toEqual(labels);
    expect(new Set(data.map(({ id }) => id)).size).toBe(labels.length);
  });
});

describe('its pages', () => {
  const three = async (served: Served) => {
    for (const who of ['active', 'colleague'] as const)
      await served.call(`POST ${d2}/users/${account(who)}/suspend`, {});
    await served.call(`DELETE ${d2}/groups/${groupId('empty')}`);
  };
  const actionsIn = ({ data }: Page) => data.map(({ attributes }) => attributes.action);

  it('follow a cursor that the last page has too, to poll for new events', async () => {
    await using served = await serveCast();
    await three(served);
    const first = await read(served, '?limit=2');
    const second = await read(served, `?limit=2&cursor=${first.meta.next}`);
    const none = await read(served, `?limit=2&cursor=${second.meta.next}`);
    expect([first, second, none].map(({ data }) => data.length)).toEqual([2, 1, 0]);
    expect(none.meta.next).toBe(second.meta.next);
  });

  it('are filtered by time, and sorted as wanted', async () => {
    const clock = stoppedClock();
    await using served = await serveCast({ clock });
    await three(served);
    expect(actionsIn(await read(served, '?sortOrder=desc'))[0]).toBe('group_deleted');
    expect((await read(served, `?from=${clock.now() + 1}`)).data).toEqual([]);
    expect((await read(served, `?from=${clock.now()}&to=${clock.now()}`)).data).toHaveLength(3);
  });

  it('of the list are filtered by action, actor and words, the newest first', async () => {
    await using served = await serveCast();
    await three(served);
    const found = async (query: string) => actionsIn(await read(served, query, 'events'));
    expect(await found('?action=group_deleted')).toEqual(['group_deleted']);
    expect(await found('?q=colleague')).toEqual(['user_access_suspended']);
    expect([await found('?actor=557058:stranger'), (await found(''))[0]]).toEqual([[], 'group_deleted']);
  });

  it.each(['limit=501', 'limit=0', 'from=2026-01-01', 'cursor=abc', 'sortOrder=up'])(
    'are refused for %s',
    async (query) => {
      await using served = await serveCast();
      expect((await served.call(`GET ${v1}/events-stream?${query}`)).status).toBe(400);
    },
  );

  it.each([
    ['events', 10],
    ['events-stream', 50],
    ['event-actions', 10],
  ])('of %s are served %i times a minute, apart from all else', async (path, most) => {
    const clock = stoppedClock();
    await using served = await serveCast({ clock });
    const status = async () => (await served.call(`GET ${v1}/${path}`)).status;
    for (let n = 0; n < most; n += 1) expect(await status()).toBe(200);
    expect([await status(), (await served.call(`GET ${v1}`)).status]).toEqual([429, 200]);
    clock.pass(60_000);
    expect(await status()).toBe(200);
  });
});
