// Groups that give more than the released product: their other access, whether the person uses it, and what is lost with them. Pure.
import { isSiteAdmin, ownerOf, type RoleGroup, takesSeat } from '../../directory/role-groups.ts';
import type { Person } from '../../model.ts';
import { namesProduct, notInactive } from '../../plan/inactivity.ts';
import type { ReleaseContext } from './release-context.ts';

/** Access that a group gives beside the product. */
export interface OtherAccess {
  /** ARI of the site, or of the whole organization. */
  readonly resource: string;
  /** The product's key, or the owner of the resource when the API does not list the person's use of it. */
  readonly name: string;
  /** The day of the last use, or null for never; undefined when unknown. */
  readonly lastUsed: string | null | undefined;
  /** The person has certainly not used it within --days, on any site. */
  readonly isUnused: boolean;
}

/** The other access that the group gives the person, each resource once. */
export function otherAccess(
  person: Person,
  { roles = [] }: RoleGroup,
  context: Pick<ReleaseContext, 'product' | 'days' | 'now'>,
): OtherAccess[] {
  const others = roles.map(({ resource }) => resource).filter((each) => !namesProduct(ownerOf(each), context.product));
  return [...new Set(others)].map((resource) => useOf(person, resource, context));
}

function useOf(person: Person, resource: string, { days, now }: Pick<ReleaseContext, 'days' | 'now'>): OtherAccess {
  const { products = [], addedToOrg } = person;
  const key = products.find(({ id }) => id === resource)?.key ?? '';
  if (key === '') return { resource, name: ownerOf(resource), lastUsed: undefined, isUnused: false };
  const activity = { products, ...(addedToOrg === undefined ? {} : { addedToOrg }) };
  const inUse = notInactive({ person, activity, products: [key], days, now });
  const dates = products.flatMap((each) => (namesProduct(each.key, key) ? (each.lastActive ?? []) : [])).toSorted();
  const isKnown = inUse === undefined || inUse.startsWith('active on');
  return {
    resource,
    name: key,
    lastUsed: isKnown ? (dates.at(-1)?.slice(0, 10) ?? null) : undefined,
    isUnused: inUse === undefined,
  };
}

/** `jira-software (last used 2026-11-03)`. */
export function describeUse({ name, lastUsed }: OtherAccess): string {
  if (lastUsed === undefined) return `${name} (use unknown)`;
  return `${name} (${lastUsed === null ? 'never used' : `last used ${lastUsed}`})`;
}

/** Access that ends with the groups that a person leaves. */
export interface LostAccess {
  /** The product's key. */
  readonly name: string;
  readonly groups: readonly string[];
  /** The product charged for it. */
  readonly isSeat: boolean;
}

/** The other products that the person can no longer use after leaving these groups: nothing else gives them. */
export function lostAccess(person: Person, left: readonly RoleGroup[], context: ReleaseContext): LostAccess[] {
  const accesses = left.flatMap((group) => otherAccess(person, group, context));
  const leftIds = new Set(left.map(({ groupId }) => groupId));
  return [...new Map(accesses.map((each) => [each.resource, each])).values()].flatMap(({ resource, name }) => {
    const ways = waysTo(person, resource, context);
    const isLost = (candidates: readonly AccessPath[]) =>
      candidates.length > 0 && candidates.every(({ groupId }) => leftIds.has(groupId ?? ''));
    if (!isLost(ways)) return [];
    const groups = left
      .filter(({ roles }) => roles?.some((role) => role.resource === resource))
      .map((group) => group.name);
    return [{ name, groups, isSeat: isLost(ways.filter(({ isSeat }) => isSeat)) }];
  });
}

/** One thing that gives a person access to a resource: a group, or something that no group takes away. */
interface AccessPath {
  readonly groupId?: string;
  readonly isSeat: boolean;
}

/** In case of doubt, something gives access. */
function waysTo(person: Person, resource: string, { everyGroup, ownRoles }: ReleaseContext): AccessPath[] {
  const own = new Set(person.groups?.map(({ id }) => id));
  const through = everyGroup
    .filter(({ groupId }) => own.has(groupId))
    .flatMap(({ groupId, roles }) => {
      const resourceRoles = roles?.filter((role) => role.resource === resource);
      return resourceRoles?.length === 0 ? [] : [{ groupId, isSeat: resourceRoles?.some(takesSeat) ?? true }];
    });
  const direct = ownRoles
    ?.filter((role) => role.resource === resource)
    .map((role) => ({ isSeat: takesSeat(role) })) ?? [{ isSeat: true }];
  return [...through, ...direct, ...(isSiteAdmin(person) ? [{ isSeat: true }] : [])];
}
