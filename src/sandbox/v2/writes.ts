// The v2 routes that change something: they answer 204 (201 for a new group, 200 for a role of a group) without a body, and need a directory in the path and a JSON body for every POST.
import type { Hono } from 'hono';
import { z } from 'zod';
import { addMember, createGroup, deleteGroup, removeMember } from '../rules/group-rules.ts';
import { invite, type Invited } from '../rules/invitations.ts';
import type { Change } from '../organization.ts';
import { remove, restore, suspend } from '../rules/person-rules.ts';
import { ApiError } from '../http/api-errors.ts';
import { setGroupRoles } from '../rules/role-rules.ts';
import { bodyOf, needJson, param, type RouteContext, type Env } from '../http/request.ts';
import { bareId } from '../roles-and-ids.ts';
import { writeDirectory } from './directories.ts';

const newGroup = z.object({ name: z.string().trim().min(1), description: z.string().exactOptional() });
const member = z.object({ accountId: z.string().min(1) });
const groupRole = z.object({ resourceId: z.string(), roleId: z.string() });
const invitation = z.object({
  emails: z.array(z.email()).min(1).max(25),
  permissionRules: z.array(z.object({ resource: z.string(), role: z.string() })).default([]),
  additionalGroups: z.array(z.string()).default([]),
  sendNotification: z.boolean().exactOptional(),
  notificationText: z.string().exactOptional(),
});

const at = '/v2/orgs/:org/directories/:directory';

/** Adds the routes to an app whose paths start at `/v2`. */
export function serveWritesV2(app: Hono<Env>): void {
  serveAccess(app);
  serveGroups(app);
  serveMemberships(app);
  app.post('/v2/orgs/:org/users/invite', inviteSome);
}

function done(c: RouteContext, change: Change, status: 200 | 201 | 204 = 204) {
  c.env.apply(change);
  return c.body(null, status);
}

function serveAccess(app: Hono<Env>): void {
  const rules = { suspend, restore };
  for (const verb of ['suspend', 'restore'] as const) {
    app.post(`${at}/users/:account/${verb}`, (c) => {
      needJson(c, 'v2');
      return done(c, rules[verb](c.env.truth, param(c, 'account'), writeDirectory(c)));
    });
  }
  app.delete(`${at}/users/:account`, (c) => done(c, remove(c.env.truth, param(c, 'account'), writeDirectory(c))));
}

function serveGroups(app: Hono<Env>): void {
  // The answer has no body, as published: clients find the new id by a search for the name.
  app.post(`${at}/groups`, (c) => {
    const wanted = bodyOf(c, newGroup, 'v2');
    return done(c, createGroup(c.env.truth, { ...wanted, directory: writeDirectory(c) }), 201);
  });
  // No 409 is published: a group with members is deleted together with the access that it gave.
  app.delete(`${at}/groups/:group`, (c) =>
    done(c, deleteGroup(c.env.truth, groupOf(c), { directory: writeDirectory(c), force: true })),
  );
  for (const verb of ['assign', 'revoke'] as const) {
    app.post(`${at}/groups/:group/role-assignments/${verb}`, (c) => {
      const { resourceId, roleId } = bodyOf(c, groupRole, 'v2');
      const roles = [{ resource: resourceId, role: roleId }];
      return done(
        c,
        setGroupRoles(c.env.truth, { groupId: groupOf(c), directory: writeDirectory(c), roles }, verb),
        verb === 'assign' ? 200 : 204,
      );
    });
  }
}

function serveMemberships(app: Hono<Env>): void {
  app.post(`${at}/groups/:group/memberships`, (c) => {
    const { accountId } = bodyOf(c, member, 'v2');
    const { truth } = c.env;
    const change = addMember(truth, { groupId: groupOf(c), accountId, directory: writeDirectory(c) });
    if (!change.changes && truth.state.readd === '409')
      throw new ApiError('again', 'User is already a member of the group');
    return done(c, change);
  });
  app.delete(`${at}/groups/:group/memberships/:account`, (c) => {
    const accountId = param(c, 'account');
    return done(c, removeMember(c.env.truth, { groupId: groupOf(c), accountId, directory: writeDirectory(c) }));
  });
}

const groupOf = (c: RouteContext): string => bareId(param(c, 'group'));

/** 200, or 206 when a role or a group was refused; the others are granted even so. */
function inviteSome(c: RouteContext) {
  const { emails, permissionRules, additionalGroups } = bodyOf(c, invitation, 'v2');
  const invited = emails.map((email) => {
    const wanted = { email, roles: permissionRules, groups: additionalGroups.map(bareId), at: c.env.at };
    const change = invite(c.env.truth, wanted);
    c.env.apply(change);
    return { email, change };
  });
  const failed = invited.some(({ change }) => [...change.roles, ...change.groups].some(({ error }) => error !== null));
  return c.json({ data: invited.map(({ email, change }) => invitedView(email, change)) }, failed ? 206 : 200);
}

function invitedView(email: string, { accountId, roles, groups }: Invited) {
  const roleAssignmentResult = roles.map(({ resource, role, error }) => ({ resource, role, ...statusOf(error) }));
  const groupAssignmentResult = groups.map(({ group, error }) => ({ group, ...statusOf(error) }));
  return { id: accountId, email, results: [{ roleAssignmentResult, groupAssignmentResult }] };
}

function statusOf(error: string | null) {
  return { status: error === null ? 'INVITED' : 'ERROR', statusReason: error };
}
