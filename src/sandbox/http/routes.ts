// The routes of both generations, with their common parts: the organization in the path, refusals, unknown paths.
import { Hono } from 'hono';
import type { Generation } from '../../model.ts';
import { errorsOf, ApiError, unrouted } from './api-errors.ts';
import { param, type RouteContext, type Env } from './request.ts';
import { serveAccounts } from '../accounts/manage-routes.ts';
import { serveWritesV1 } from '../v1/writes.ts';
import { serveCurrentV1 } from '../v1/current.ts';
import { serveEvents } from '../v1/audit-events.ts';
import { serveSearchesV1 } from '../v1/searches.ts';
import { serveAssignments } from '../v2/role-assignments.ts';
import { serveWritesV2 } from '../v2/writes.ts';
import { serveDirectories } from '../v2/directories.ts';
import { serveGroups } from '../v2/group-routes.ts';
import { serveUsers } from '../v2/user-routes.ts';
import { orgPattern } from '../roles-and-ids.ts';

/** Routes below `/admin`, and those of managed accounts beside it. The v1 routes in the current specification are always served. */
export function openRoutes(generations: readonly Generation[]): Hono<Env> {
  const root = new Hono<Env>();
  serveAccounts(root);
  const app = root.basePath('/admin');
  app.use('/:generation/orgs/:org/*', checkOrganization);
  serveCurrentV1(app);
  serveEvents(app);
  if (generations.includes('v1')) {
    serveSearchesV1(app);
    serveWritesV1(app);
  }
  if (generations.includes('v2')) {
    for (const serve of [serveDirectories, serveUsers, serveAssignments, serveGroups, serveWritesV2]) serve(app);
  }
  const served = root.routes.filter(({ method }) => method !== 'ALL').map(({ path }) => patternOf(path));
  root.notFound((c) => {
    if (!served.some((pattern) => pattern.test(c.req.path))) return unrouted(c, c.env);
    throw new ApiError('method', `${c.req.method} is not allowed here`);
  });
  root.onError((error, c) => {
    if (!(error instanceof ApiError)) throw error;
    const { status, body } = errorsOf(error, c.req.path.startsWith('/admin/v2/') ? 'v2' : 'v1', c.env.requestId);
    return Response.json(body, { status });
  });
  return root;
}

/** A pattern for the paths of a route, whatever their method. */
function patternOf(route: string): RegExp {
  return new RegExp(`^${route.replaceAll(/:[a-z]+/g, '[^/]+')}$`);
}

/** A malformed organization id is an unknown path; another organization's id is forbidden. */
async function checkOrganization(c: RouteContext, next: () => Promise<void>): Promise<Response | void> {
  const [org, known] = [param(c, 'org'), c.env.truth.state.org.id];
  if (!orgPattern.test(org)) return unrouted(c, c.env, 'TCS validation failed');
  if (org !== known) {
    const isLookedAt =
      c.req.method === 'GET' && /^\/admin\/v1\/orgs\/[^/]+(\/users|\/event-actions)?$/.test(c.req.path);
    throw new ApiError(isLookedAt ? 'elsewhere' : 'organization', `Organization ${org} can't be managed with this key`);
  }
  await next();
}
