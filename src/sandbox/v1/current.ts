// The v1 routes that stay in the current specification: organizations, managed accounts, last-active dates, a person's roles.
import type { Hono } from 'hono';
import { z } from 'zod';
import { personIn } from '../organization.ts';
import { page } from '../http/pagination.ts';
import { ApiError } from '../http/api-errors.ts';
import { setPersonRole, type Verb } from '../rules/role-rules.ts';
import { baseOf, bodyOf, param, type RouteContext, type Env } from '../http/request.ts';
import { orgAdmin } from '../roles-and-ids.ts';
import type { PersonState } from '../state-file.ts';

const role = z.object({ role: z.string().min(1), resource: z.string().exactOptional() });
const orgRole = z.object({ role: z.literal(orgAdmin) });

/** Page sizes: products of last-active dates, and people of managed accounts. */
const sizes = { products: 10, people: 100 };

/** Adds the routes to an app whose paths start at `/v1`. */
export function serveCurrentV1(app: Hono<Env>): void {
  app.get('/v1/orgs', (c) => c.json({ data: [orgView(c)], links: { self: `${baseOf(c)}/v1/orgs` } }));
  app.get('/v1/orgs/:org', (c) => c.json({ data: orgView(c) }));
  app.get('/v1/orgs/:org/users', listManaged);
  app.get('/v1/orgs/:org/directory/users/:account/last-active-dates', readLastActive);
  for (const verb of ['assign', 'revoke'] as const) {
    app.post(`/v1/orgs/:org/users/:account/roles/${verb}`, (c) => setRole(c, verb, bodyOf(c, role, 'v2')));
    app.post(`/v1/orgs/:org/users/:account/role-assignments/${verb}`, (c) =>
      setRole(c, verb, bodyOf(c, orgRole, 'v2')),
    );
  }
}

function orgView(c: RouteContext) {
  const { id, name } = c.env.truth.state.org;
  const self = `${baseOf(c)}/v1/orgs/${id}`;
  const related = (relation: string) => ({ links: { related: `${self}/${relation}` } });
  return {
    id,
    type: 'orgs',
    attributes: { name },
    relationships: { domains: related('domains'), users: related('users') },
    links: { self },
  };
}

/** Only accounts of claimed domains; the next page is a whole URL. */
function listManaged(c: RouteContext) {
  const self = `${baseOf(c)}/v1/orgs/${param(c, 'org')}/users`;
  const managed = [...c.env.seen.people.values()].filter(
    (person) => person.claimed && person.accountType === 'atlassian',
  );
  const { items, next } = page(managed, { cursor: c.req.query('cursor'), limit: sizes.people, list: 'v1-managed' });
  const links = { self, ...(next === undefined ? {} : { next: `${self}?cursor=${next}` }) };
  return c.json({ data: items.map(managedView), meta: { total: managed.length }, links });
}

function managedView({ accountId, accountType, status, name, email, products }: PersonState) {
  const dates = products.flatMap(({ lastActive }) => (lastActive === null ? [] : [lastActive])).toSorted();
  return {
    account_id: accountId,
    account_type: accountType,
    account_status: status === 'deactivated' ? 'inactive' : 'active',
    name,
    picture: `https://avatar.example.com/${encodeURIComponent(accountId)}`,
    ...(email === undefined ? {} : { email }),
    access_billable: status === 'active',
    ...(dates.length === 0 ? {} : { last_active: dates.at(-1) }),
    product_access: products.map(({ key, lastActive }) => ({
      key,
      name: key,
      ...(lastActive === null ? {} : { last_active: lastActive }),
    })),
  };
}

/** `product_access` is empty for a person who was never active. */
function readLastActive(c: RouteContext) {
  const person = personIn(c.env.seen, param(c, 'account'));
  const active = person.products.filter((product) => product.lastActive !== null);
  const { items, next } = page(active, { cursor: c.req.query('cursor'), limit: sizes.products, list: 'v1-active' });
  const access = items.map(({ id, key, lastActive }) => ({
    id,
    key,
    last_active: lastActive?.slice(0, 10),
    last_active_timestamp: new Date(lastActive ?? 0).toISOString(),
  }));
  const data = { product_access: access, added_to_org: person.addedToOrg.slice(0, 10) };
  return c.json({ data, links: next === undefined ? {} : { next } });
}

function setRole(c: RouteContext, verb: Verb, body: z.output<typeof role>) {
  c.env.apply(withCodesOfV2(() => setPersonRole(c.env.truth, param(c, 'account'), { verb, ...body })));
  return c.body(null, 204);
}

/** These routes are under /v1 but answer with the codes of v2. */
function withCodesOfV2<T>(rule: () => T): T {
  try {
    return rule();
  } catch (error) {
    throw error instanceof ApiError ? new ApiError(error.reason, error.message, 'v2') : error;
  }
}
