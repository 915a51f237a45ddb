// The seats that rows of a product's clean-up free: those that name the product (`products`) and end a membership or a role.
import { actions } from '../../actions/action-table.ts';
import type { Target } from '../../actions/action.ts';
import type { Directory } from '../../directory/directory.ts';
import { isSiteAdmin, type RoleGroup, takesSeat } from '../../directory/role-groups.ts';
import type { JobRecord, Person, ProductAccess } from '../../model.ts';
import { namesProduct } from '../inactivity.ts';

/** A seat of a person. `through` lists the groups that give it; it is absent when the seat ends regardless of groups. */
export interface Seat extends ProductAccess {
  readonly through?: readonly { readonly id: string; readonly name: string }[];
}

/** Whether the record is to free the seat of the products that it names. */
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

/** The groups that give access to the products which these records release. */
export async function readSeatGroups(
  records: readonly JobRecord[],
  personOf: (record: JobRecord) => Person | null | undefined,
  directory: Directory | undefined,
): Promise<readonly RoleGroup[]> {
  const resources = records.filter(isRelease).flatMap((record) => namedAccess(record, personOf(record)));
  return resources.length === 0 || directory === undefined ? [] : directory.groupsOn(resources.map(({ id }) => id));
}

/** The seats of which the record ends one part: a group or a role. SeatLedger decides which are free once it has all records of the person. */
export function releasedSeats(
  record: JobRecord,
  target: Target,
  {
    person,
    seatGroups = [],
  }: { readonly person: Person | null | undefined; readonly seatGroups?: readonly RoleGroup[] },
): Seat[] {
  return namedAccess(record, person).flatMap((access) => {
    const through = (person?.groups ?? []).filter(({ id }) =>
      seatGroups.some(({ groupId, roles }) => groupId === id && givesSeat(roles, access.id)),
    );
    const { role = '', resource, groupId } = target;
    const isPart =
      groupId === undefined ? resource === access.id && takesSeat({ role }) : through.some(({ id }) => id === groupId);
    return isPart ? [{ ...access, through: [...through, ...(person && isSiteAdmin(person) ? [siteAdmin] : [])] }] : [];
  });
}

/** Stands in `through` like a group, because a site admin keeps the seat: no row of a clean-up ends that role. */
const siteAdmin = { id: 'atlassian/site-admin', name: 'the role of a site admin' };

/** A group whose roles can't be read may give a seat. */
function givesSeat(roles: RoleGroup['roles'], resource: string): boolean {
  return roles === undefined || roles.some((role) => role.resource === resource && takesSeat(role));
}
