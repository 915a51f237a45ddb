// An organization made for a test, served over a real socket, with the ledger of everything that reached it.
import { observed } from './specification.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSandbox, parseOrgState, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { serveSandbox } from '../../src/sandbox/http/server.ts';

export const org = '6665a2c0-4644-4c88-9b2c-68cc0b1d15b8';
export const site = 'ari:cloud:jira-software::site/7c9e6679-7425-40de-944b-e07fc1f90ae7';

const id = (kind: number, n: number) => `${kind}0000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
/** Account id and e-mail of the n-th person, id and name of the n-th group. */
export const person = (n: number) => ({ accountId: `557058:${id(1, n)}`, email: `person${n}@example.com` });
export const group = (n: number) => ({ groupId: id(2, n), groupName: `group-${n}` });

export interface Wanted {
  readonly people: number;
  readonly groups?: number;
  readonly change?: (state: Record<string, unknown>) => void;
}

/** A state file's content: everybody active, and in group 0. */
export function stateOf({ people, groups = 3, change }: Wanted): Record<string, unknown> {
  const state = {
    org: { id: org, name: 'Test company' },
    directories: [{ id: id(3, 0), name: 'Directory' }],
    people: Array.from({ length: people }, (_, n) => ({
      ...person(n),
      name: `Person ${n}`,
      accountType: 'atlassian',
      status: 'active',
      addedToOrg: '2020-01-01T00:00:00Z',
      groups: [group(0).groupId],
      roles: [],
      products: [{ id: site, key: 'jira-software', lastActive: '2026-01-02T03:04:05Z' }],
    })),
    groups: Array.from({ length: groups }, (_, n) => ({
      id: group(n).groupId,
      name: group(n).groupName,
      kind: 'normal',
      roles: [],
    })),
    licences: [],
  };
  change?.(state);
  return state;
}

/** Serves an organization on a free port of loopback. */
export async function serveCompany(wanted: Wanted, options: Partial<SandboxOptions> = {}) {
  const state = parseOrgState(stateOf(wanted), 'test');
  const wait = async (ms: number): Promise<void> => {
    await sleep(ms);
  };
  const sandbox = openSandbox(state, { clock: Date, sleep: wait, ...options });
  const server = await serveSandbox(observed(sandbox), { port: 0 });
  return {
    sandbox,
    url: server.url,
    /** What a child needs to talk to it. */
    env: { ATLASSIAN_ORG_ID: org, ATLASSIAN_API_KEY: 'sandbox', ATLASSIAN_API_URL: server.url, LEAVERS_RATE: 'none' },
    /** Changes that took effect, as `METHOD path body`. */
    changes: () => sandbox.ledger.filter(({ applied }) => applied),
    [Symbol.asyncDispose]: () => server.close(),
  };
}
