// The v1 routes that change something and whose end was announced for 2026-06-30. Answers are 2xx with `{message}` (specification of November 2024).
import type { Hono } from 'hono';
import { z } from 'zod';
import { addMember, createGroup, deleteGroup, removeMember } from '../rules/group-rules.ts';
import { invite } from '../rules/invitations.ts';
import type { Change } from '../organization.ts';
import { remove, restore, suspend } from '../rules/person-rules.ts';
import { ApiError } from '../http/api-errors.ts';
import { setGroupRoles, type Verb } from '../rules/role-rules.ts';
import { bodyOf, param, type RouteContext, type Env } from '../http/request.ts';
import { bareId } from '../roles-and-ids.ts';

const association = z.object({ resource: z.string(), role: z.string() });
const newGroup = z.object({ name: z.string().trim().min(1), description: z.string().exactOptional() });
const member = z.object({ account_id: z.string().min(1) });
const associations = z.object({ roleAssociations: z.array(association).min(1) });
const invitation = z.object({
  email: z.email(),
  permissionRule: association.exactOptional(),
  sendNotification: z.boolean().exactOptional(),
  notificationText: z.string().exactOptional(),
});

/** Adds the routes to an app whose paths start at `/v1`. */
export function serveWritesV1(app: Hono<Env>): void {
  app.use('/v1/orgs/:org/directory/groups/*', centralized);
  serveAccess(app);
  serveGroups(app);
  serveMemberships(app);
  app.post('/v1/orgs/:org/users/invite', inviteOne);
}

/** Directory calls of v1 need one directory (centralized user management). */
async function centralized(c: RouteContext, next: () => Promise<void>): Promise<void> {
  const { org, directories } = c.env.truth.state;
  if (directories.length > 1)
    throw new ApiError('original', `Organization: ${org.id} is not with the new user management experience`);
  await next();
}

function answerChange(
  c: RouteContext,
  change: Change,
  { message, status = 200 }: { message: string; status?: 200 | 202 },
) {
  c.env.apply(change);
  return c.json({ message }, status);
}

function serveAccess(app: Hono<Env>): void {
  const person = '/v1/orgs/:org/directory/users/:account';
  app.post(`${person}/suspend-access`, centralized, (c) => {
    const [org, account] = [param(c, 'org'), param(c, 'account')];
    const message = `Access to organization ${org} was suspended for user ${account}`;
    return answerChange(c, suspend(c.env.truth, account, '-'), { message });
  });
  app.post(`${person}/restore-access`, centralized, (c) => {
    const [org, account] = [param(c, 'org'), param(c, 'account')];
    const message = `Access to organization ${org} was restored for user ${account}`;
    return answerChange(c, restore(c.env.truth, account, '-'), { message });
  });
  app.delete(person, centralized, (c) => {
    c.env.apply(remove(c.env.truth, param(c, 'account'), '-'));
    return c.body(null, 204);
  });
}

function serveGroups(app: Hono<Env>): void {
  app.post('/v1/orgs/:org/directory/groups', (c) => {
    const wanted = bodyOf(c, newGroup, 'v1');
    const change = createGroup(c.env.truth, { ...wanted, directory: '-' });
    c.env.apply(change);
    return c.json({ message: `Group ${wanted.name} was created`, groupId: change.id });
  });
  app.delete('/v1/orgs/:org/directory/groups/:group', (c) => {
    const groupId = groupOf(c);
    const force = c.req.query('forceIfNotEmpty') === 'true';
    return answerChange(c, deleteGroup(c.env.truth, groupId, { directory: '-', force }), {
      message: `Group ${groupId} was removed`,
    });
  });
  for (const verb of ['assign', 'revoke'] as const) {
    app.post(`/v1/orgs/:org/directory/groups/:group/roles/${verb}`, (c) => setRoles(c, verb));
  }
}

function setRoles(c: RouteContext, verb: Verb) {
  const roles = bodyOf(c, associations, 'v1').roleAssociations;
  const groupId = groupOf(c);
  const change = setGroupRoles(c.env.truth, { groupId, directory: '-', roles }, verb);
  return answerChange(c, change, { message: `Roles of group ${groupId}: ${verb} accepted`, status: 202 });
}

function serveMemberships(app: Hono<Env>): void {
  app.post('/v1/orgs/:org/directory/groups/:group/memberships', (c) => {
    const [accountId, groupId] = [bodyOf(c, member, 'v1').account_id, groupOf(c)];
    const change = addMember(c.env.truth, { groupId, accountId, directory: '-' });
    return answerChange(c, change, { message: `User ${accountId} was added to group ${groupId}` });
  });
  app.delete('/v1/orgs/:org/directory/groups/:group/memberships/:account', (c) => {
    const [accountId, groupId] = [param(c, 'account'), groupOf(c)];
    const change = removeMember(c.env.truth, { groupId, accountId, directory: '-' });
    return answerChange(c, change, { message: `User ${accountId} was removed from group ${groupId}` });
  });
}

const groupOf = (c: RouteContext): string => bareId(param(c, 'group'));

/** 202 with the account's id. v1 refuses the whole invitation if its one role is invalid. */
function inviteOne(c: RouteContext) {
  const { email, permissionRule } = bodyOf(c, invitation, 'v1');
  const roles = permissionRule === undefined ? [] : [permissionRule];
  const change = invite(c.env.truth, { email, roles, groups: [], at: c.env.at });
  const refused = change.roles.map(({ error }) => error).find((error) => error !== null);
  if (refused !== undefined) throw new ApiError('role', refused);
  c.env.apply(change);
  return c.json([change.accountId], 202);
}
