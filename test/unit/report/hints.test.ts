// Each cause of a failed row has advice of its own, also where the API has one code for several causes.
import { describe, expect, it } from 'vitest';
import { hintOf } from '../../../src/report/hints.ts';
import type { RowEnd } from '../../../src/report/events.ts';

function failed(action: RowEnd['action'], more: Partial<RowEnd> & { code?: string; detail?: string }): RowEnd {
  const { code = null, detail = null, ...rest } = more;
  const names = { accountId: 'a', email: null, groupId: null, groupName: null, reference: null };
  const place = { event: 'row', key: `${action}${detail}`, row: 1, file: 'm.csv', line: 2 } as const;
  const end = { outcome: 'failed', reason: null, status: 400, attempts: 1, ambiguous: false, ms: 1 } as const;
  const error = { code, title: 'Invalid resource', detail, traceId: null };
  return { ...place, ...names, ...end, action, message: null, error, result: null, fields: {}, ...rest };
}

describe('the advice for', () => {
  it.each([
    [
      'an organization admin',
      'suspend-user',
      'ADMIN-400-4',
      'User a is an organization admin',
      /^an organization admin/,
    ],
    ['an admin on v2', 'remove-user', 'ADMIN-UAM-400-1', 'User a is an organization admin', /^an organization admin/],
    [
      'the original user management',
      'suspend-user',
      'ADMIN-400-4',
      'x is not with the new user management experience',
      /original user management/,
    ],
    ['a synced group on v2', 'add-user-to-group', 'ADMIN-UAM-403-1', 'Group g is synced', /^this group is synced/],
    ['a key without the right', 'suspend-user', 'ADMIN-UAM-403-1', 'Forbidden', /^the key may not do this/],
    [
      'a role that does not fit',
      'assign-group-roles',
      'ADMIN-400-4',
      'Role x is not valid for y',
      /^the role does not fit/,
    ],
    [
      'a deactivated account',
      'suspend-user',
      'ADMIN-400-4',
      'The account is deactivated',
      /^the account itself is deactivated/,
    ],
  ] as const)('%s', (_, action, code, detail, hint) => {
    expect(hintOf(failed(action, { code, detail }))).toMatch(hint);
  });

  it('a refused key is not to wait', () => {
    const line = failed('suspend-user', {
      status: null,
      error: null,
      message: 'the organization refuses the key with HTTP 401',
    });
    expect(hintOf(line)).toMatch(/^the key was refused/);
  });

  it.each([
    ['the key may not manage this organization: HTTP 403', /^the key was refused/],
    ['the organization no longer serves POST /v1/orgs/{id}/users/invite of the v1 API (HTTP 410)', /--api v2/],
    ['no trusted connection to the API (CERT_HAS_EXPIRED); check --base-url', /^fix the connection/],
    ['the API is down: 10 failures in a row over 30 s, the last: the API answered HTTP 503', /^a temporary failure/],
  ])('a stop by "%s"', (message, hint) => {
    expect(hintOf(failed('suspend-user', { status: null, error: null, message }))).toMatch(hint);
  });

  it.each([
    'the last active organization admin; make somebody else an admin first',
    'it is unclear whether another organization admin remains; use --api v2',
  ])('an admin that --include-admins does not lift: %s', (message) => {
    const line = { ...failed('suspend-user', { status: null, error: null, message }), outcome: 'skipped' as const };
    expect(hintOf({ ...line, reason: 'admin' })).toBe(message);
  });

  it('a 403 without words of the API', () => {
    const line = failed('suspend-user', { status: 403 });
    const bare = { ...line, error: { code: null, title: 'HTTP 403', detail: null, traceId: null } };
    expect(hintOf(bare)).toMatch(/^refused without an error code/);
  });
});
