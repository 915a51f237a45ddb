// Another admin who changes the same people and groups while a run is under way.
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { group, org, person } from '../support/organization.ts';
import type { Cast } from './cast.ts';
import type { Random } from './random.ts';

/** Makes one change. Returns whom it was about. */
export function meddle(
  cast: Cast,
  random: Random,
  sandbox: Sandbox,
): { subject: string; what: string; done: Promise<Response> } {
  const { generation, state } = cast;
  const n = random.int(0, state.people.length - 1);
  const { accountId } = person(n);
  const directory = state.directories[0]?.id ?? '';
  const [base, suspend, restore] =
    generation === 'v1'
      ? [`v1/orgs/${org}/directory`, 'suspend-access', 'restore-access']
      : [`v2/orgs/${org}/directories/${directory}`, 'suspend', 'restore'];
  const member = generation === 'v1' ? { account_id: accountId } : { accountId };
  const someone = `person ${n}`;
  const changes = [
    { subject: someone, method: 'POST', path: `users/${accountId}/${suspend}`, body: {} },
    { subject: someone, method: 'POST', path: `users/${accountId}/${restore}`, body: {} },
    { subject: someone, method: 'DELETE', path: `users/${accountId}` },
    { subject: someone, method: 'POST', path: `groups/${group(2).groupId}/memberships`, body: member },
    { subject: someone, method: 'DELETE', path: `groups/${group(1).groupId}/memberships/${accountId}` },
    { subject: 'new group', method: 'POST', path: 'groups', body: { name: 'alumni' } },
    { subject: 'group 3', method: 'DELETE', path: `groups/${group(3).groupId}` },
  ];
  const { subject, method, path, body } = random.pick(changes);
  const request = new Request(`http://127.0.0.1/admin/${base}/${path}`, {
    method,
    headers: { authorization: 'Bearer sandbox', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { subject, what: `${method} ${path}`, done: sandbox.fetch(request) };
}
