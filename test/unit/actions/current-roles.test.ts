// Roles read before a change: the published forms for users and groups, and every other form, which counts as not read.
import { describe, expect, it } from 'vitest';
import { readRoles } from '../../../src/actions/current-roles.ts';

const jira = 'ari:cloud:jira-software::site/1';
const wiki = 'ari:cloud:confluence::site/1';
const user = { role: 'atlassian/user', resource: jira };
const admin = { role: 'atlassian/admin', resource: jira };
const at = { generation: 'v2', org: 'o', directory: 'd' } as const;

/** What one answer says of two wanted roles. */
function held(of: 'groups' | 'users', body: unknown) {
  const steps = readRoles([of, 'x'], [user, admin], at);
  steps.next();
  return steps.next({ status: 200, body }).value;
}

const groupEntry = { resourceId: jira, resourceOwner: 'jira-software', defaultRole: 'atlassian/user' };
const assigned = (role: string, ...roleAssignmentMethods: string[]) => ({ role, roleAssignmentMethods });

describe('roles of a group', () => {
  it('are read from the roles of each resource', () => {
    const entries = [
      { ...groupEntry, roles: ['atlassian/user', 'atlassian/guest'] },
      { ...groupEntry, resourceId: wiki, defaultRole: null, roles: ['atlassian/admin'] },
    ];
    expect(held('groups', { data: entries })).toEqual({ held: [user] });
  });

  it('are none in an empty list', () => {
    expect(held('groups', { data: [] })).toEqual({ held: [] });
  });

  it('count as read when another product has roles of its own', () => {
    const other = { ...groupEntry, resourceId: wiki, roles: ['ari:cloud:confluence::role/product/member'] };
    expect(held('groups', { data: [other] })).toEqual({ held: [] });
  });

  it.each<[string, unknown]>([
    ['no data', {}],
    [
      'an entry with the form for users',
      { data: [{ ...groupEntry, roleAssignments: [assigned('atlassian/user', 'direct')] }] },
    ],
    ['an entry without roles', { data: [groupEntry] }],
    ['an entry without a resource', { data: [{ roles: ['atlassian/user'] }] }],
    ['an entry that is null', { data: [null] }],
    ['a role that is no text', { data: [{ ...groupEntry, roles: [{ role: 'atlassian/user' }] }] }],
    ['a role in a short notation', { data: [{ ...groupEntry, roles: ['user'] }] }],
    ['a role of the product', { data: [{ ...groupEntry, roles: ['ari:cloud:jira::role/product/member'] }] }],
  ])('are not read from %s', (_, body) => {
    expect(held('groups', body)).toBeUndefined();
  });

  it('are not read when a cursor comes back', () => {
    const steps = readRoles(['groups', 'x'], [user], at);
    const page = (role: string) => ({
      status: 200,
      body: { data: [{ ...groupEntry, roles: [role] }], links: { next: 'c' } },
    });
    steps.next();
    expect(steps.next(page('atlassian/user')).value).toMatchObject({ query: { cursor: 'c' } });
    expect(steps.next(page('atlassian/admin'))).toEqual({ done: true, value: undefined });
  });
});

describe('roles of a person', () => {
  it('are those that were assigned directly', () => {
    const roleAssignments = [
      assigned('atlassian/user', 'group_direct'),
      assigned('atlassian/admin', 'inferred', 'direct'),
    ];
    const roles = ['atlassian/user', 'atlassian/admin'];
    expect(held('users', { data: [{ resourceId: jira, roleAssignments, roles }] })).toEqual({ held: [admin] });
  });

  it.each<[string, object]>([
    ['the deprecated roles alone', { roles: ['atlassian/user'] }],
    ['a role without a method', { roleAssignments: [{ role: 'atlassian/user' }] }],
    ['an assignment that is null', { roleAssignments: [null] }],
  ])('are not read from %s', (_, entry) => {
    expect(held('users', { data: [{ resourceId: jira, ...entry }] })).toBeUndefined();
  });
});
