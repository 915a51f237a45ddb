// The 13 requests of the specification as curl sends them, against `leavers sandbox`'s organization: no client of ours in between.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { account, confluence, groupId, jira, org, serveCast } from '../support/cast.ts';

const curl = promisify(execFile);
const [active, empty, staff] = [account('active'), groupId('empty'), groupId('staff')];
const v1 = `/v1/orgs/${org}`;
const roles = JSON.stringify({ roleAssociations: [{ resource: jira, role: 'atlassian/user' }] });
const own = JSON.stringify({ role: 'atlassian/user', resource: confluence });

/** Method, path, body, status, and what the answer holds. */
const lines: readonly (readonly [string, string, string | undefined, number, RegExp])[] = [
  ['GET', `${v1}/directory/users/${active}/last-active-dates`, undefined, 200, /"product_access":\[\{"id":"ari:cloud:/],
  ['DELETE', `${v1}/directory/users/${active}`, undefined, 204, /^$/],
  ['POST', `${v1}/directory/users/${active}/suspend-access`, undefined, 200, /"message":/],
  ['POST', `${v1}/directory/users/${account('suspended')}/restore-access`, undefined, 200, /"message":/],
  ['POST', `${v1}/directory/groups`, '{"name":"Alumni","description":"Gone"}', 200, /"groupId":"/],
  ['DELETE', `${v1}/directory/groups/${staff}?forceIfNotEmpty=true`, undefined, 200, /"message":/],
  ['POST', `${v1}/directory/groups/${empty}/memberships`, `{"account_id":"${active}"}`, 200, /"message":/],
  ['DELETE', `${v1}/directory/groups/${staff}/memberships/${active}`, undefined, 200, /"message":/],
  ['POST', `${v1}/users/invite`, '{"email":"new@example.com","sendNotification":true}', 202, /^\["712020:/],
  ['POST', `${v1}/directory/groups/${empty}/roles/assign`, roles, 202, /"message":/],
  ['POST', `${v1}/directory/groups/${staff}/roles/revoke`, roles, 202, /"message":/],
  ['POST', `${v1}/users/${active}/roles/assign`, own, 204, /^$/],
  ['POST', `${v1}/users/${active}/roles/revoke`, own, 204, /^$/],
];

describe('curl', () => {
  it.each(lines)('%s %s %s is answered with %i', async (method, path, body, status, holds) => {
    await using served = await serveCast();
    const json = body === undefined ? [] : ['--header', 'Content-Type: application/json', '--data', body];
    const accept = ['--header', 'Accept: application/json', '--header', 'Authorization: Bearer sandbox'];
    const words = ['--silent', '--request', method, '--url', `${served.url}${path}`, ...accept, ...json];
    const { stdout } = await curl('curl', [...words, '--write-out', '\n%{http_code}']);
    const [answer = '', code] = stdout.split(/\n(?=\d+$)/);
    expect([Number(code), answer]).toEqual([status, expect.stringMatching(holds)]);
  });

  it('has a line for each of the 13 operations', () => {
    const operations = lines.map(([method, path]) => `${method} ${path.replace(/\?.*$/, '')}`);
    expect(new Set(operations).size).toBe(13);
  });
});
