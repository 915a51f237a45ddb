// A small organization whose people and groups are named after what is special about them, served over a real socket.
import { observed } from './specification.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSandbox, parseOrgState, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { serveSandbox } from '../../src/sandbox/http/server.ts';

export const org = '6665kc2j-4644-14k8-j32c-68cc0b1d15b8';
export const directory = '30000000-0000-4000-8000-000000000001';
export const site = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
export const jira = `ari:cloud:jira-software::site/${site}`;
export const confluence = `ari:cloud:confluence::site/${site}`;
export const user = 'atlassian/user';

const names = ['active', 'suspended', 'admin', 'deactivated', 'uninvited', 'outsider', 'colleague'] as const;
const kinds = {
  staff: 'normal',
  empty: 'normal',
  synced: 'scim',
  base: 'default',
  admins: 'site-admin',
  spare: 'normal',
} as const;
export type Who = (typeof names)[number];
export type Which = keyof typeof kinds;

export const account = (who: Who | 'nobody') => `557058:${who}`;
export const email = (who: Who) => `${who}@example.com`;
export const groupId = (which: Which | 'nothing') => `g-${which}`;

function member(who: Who) {
  const statuses: Partial<Record<Who, string>> = {
    suspended: 'suspended',
    deactivated: 'deactivated',
    uninvited: 'not_invited',
    outsider: 'not_invited',
  };
  const status = statuses[who] ?? 'active';
  const isIn = status !== 'not_invited';
  return {
    accountId: account(who),
    email: email(who),
    name: `The ${who} one`,
    accountType: 'atlassian',
    status,
    addedToOrg: '2020-01-02T03:04:05Z',
    orgAdmin: who === 'admin',
    claimed: who !== 'outsider',
    groups: isIn
      ? [groupId('staff'), ...(who === 'active' ? [groupId('synced'), groupId('base'), groupId('admins')] : [])]
      : [],
    roles: isIn ? [{ role: 'atlassian/admin', resource: confluence }] : [],
    products: isIn
      ? [
          { id: jira, key: 'jira-software', lastActive: '2026-01-02T03:04:05Z' },
          { id: confluence, key: 'confluence', lastActive: null },
        ]
      : [],
  };
}

/** The state file's content; `change` may do what it likes to it. */
export function castState(change: (state: Record<string, unknown>) => void = () => {}): Record<string, unknown> {
  const state = {
    org: { id: org, name: 'Cast' },
    directories: [{ id: directory, name: 'Directory' }],
    people: names.map(member),
    groups: Object.entries(kinds).map(([name, kind]) => ({
      id: groupId(name as Which),
      name: `${name} GROUP`,
      description: `About ${name}`,
      kind,
      roles: name === 'staff' || name === 'spare' ? [{ role: user, resource: jira }] : [],
    })),
    licences: [],
  };
  change(state);
  return state;
}

export interface Called {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed; undefined when empty or no JSON. */
  readonly body: unknown;
}

/** A clock that moves only when `pass` is called. */
export function stoppedClock(at = Date.parse('2026-03-04T05:06:07.000Z')) {
  let now = at;
  return { now: () => now, pass: (ms: number) => void (now += ms) };
}

export type Call = (route: string, body?: unknown, init?: RequestInit) => Promise<Called>;

/** `call('POST /v1/orgs/{org}/…', body)`: `{org}` and `{directory}` are filled in, an object is sent as JSON. */
function caller(url: string, key = 'sandbox'): Call {
  return async (route, body, init = {}) => {
    const [method = '', path = ''] = route.replace('{org}', org).replace('{directory}', directory).split(' ');
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const headers = {
      authorization: `Bearer ${key}`,
      ...json,
      ...(init.headers as Record<string, string> | undefined),
    };
    const content = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const answer = await fetch(`${url}${path}`, { method, ...content, ...init, headers });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, body: parse(text) };
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Wanted extends Partial<SandboxOptions> {
  readonly change?: (state: Record<string, unknown>) => void;
}

/** Serves the cast; `await using` shuts it. */
export async function serveCast({ change, ...options }: Wanted = {}) {
  const wait = async (ms: number): Promise<void> => {
    await sleep(ms);
  };
  const sandbox = openSandbox(parseOrgState(castState(change), 'cast'), {
    clock: stoppedClock(),
    sleep: wait,
    ...options,
  });
  const server = await serveSandbox(observed(sandbox), { port: 0 });
  return {
    sandbox,
    url: server.url,
    call: caller(server.url),
    callWith: (key: string) => caller(server.url, key),
    person: (who: Who) => sandbox.state().people.find(({ accountId }) => accountId === account(who)),
    group: (which: Which) => sandbox.state().groups.find(({ id }) => id === groupId(which)),
    [Symbol.asyncDispose]: () => server.close(),
  };
}
