// planRelease: which rows take one person's access to a product away, which seats are free then, and what keeps a seat. Pure.
import type { ManifestRow } from '../../actions/action.ts';
import type { GuardSettings } from '../../config/settings.ts';
import { givesAccess, isSiteAdmin, type RoleGroup, takesSeat } from '../../directory/role-groups.ts';
import type { Person, RoleAssociation } from '../../model.ts';
import { protection } from '../../plan/guards.ts';
import { namesProduct } from '../../plan/inactivity.ts';

/** What is known beside the person. */
export interface ReleaseContext {
  /** As it was typed; `jira` means every Jira. */
  readonly product: string;
  readonly days: number;
  readonly guards: GuardSettings;
  /** Groups with a role on the product, wherever it runs. */
  readonly groups: readonly RoleGroup[];
  /** Roles that the person holds without a group; undefined when they can't be read. */
  readonly ownRoles: readonly RoleAssociation[] | undefined;
}

export interface Release {
  readonly rows: readonly ManifestRow[];
  /** Groups and roles that the rows end, by name. */
  readonly ends: readonly string[];
  /** Product keys of the seats that are free afterwards, one for each site. */
  readonly freed: readonly string[];
  /** What keeps a seat, like `group engineering (managed by an identity provider)`. */
  readonly keeps: readonly string[];
}

/** One way in which a person has access to a product on a site. */
interface Grant {
  readonly resource: string;
  readonly isSeat: boolean;
  readonly name: string;
  /** Why the manifest leaves it. */
  readonly kept?: string;
  readonly row?: ManifestRow;
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
  return {
    rows: distinct(ended.map(({ row }) => row as ManifestRow)),
    ends: [...new Set(ended.map(({ name }) => name))],
    freed: held
      .filter(({ seats }) => seats.length > 0 && seats.every(({ kept }) => kept === undefined))
      .map(({ key }) => key),
    keeps: [
      ...new Set(
        grants.filter(({ isSeat, kept }) => isSeat && kept !== undefined).map(({ name, kept }) => `${name} (${kept})`),
      ),
    ],
  };
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
  const given = roles?.filter((role) => role.resource === resource && givesAccess(role));
  if (given?.length === 0) return [];
  const kept = keptGroup(group, context);
  const grant = { resource, isSeat: given?.some(takesSeat) ?? true, name: `group ${groupName}` };
  if (kept !== undefined) return [{ ...grant, kept }];
  return [
    {
      ...grant,
      row: { action: 'remove-user-from-group', ...identity(person), groupId, groupName, ...condition(context) },
    },
  ];
}

/** A group is left alone if others rule over it, or if it gives more than the product. */
function keptGroup(
  { groupId, name, synced, roles }: RoleGroup,
  { product, guards }: ReleaseContext,
): string | undefined {
  if (roles === undefined) return "its roles can't be read";
  if (synced === true) return 'managed by an identity provider';
  const guarded = protection({ people: [], groups: [groupId, name], admin: false }, guards);
  if (guarded !== undefined) return guarded.reason;
  const others = roles.filter((role) => givesAccess(role) && !namesProduct(ownerOf(role.resource), product));
  if (others.length === 0) return undefined;
  return `it also gives ${[...new Set(others.map(({ resource }) => ownerOf(resource)))].join(', ')}`;
}

function byOwnRoles(person: Person, resource: string, context: ReleaseContext): Grant[] {
  const { ownRoles } = context;
  if (ownRoles === undefined)
    return [{ resource, isSeat: true, name: 'a role of their own', kept: "it can't be read" }];
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
  return [{ resource, isSeat: true, name: 'a site admin', kept: 'who may have access by that role' }];
}

function identity({ accountId, email }: Person): Pick<ManifestRow, 'accountId' | 'email'> {
  return { accountId, ...(email === undefined ? {} : { email }) };
}

/** The rows are run only if the person still does not use the product. */
function condition({ days, product }: ReleaseContext): Pick<ManifestRow, 'onlyIfInactiveDays' | 'products'> {
  return { onlyIfInactiveDays: days, products: [product] };
}

/** `confluence` of `ari:cloud:confluence::site/…`. */
function ownerOf(resource: string): string {
  return resource.split(':')[2] ?? resource;
}

/** A group that gives access on several sites is left once. */
function distinct(rows: readonly ManifestRow[]): ManifestRow[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}
