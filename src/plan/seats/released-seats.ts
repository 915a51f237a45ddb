// The seats that rows of a release free: rows that name the product (`products`) and end a membership or a role.
import { actions } from '../../actions/action-table.ts';
import type { Target } from '../../actions/action.ts';
import { keyOf as roleKey } from '../../actions/current-roles.ts';
import type { Directory } from '../../directory/directory.ts';
import { isSiteAdmin, type RoleGroup, takesSeat } from '../../directory/role-groups.ts';
import type { JobRecord, Person, ProductAccess, RoleAssociation } from '../../model.ts';
import { namesProduct } from '../inactivity.ts';

/**
 * A seat of a person. `through` lists the groups and roles that give it; it is absent when the seat ends regardless of them. `also` marks a
 * product that merely goes with a group: the record is about the first of its `products`.
 */
export interface Seat extends ProductAccess {
  readonly through?: readonly { readonly id: string; readonly name: string }[];
  readonly also?: true;
}

/** The groups and roles that give access to the products of records. */
export interface SeatSources {
  readonly groups: readonly RoleGroup[];
  /** Roles without a group, by account id; undefined when they can't be read. */
  readonly ownRoles: ReadonlyMap<string, readonly RoleAssociation[] | undefined>;
}

/** The value when nothing was read. */
const noSources: SeatSources = { groups: [], ownRoles: new Map() };

/** Whether the record releases the products that it names. */
export function isRelease({ action, fields }: Pick<JobRecord, 'action' | 'fields'>): boolean {
  return actions[action].freesSeat === 'named' && fields.products !== undefined;
}

/** The person's access to the products that the record names. */
function namedAccess(
  { fields }: Pick<JobRecord, 'fields'>,
  person: Person | null | undefined,
): readonly ProductAccess[] {
  return (person?.products ?? []).filter(({ key }) => fields.products?.some((name) => namesProduct(key, name)));
}

/** Reads the groups that give access to the products which these records release, and each person's own roles. */
export async function readSeatSources(
  records: readonly JobRecord[],
  personOf: (record: JobRecord) => Person | null | undefined,
  directory: Directory | undefined,
): Promise<SeatSources> {
  const released = records.filter(isRelease).map((record) => ({ record, person: personOf(record) }));
  const resources = released.flatMap(({ record, person }) => namedAccess(record, person).map(({ id }) => id));
  if (resources.length === 0 || directory === undefined) return noSources;
  const people = new Set(released.flatMap(({ person }) => person?.accountId ?? []));
  const ownRoles = [...people].map(async (id) => [id, await directory.ownRoles(id)] as const);
  return { groups: await directory.groupsOn(resources), ownRoles: new Map(await Promise.all(ownRoles)) };
}

interface Holder {
  readonly person: Person | null | undefined;
  readonly seatSources?: SeatSources;
}

/** The seats of which the record ends one part: a group or a role. SeatLedger decides which are free once it has all records of the person. */
export function releasedSeats(record: JobRecord, target: Target, { person, seatSources = noSources }: Holder): Seat[] {
  if (!person) return [];
  const [first = ''] = record.fields.products ?? [];
  return namedAccess(record, person).flatMap((access) => {
    const groups = (person.groups ?? []).filter(({ id }) =>
      seatSources.groups.some(({ groupId, roles }) => groupId === id && givesSeat(roles, access.id)),
    );
    const { role = '', resource, groupId } = target;
    const isPart =
      groupId === undefined ? resource === access.id && takesSeat({ role }) : groups.some(({ id }) => id === groupId);
    const through = [
      ...groups,
      ...ownSeats(person, access.id, seatSources),
      ...(isSiteAdmin(person) ? [siteAdmin] : []),
    ];
    return isPart ? [{ ...access, through, ...(namesProduct(access.key, first) ? {} : { also: true }) }] : [];
  });
}

/** Listed in `through` like a group, because a site admin keeps the seat: no row of a release ends that role. */
const siteAdmin = { id: 'atlassian/site-admin', name: 'the role of a site admin' };

/** Roles without a group that take a seat, as far as they were read; one that can't be read may take one. */
function ownSeats({ accountId }: Person, resource: string, { ownRoles }: SeatSources): { id: string; name: string }[] {
  if (!ownRoles.has(accountId)) return [];
  const roles = ownRoles.get(accountId);
  if (roles === undefined) return [{ id: 'own roles', name: "a role of their own (it can't be read)" }];
  const taking = roles.filter((role) => role.resource === resource && takesSeat(role));
  return taking.map((role) => ({ id: roleKey(role), name: `the role ${role.role}` }));
}

/** A group whose roles can't be read may give a seat. */
function givesSeat(roles: RoleGroup['roles'], resource: string): boolean {
  return roles === undefined || roles.some((role) => role.resource === resource && takesSeat(role));
}
