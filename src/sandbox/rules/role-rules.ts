// Rules for roles of groups and of one person. Each rule throws ApiError or returns the change.
import { needSeats } from './licences.ts';
import { groupIn, isIn, membersOf, type Change, type Organization } from '../organization.ts';
import { ApiError } from '../http/api-errors.ts';
import { groupRoles, orgAdmin, personRoles, seatRoles, siteAdmin } from '../roles-and-ids.ts';
import type { PersonState, Role } from '../state-file.ts';

export type Verb = 'assign' | 'revoke';

/** The roles to assign or revoke, and the group; `directory` is `-` on v1. */
export interface GroupRoles {
  readonly groupId: string;
  readonly directory: string;
  readonly roles: readonly Role[];
}

const same = (one: Role) => (other: Role) => one.role === other.role && one.resource === other.resource;

/** The roles after assigning or revoking some. */
function after(roles: readonly Role[], wanted: readonly Role[], verb: Verb): Role[] {
  if (verb === 'revoke') return roles.filter((role) => !wanted.some(same(role)));
  return wanted.reduce<Role[]>((list, role) => (list.some(same(role)) ? list : [...list, { ...role }]), [...roles]);
}

/** Throws ApiError for a role or a resource that the organization does not have. */
export function checkRole({ resources }: Organization, { role, resource }: Role, allowed: ReadonlySet<string>): void {
  if (!allowed.has(role)) throw new ApiError('role', `Role ${role} is not valid for ${resource}`);
  if (!resources.has(resource))
    throw new ApiError('resource', `Resource ${resource} is not a product of this organization`);
}

const seatsIn = (roles: readonly Role[]) =>
  roles.filter(({ role }) => seatRoles.has(role)).map(({ resource }) => resource);

/** Assigning an existing role, or revoking a missing one, succeeds and changes nothing. */
export function setGroupRoles(
  organization: Organization,
  { groupId, directory, roles }: GroupRoles,
  verb: Verb,
): Change {
  const group = groupIn(organization, groupId, directory);
  for (const role of roles) checkRole(organization, role, groupRoles);
  if (verb === 'assign') {
    const active = membersOf(organization, groupId).filter((member) => member.status === 'active');
    needSeats(organization, { people: active.map((member) => member.accountId), resources: seatsIn(roles) });
  }
  return {
    changes: after(group.roles, roles, verb).length !== group.roles.length,
    audit: {
      action: verb === 'assign' ? 'group_role_granted' : 'group_role_revoked',
      group: groupId,
      resources: roles.map(({ resource }) => resource),
    },
    carryOut: ({ groups }) => {
      const found = groups.get(groupId);
      if (found) found.roles = after(found.roles, roles, verb);
    },
  };
}

/** Every role needs a `resource`, except organization admin, where it is ignored. */
export function setPersonRole(
  organization: Organization,
  accountId: string,
  { verb, role, resource }: { verb: Verb; role: string; resource?: string },
): Change {
  const person = organization.people.get(accountId);
  if (!person || !isIn(person)) throw new ApiError('holder', `User ${accountId} not found`);
  if (role === orgAdmin) return setFlag(person, 'orgAdmin', verb);
  if (!resource) throw new ApiError('nowhere', 'Cloud Resource is empty');
  checkRole(organization, { role, resource }, personRoles);
  if (verb === 'assign' && person.status === 'deactivated') {
    throw new ApiError('inactive', `The account of user ${accountId} is deactivated`);
  }
  if (role === siteAdmin) return setFlag(person, 'siteAdmin', verb);
  return setDirectRole(organization, person, { verb, role: { role, resource } });
}

const roleAction = (verb: Verb) => (verb === 'assign' ? 'user_role_granted' : 'user_role_revoked');

function setFlag(person: PersonState, flag: 'orgAdmin' | 'siteAdmin', verb: Verb): Change {
  const wanted = verb === 'assign';
  return {
    changes: person[flag] !== wanted,
    audit: { action: roleAction(verb), person: person.accountId },
    carryOut: ({ people }) => {
      const found = people.get(person.accountId);
      if (found) found[flag] = wanted;
    },
  };
}

function setDirectRole(
  organization: Organization,
  person: PersonState,
  { verb, role }: { verb: Verb; role: Role },
): Change {
  if (verb === 'assign' && person.status === 'active') {
    needSeats(organization, { people: [person.accountId], resources: seatsIn([role]) });
  }
  return {
    changes: after(person.roles, [role], verb).length !== person.roles.length,
    audit: { action: roleAction(verb), person: person.accountId, resources: [role.resource] },
    carryOut: ({ people }) => {
      const found = people.get(person.accountId);
      if (found) found.roles = after(found.roles, [role], verb);
    },
  };
}
