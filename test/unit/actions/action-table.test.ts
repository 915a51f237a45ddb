// The table of actions, quantified: what every action promises, and what each sends on both generations.
import { describe, expect, it } from 'vitest';
import {
  type Action,
  type Address,
  type Answer,
  type ApiRequest,
  needsAllow,
  type Target,
} from '../../../src/actions/action.ts';
import { actions } from '../../../src/actions/action-table.ts';
import { actionNames, fieldNames, type Generation, suggestedActions } from '../../../src/model.ts';

const org = '6665kc2j-4644-14k8-j32c-68cc0b1d15b8';
const at = (generation: Generation): Address => ({ generation, org, directory: 'd1' });
const site = 'ari:cloud:jira-software::site/7c9e6679-7425-40de-944b-e07fc1f90ae7';
const target: Target = {
  accountId: '557058:a',
  email: 'ada@example.com',
  groupId: 'g1',
  groupName: 'alumni',
  role: 'atlassian/user',
  resource: site,
  roles: [
    { role: 'atlassian/user', resource: site },
    { role: 'atlassian/admin', resource: site },
  ],
  groups: ['g7'],
  sendNotification: false,
  force: true,
  description: 'People who left',
};

/** Drives an action, answering every request with the same body. */
function requestsOf(action: Action, generation: Generation, body?: unknown): ApiRequest[] {
  const sent: ApiRequest[] = [];
  const steps = action.send(target, at(generation));
  for (let step = steps.next(); !step.done; step = steps.next({ status: 200, body })) sent.push(step.value);
  return sent;
}

/** What goes over the wire, in one line. */
function wire({ method, path, query, body }: ApiRequest): string {
  const search = query === undefined ? '' : `?${new URLSearchParams(query)}`;
  return [method, `/${path.join('/')}${search}`, ...(body === undefined ? [] : [JSON.stringify(body)])].join(' ');
}

const activity = {
  data: { product_access: [{ id: site, key: 'jira-software', last_active: '2026-01-02' }], added_to_org: '2020-01-01' },
  links: {},
};
const invited = { v1: ['557058:new'], v2: { data: [{ id: '557058:new', email: target.email, results: [] }] } };
const tokens = [{ id: 't1', label: 'deploy', createdAt: '2026-01-02T03:04:05.000Z' }];
const bodyFor = (name: string, generation: Generation): unknown => {
  const bodies: Readonly<Record<string, unknown>> = {
    'get-last-active': activity,
    'invite-user': invited[generation],
    'revoke-api-tokens': tokens,
  };
  return bodies[name];
};

describe('every action', () => {
  const all = Object.entries<Action>(actions);

  it('stands in the table under its own name, in the order of the manual', () => {
    expect(Object.keys(actions)).toEqual([...actionNames]);
    expect(all.filter(([name, action]) => action.name !== name)).toEqual([]);
  });

  it.each(all)('%s has an example with all that it needs', (name, { example, needs }) => {
    expect(example.action).toBe(name);
    const given = (need: string) => {
      if (need === 'user') return example.accountId ?? example.email;
      if (need === 'group') return example.groupName ?? example.groupId;
      return example[need as 'email' | 'groupName' | 'role' | 'roles'];
    };
    expect(needs.filter((need) => given(need) === undefined)).toEqual([]);
  });

  it.each(all)('%s takes only columns that manifests have', (_, { takes }) => {
    expect(takes.filter((field) => !fieldNames.includes(field))).toEqual([]);
  });

  it.each(all)('%s sends what its endpoints announce, on both generations', (name, action) => {
    for (const generation of ['v1', 'v2'] as const) {
      const sent = requestsOf(action, generation, bodyFor(name, generation));
      // The request that changes something; what is read for it comes before.
      const first = sent.find(({ retry }) => action.risk === 'reads' || retry !== 'read') as ApiRequest;
      const pattern = action.endpoints[generation].replace(/\{\w+\}/g, '[^/]+');
      expect(`${first.method} /${first.path.join('/')}`).toMatch(new RegExp(`^${pattern}$`));
    }
  });

  it.each(all)('%s that is reversible has an inverse, whose inverse is the action itself', (name, action) => {
    const undo = action.undo({ fields: { ...target, groups: [] }, result: undefined });
    if (action.risk !== 'reversible') return expect(typeof undo === 'string' || undo.lost).toBeTruthy();
    if (typeof undo === 'string') throw new Error(undo);
    const [row] = undo.rows;
    const { action: inverse, ...fields } = row as (typeof undo.rows)[number];
    const again = actions[inverse].undo({ fields, result: undefined });
    // A group that is deleted can't come back as it was, so creating it has no way back from there.
    if (name !== 'create-group') expect(typeof again === 'string' ? again : again.rows[0]?.action).toBe(name);
  });
});

describe('on the wire', () => {
  const lines = (generation: Generation) =>
    Object.fromEntries(
      actionNames.map((name) => [name, requestsOf(actions[name], generation, bodyFor(name, generation)).map(wire)]),
    );

  it('v1 is what the specification says', () => {
    expect(lines('v1')).toMatchSnapshot();
  });

  it('v2 is what the specification says', () => {
    expect(lines('v2')).toMatchSnapshot();
  });
});

describe('answers that mean already', () => {
  const cases: readonly [keyof typeof actions, Answer, boolean][] = [
    ['remove-user', { status: 404, body: undefined, code: 'ADMIN-404-8' }, true],
    ['remove-user', { status: 404, body: undefined }, false],
    ['remove-user', { status: 404, body: undefined, code: 'ADMIN-404-2' }, false],
    ['remove-user-from-group', { status: 404, body: undefined, code: 'ADMIN-404-8' }, true],
    ['remove-user-from-group', { status: 404, body: undefined, code: 'ADMIN-404-10' }, false],
    ['delete-group', { status: 404, body: undefined, code: 'ADMIN-404-10' }, true],
    ['delete-group', { status: 409, body: undefined, code: 'ADMIN-409-5', text: 'Group not empty' }, false],
    ['add-user-to-group', { status: 409, body: undefined, code: 'ADMIN-UAM-409-2' }, true],
    ['add-user-to-group', { status: 409, body: undefined, code: 'ADMIN-UAM-409-3', text: 'Licence limit' }, false],
    ['create-group', { status: 409, body: undefined, text: 'A group with this name already exists' }, true],
    ['suspend-user', { status: 404, body: undefined, code: 'ADMIN-404-8' }, false],
  ];

  it.each(cases)('%s: %j is already: %s', (name, answer, already) => {
    expect(actions[name].already(answer)).toBe(already);
  });
});

describe('last-active pages', () => {
  const page = (day: string, next: string | null): Answer => {
    const product_access = [{ id: site, key: 'jira-software', last_active: day }];
    return { status: 200, body: { data: { product_access }, links: { next } } };
  };

  it('are followed to the end', () => {
    const steps = actions['get-last-active'].send(target, at('v1'));
    steps.next();
    expect(steps.next(page('2026-01-01', 'https://x/y?cursor=c2')).value).toMatchObject({ query: { cursor: 'c2' } });
    expect(steps.next(page('2026-01-02', 'c3')).value).toMatchObject({ query: { cursor: 'c3' } });
    const end = steps.next(page('2026-01-03', null));
    expect(end.done).toBe(true);
    expect((end.value as { products: unknown[] }).products).toHaveLength(3);
  });

  it('whose cursor comes back are not read, because the rest of them is missing', () => {
    const steps = actions['get-last-active'].send(target, at('v1'));
    steps.next();
    steps.next(page('2026-01-01', 'c2'));
    expect(() => steps.next(page('2026-01-02', 'c2'))).toThrow('the list could not be read completely');
  });

  it('refuse an answer without data, because that is not the same as never', () => {
    const steps = actions['get-last-active'].send(target, at('v1'));
    steps.next();
    expect(() => steps.next({ status: 200, body: {} })).toThrow(TypeError);
  });
});

describe('actions that an error may suggest', () => {
  it('are those that need no permission', () => {
    const safe = Object.values<Action>(actions).filter((action) => !needsAllow(action));
    expect(suggestedActions.toSorted()).toEqual(safe.map(({ name }) => name).toSorted());
  });
});
