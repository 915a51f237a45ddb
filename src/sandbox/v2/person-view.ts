// A person as v2 shows them. user-routes.ts decides who is shown.
import { isIn, isOrgAdmin, seatsOf, type Organization } from '../organization.ts';
import { orgAdmin, siteAdmin } from '../roles-and-ids.ts';
import type { PersonState } from '../state-file.ts';

/** The four statuses that v2 derives; a suspension leaves the account active. */
export function composed({ status, statusBefore, claimed }: PersonState) {
  const own = status === 'deactivated' ? (statusBefore ?? 'active') : status;
  const membershipStatus = own === 'suspended' ? 'suspended' : own === 'not_invited' ? 'no_membership' : 'active';
  return {
    status,
    accountStatus: status === 'deactivated' ? 'inactive' : 'active',
    membershipStatus,
    claimStatus: claimed ? 'managed' : 'unmanaged',
  };
}

/** A person without membership is visible only if the account belongs to a claimed domain. */
export function isVisible(person: PersonState): boolean {
  return isIn(person) || person.claimed;
}

export function platformRolesOf(organization: Organization, person: PersonState): string[] {
  return [...(isOrgAdmin(organization, person) ? [orgAdmin] : []), ...(person.siteAdmin ? [siteAdmin] : [])];
}

/** Roles, product access, groups and counts only with the matching `expand`. */
export function personView(organization: Organization, person: PersonState, expand: ReadonlySet<string>) {
  const { accountId, accountType, name, email, addedToOrg, groups, products } = person;
  const isSynced = groups.some((id) => organization.groups.get(id)?.kind === 'scim');
  return {
    accountId,
    accountType,
    ...composed(person),
    addedToOrg: new Date(addedToOrg).toISOString(),
    name,
    nickname: name,
    ...(email === undefined ? {} : { email, emailVerified: true }),
    managementSource: isSynced ? 'synced' : 'invited',
    mfaEnabled: false,
    ...(expand.has('platformRoles') ? { platformRoles: platformRolesOf(organization, person) } : {}),
    ...(expand.has('counts') || expand.has('counts.resources')
      ? { counts: { resources: seatsOf(organization, person).size } }
      : {}),
    ...(expand.has('productAccess') ? { productAccess: products.map(accessView) } : {}),
    ...(expand.has('groups') ? { groups: groups.map((id) => groupView(organization, id)) } : {}),
  };
}

function accessView({ id, key, lastActive }: PersonState['products'][number]) {
  return { id, key, ...(lastActive === null ? {} : { lastActiveTimestamp: new Date(lastActive).toISOString() }) };
}

/** Group ids inside a person are whole ARIs. */
function groupView({ groups }: Organization, id: string) {
  const group = groups.get(id);
  return { id: `ari:cloud:identity::group/${id}`, name: group?.name, description: group?.description ?? '' };
}
