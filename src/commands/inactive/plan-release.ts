// planRelease: the rows that take one person's access to a product away, the seats that they free, and the access that remains. Pure.
import type { ManifestRow } from '../../actions/action.ts';
import { givesAccess, isSiteAdmin, makesAdmins, type RoleGroup, takesSeat } from '../../directory/role-groups.ts';
import type { Person } from '../../model.ts';
import { protection } from '../../plan/guards.ts';
import { namesProduct } from '../../plan/inactivity.ts';
import type { ReleaseContext } from './release-context.ts';
import { describeUse, type LostAccess, lostAccess, otherAccess } from './shared-groups.ts';

export interface Release {
  readonly rows: readonly ManifestRow[];
  /** Groups and roles that the rows end, by name, and what else a group gives. */
  readonly ends: readonly string[];
  /** Product keys of the freed seats, one per site, including those of other products that a group gives. */
  readonly freed: readonly string[];
  /** What keeps a seat, like `group engineering (managed by an identity provider)`. */
  readonly keeps: readonly string[];
  /** Other products that the person loses, because only the left groups give them. */
  readonly lost: readonly LostAccess[];
}

/** One way in which a person has access to a product on a site. */
interface Grant {
  readonly resource: string;
  readonly isSeat: boolean;
  readonly name: string;
  /** Why the manifest keeps it, as the end of its name. */
  readonly kept?: string;
  readonly row?: ManifestRow;
  readonly group?: RoleGroup;
}

/** The rows of one inactive person whom no guard protects. */
export function planRelease(person: Person, context: ReleaseContext): Release {
  const access = (person.products ?? []).filter(({ key }) => namesProduct(key, context.product));
  const grants = access.flatMap(({ id }) => grantsOf(person, id, context));
  const held = access.map(({ id, key }) => ({
    key,
    seats: grants.filter(({ resource, isSeat }) => resource === id && isSeat),
  }));
  const ended = grants.filter(({ row }) => row !== undefined);
  const lost = lostAccess(person, [...new Set(ended.flatMap(({ group }) => group ?? []))], context);
  const freed = held.filter(({ seats }) => seats.length > 0 && seats.every(({ kept }) => kept === undefined));
  return {
    rows: distinct(ended.map(({ row }) => row as ManifestRow)),
    ends: [
      ...new Set(
        ended.map(({ name, group }) => `${name}${group === undefined ? '' : besides(person, group, context)}`),
      ),
    ],
    freed: [...freed.map(({ key }) => key), ...lost.flatMap(({ name, isSeat }) => (isSeat ? [name] : []))],
    keeps: [
      ...new Set(
        grants.filter(({ isSeat }) => isSeat).flatMap(({ name, kept }) => (kept === undefined ? [] : `${name}${kept}`)),
      ),
    ],
    lost,
  };
}

/** The groups with the product that the manifest removes a person from. */
export function groupsToLeave(person: Person, context: Omit<ReleaseContext, 'everyGroup' | 'ownRoles'>): RoleGroup[] {
  const own = new Set(person.groups?.map(({ id }) => id));
  const sites = new Set(
    (person.products ?? []).flatMap(({ id, key }) => (namesProduct(key, context.product) ? [id] : [])),
  );
  const gives = ({ roles = [] }: RoleGroup) => roles.some((role) => sites.has(role.resource) && givesAccess(role));
  return context.groups.filter(
    (group) => own.has(group.groupId) && gives(group) && keptGroup(person, group, context) === undefined,
  );
}

function grantsOf(person: Person, resource: string, context: ReleaseContext): Grant[] {
  const own = new Set(person.groups?.map(({ id }) => id));
  return [
    ...context.groups
      .filter(({ groupId }) => own.has(groupId))
      .flatMap((group) => throughGroup(person, { group, resource }, context)),
    ...byOwnRoles(person, resource, context),
    ...byPlatformRole(person, resource),
  ];
}

function throughGroup(
  person: Person,
  { group, resource }: { readonly group: RoleGroup; readonly resource: string },
  context: ReleaseContext,
): Grant[] {
  const { groupId, name: groupName, roles } = group;
  const productRoles = roles?.filter((role) => role.resource === resource && givesAccess(role));
  if (productRoles?.length === 0) return [];
  const kept = keptGroup(person, group, context);
  const grant = { resource, isSeat: productRoles?.some(takesSeat) ?? true, name: `group ${groupName}` };
  if (kept !== undefined) return [{ ...grant, kept }];
  const others = otherAccess(person, group, context).map(({ name }) => name);
  const row: ManifestRow = {
    action: 'remove-user-from-group',
    ...identity(person),
    groupId,
    groupName,
    ...condition(context, others),
  };
  return [{ ...grant, group, row }];
}

/** Why a group is not touched: it is managed elsewhere, or the person may need its other access. */
function keptGroup(
  person: Person,
  group: RoleGroup,
  context: Omit<ReleaseContext, 'everyGroup' | 'ownRoles'>,
): string | undefined {
  const { groupId, name, synced, modifiable, roles } = group;
  if (roles === undefined) return " (its roles can't be read)";
  if (synced === true) return ' (managed by an identity provider)';
  const guarded = protection({ people: [], groups: [groupId, name], admin: false }, context.guards);
  if (guarded !== undefined) return ` (${guarded.reason})`;
  if (makesAdmins(group)) return ' (it makes admins)';
  if (modifiable === false) return ' (the organization lets nobody change it)';
  const used = otherAccess(person, group, context).filter(({ isUnused }) => !isUnused);
  return used.length === 0 ? undefined : `, which also gives ${used.map(describeUse).join(' and ')}`;
}

/** The other access that the person loses with a group. */
function besides(person: Person, group: RoleGroup, context: ReleaseContext): string {
  const others = otherAccess(person, group, context);
  return others.length === 0 ? '' : `, which also gives ${others.map(describeUse).join(' and ')}`;
}

function byOwnRoles(person: Person, resource: string, context: ReleaseContext): Grant[] {
  const { ownRoles } = context;
  if (ownRoles === undefined) return [{ resource, isSeat: true, name: 'a direct role', kept: " (it can't be read)" }];
  return ownRoles
    .filter((role) => role.resource === resource && givesAccess(role))
    .map(({ role }) => ({
      resource,
      isSeat: takesSeat({ role }),
      name: role,
      row: { action: 'revoke-user-role', ...identity(person), role, resource, ...condition(context) },
    }));
}

function byPlatformRole(person: Person, resource: string): Grant[] {
  if (!isSiteAdmin(person)) return [];
  return [{ resource, isSeat: true, name: 'a site admin', kept: ' (who may have access through that role)' }];
}

function identity({ accountId, email }: Person): Pick<ManifestRow, 'accountId' | 'email'> {
  return { accountId, ...(email === undefined ? {} : { email }) };
}

/** Rows run only if the person still uses neither the product nor another one of the group. The product comes first. */
function condition(
  { days, product }: ReleaseContext,
  others: readonly string[] = [],
): Pick<ManifestRow, 'onlyIfInactiveDays' | 'products'> {
  return { onlyIfInactiveDays: days, products: [...new Set([product, ...others])] };
}

/** Drops duplicates: a group may grant access on several sites. */
function distinct(rows: readonly ManifestRow[]): ManifestRow[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}
