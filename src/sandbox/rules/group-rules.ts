// Rules for groups and memberships: create, delete, add, remove. Each rule throws ApiError or returns the change.
import { needSeats } from './licences.ts';
import { directoryOf, groupIn, membersOf, personIn, type Change, type Organization } from '../organization.ts';
import { ApiError } from '../http/api-errors.ts';
import { fold, idFrom, seatRoles } from '../roles-and-ids.ts';
import type { GroupState } from '../state-file.ts';

/** A membership in a request; `directory` is `-` on v1. */
export interface Membership {
  readonly groupId: string;
  readonly accountId: string;
  readonly directory: string;
}

/** A new group in a directory (the first on v1). Names are unique, ignoring case. */
export function createGroup(
  organization: Organization,
  wanted: { name: string; description?: string; directory: string },
): Change & { readonly id: string } {
  const { name, description, directory } = wanted;
  if (organization.names.has(fold(name))) throw new ApiError('name', `A group with the name ${name} already exists`);
  const id = freshId(organization, name);
  const group: GroupState = {
    id,
    name,
    kind: 'normal',
    roles: [],
    ...(description === undefined ? {} : { description }),
    ...(directory === '-' ? {} : { directory }),
  };
  return {
    id,
    changes: true,
    audit: { action: 'group_created', group: id, name },
    carryOut: ({ groups, names }) => {
      groups.set(id, { ...group, roles: [] });
      names.set(fold(name), id);
    },
  };
}

function freshId(organization: Organization, name: string): string {
  for (let n = 0; ; n += 1) {
    const id = idFrom(`group ${fold(name)} ${n}`);
    if (!organization.groups.has(id)) return id;
  }
}

/** Refused for synced, default and admin groups, and for one with members unless forced. */
export function deleteGroup(
  organization: Organization,
  id: string,
  { directory, force }: { readonly directory: string; readonly force: boolean },
): Change {
  const { kind, name } = groupIn(organization, id, directory);
  if (kind === 'scim') throw new ApiError('undeletable', `Group ${id} is synced from an identity provider`);
  if (kind === 'default') throw new ApiError('default', `Group ${id} is a default group`);
  if (kind === 'site-admin') throw new ApiError('granting', `Group ${id} grants admin access`);
  if (!force && membersOf(organization, id).length > 0) throw new ApiError('full', `Group ${id} has members`);
  return {
    changes: true,
    audit: { action: 'group_deleted', group: id },
    carryOut: (each) => {
      for (const member of membersOf(each, id)) member.groups = member.groups.filter((group) => group !== id);
      each.groups.delete(id);
      each.names.delete(fold(name));
    },
  };
}

/** Refused for synced groups, people of another directory, and when no seat is free. */
export function addMember(organization: Organization, { groupId, accountId, directory }: Membership): Change {
  const group = groupIn(organization, groupId, directory);
  const person = personIn(organization, accountId, directoryOf(organization, group));
  if (group.kind === 'scim') throw new ApiError('synced', `Group ${groupId} is synced from an identity provider`);
  const isMember = person.groups.includes(groupId);
  const seats = group.roles.filter(({ role }) => seatRoles.has(role)).map(({ resource }) => resource);
  if (!isMember && person.status === 'active') needSeats(organization, { people: [accountId], resources: seats });
  return {
    changes: !isMember,
    audit: { action: 'group_member_added', person: accountId, group: groupId },
    carryOut: ({ people }) => {
      const found = people.get(accountId);
      if (found && !found.groups.includes(groupId)) found.groups.push(groupId);
    },
  };
}

/** Refused for synced and site-admin groups, and for a person who is not a member. */
export function removeMember(organization: Organization, { groupId, accountId, directory }: Membership): Change {
  const { kind } = groupIn(organization, groupId, directory);
  if (kind === 'scim') throw new ApiError('synced', `Group ${groupId} is synced from an identity provider`);
  if (kind === 'site-admin')
    throw new ApiError('locked', `Members of site-admin group ${groupId} can't be removed here`);
  if (!personIn(organization, accountId, directory).groups.includes(groupId)) {
    throw new ApiError('member', `User ${accountId} is not a member of group ${groupId}`);
  }
  return {
    changes: true,
    audit: { action: 'group_member_removed', person: accountId, group: groupId },
    carryOut: ({ people }) => {
      const found = people.get(accountId);
      if (found) found.groups = found.groups.filter((group) => group !== groupId);
    },
  };
}
