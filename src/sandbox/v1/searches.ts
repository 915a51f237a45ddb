// The v1 searches, whose end was announced for 2026-06-30: people and groups by filters, unknown filters ignored (as measured).
import type { Hono } from 'hono';
import { z } from 'zod';
import { isIn, membersOf, type Organization } from '../organization.ts';
import { page } from '../http/pagination.ts';
import { ApiError } from '../http/api-errors.ts';
import { bodyOf, type RouteContext, type Env } from '../http/request.ts';
import { bareId } from '../roles-and-ids.ts';
import type { GroupState, PersonState } from '../state-file.ts';

const texts = z.array(z.string());
/** One filter takes at most 100 values, as published. */
const batch = texts.max(100).exactOptional();
const match = z.object({ eq: batch, contains: z.string().exactOptional() });
const common = { cursor: z.string().exactOptional(), expand: texts.default([]) };
const peopleWanted = z.object({
  ...common,
  accountIds: batch,
  accountTypes: texts.exactOptional(),
  accountStatuses: texts.exactOptional(),
  namesOrNicknames: match.exactOptional(),
  emailUsernames: match.exactOptional(),
  emailDomains: match.exactOptional(),
  isSuspended: z.boolean().exactOptional(),
  limit: z.int().min(1).max(10_000).default(10_000),
});
const groupsWanted = z.object({
  ...common,
  groupIds: batch,
  groupNames: match.exactOptional(),
  limit: z.int().min(1).max(1000).default(1000),
});

type PeopleWanted = z.output<typeof peopleWanted>;

/** Adds the routes to an app whose paths start at `/v1`. */
export function serveSearchesV1(app: Hono<Env>): void {
  app.post('/v1/orgs/:org/users/search', searchPeople);
  app.post('/v1/orgs/:org/groups/search', searchGroups);
}

function checkExpand(expand: readonly string[], allowed: readonly string[]): ReadonlySet<string> {
  const unknownWord = expand.find((each) => !allowed.includes(each));
  if (unknownWord !== undefined)
    throw new ApiError('parameter', `expand: ${unknownWord} is not one of ${allowed.join(', ')}`);
  return new Set(expand);
}

function searchPeople(c: RouteContext) {
  const wanted = bodyOf(c, peopleWanted, 'v1');
  const expand = checkExpand(wanted.expand, ['NAME', 'EMAIL', 'EMAIL_VERIFIED', 'PRODUCT_LAST_ACCESS', 'GROUPS']);
  const { seen } = c.env;
  const found = candidates(seen, wanted.accountIds).filter((person) => isIn(person) && fits(person, wanted));
  const { items, next } = page(found, { cursor: wanted.cursor, limit: wanted.limit, list: 'v1-people' });
  return c.json({
    data: items.map((person) => personView(seen, person, expand)),
    links: next === undefined ? {} : { next },
  });
}

function candidates({ people }: Organization, ids: readonly string[] | undefined): PersonState[] {
  if (ids === undefined) return [...people.values()];
  return [...new Set(ids)].map((id) => people.get(id)).filter((person) => person !== undefined);
}

function fits(person: PersonState, wanted: PeopleWanted): boolean {
  const { accountTypes, accountStatuses, isSuspended, namesOrNicknames, emailUsernames, emailDomains } = wanted;
  const at = person.email?.lastIndexOf('@') ?? -1;
  const [user, domain] = at < 0 ? [undefined, undefined] : [person.email?.slice(0, at), person.email?.slice(at + 1)];
  return (
    (accountTypes?.includes(person.accountType) ?? true) &&
    (accountStatuses?.includes(accountStatusOf(person).toUpperCase()) ?? true) &&
    (isSuspended === undefined || isSuspended === (person.status === 'suspended')) &&
    matches(person.name, namesOrNicknames) &&
    matches(user, emailUsernames) &&
    matches(domain, emailDomains)
  );
}

function matches(value: string | undefined, wanted: z.output<typeof match> | undefined): boolean {
  if (wanted === undefined) return true;
  const text = value?.toLowerCase();
  const isEqual = wanted.eq === undefined || wanted.eq.some((each) => each.toLowerCase() === text);
  return isEqual && (wanted.contains === undefined || (text?.includes(wanted.contains.toLowerCase()) ?? false));
}

/** The account, not the membership: it stays active when access is suspended. */
function accountStatusOf({ status }: PersonState): 'active' | 'inactive' {
  return status === 'deactivated' ? 'inactive' : 'active';
}

/** Without `expand` no name and no address. */
function personView({ groups }: Organization, person: PersonState, expand: ReadonlySet<string>) {
  const { accountId, accountType, name, email, products, status } = person;
  return {
    accountId,
    accountType,
    accountStatus: accountStatusOf(person),
    statusInUserbase: status === 'active',
    ...(expand.has('NAME') ? { name, nickname: name } : {}),
    ...(expand.has('EMAIL') && email !== undefined ? { email } : {}),
    ...(expand.has('EMAIL_VERIFIED') ? { emailVerified: true } : {}),
    ...(expand.has('PRODUCT_LAST_ACCESS') ? { productLastAccess: products.map(accessView) } : {}),
    ...(expand.has('GROUPS') ? { groups: person.groups.map((id) => ({ id, name: groups.get(id)?.name })) } : {}),
  };
}

function accessView({ id, key, lastActive }: PersonState['products'][number]) {
  return {
    productKey: key,
    cloudSiteId: bareId(id),
    ...(lastActive === null ? {} : { lastActiveTimestamp: lastActive }),
  };
}

function searchGroups(c: RouteContext) {
  const { groupIds, groupNames, ...wanted } = bodyOf(c, groupsWanted, 'v1');
  const expand = checkExpand(wanted.expand, ['USERS', 'META', 'ROLE_ASSIGNMENTS', 'MANAGEMENT_ACCESS']);
  const ids = groupIds && new Set(groupIds.map(bareId));
  const { seen } = c.env;
  const found = [...seen.groups.values()].filter(
    (group) => (ids?.has(group.id) ?? true) && matches(group.name, groupNames),
  );
  const { items, next } = page(found, { cursor: wanted.cursor, limit: wanted.limit, list: 'v1-groups' });
  return c.json({
    data: items.map((group) => groupView(seen, group, expand)),
    links: next === undefined ? {} : { next },
  });
}

function groupView(organization: Organization, group: GroupState, expand: ReadonlySet<string>) {
  const { id, name, description, roles, kind } = group;
  return {
    id,
    name,
    ...(description === undefined ? {} : { description }),
    ...(expand.has('USERS') ? { users: membersOf(organization, id).map(({ accountId }) => ({ accountId })) } : {}),
    ...(expand.has('ROLE_ASSIGNMENTS') ? { roleAssignments: roles } : {}),
    ...(expand.has('MANAGEMENT_ACCESS') ? { managementAccess: kind === 'scim' ? 'READ' : 'WRITE' } : {}),
  };
}
