// Rule for invitations: the person, roles and groups, and which of them are refused. Every invitation counts as a change, because it sends a mail.
import { addMember } from './group-rules.ts';
import { needSeats } from './licences.ts';
import type { Change, Organization } from '../organization.ts';
import { ApiError } from '../http/api-errors.ts';
import { checkRole } from './role-rules.ts';
import { groupRoles, idFrom, seatRoles } from '../roles-and-ids.ts';
import type { PersonState, Role } from '../state-file.ts';

/** One invitation; `at` is epoch ms. v1 has at most one role and no groups. */
export interface Invitation {
  readonly email: string;
  readonly roles: readonly Role[];
  readonly groups: readonly string[];
  readonly at: number;
}

/** The result for one role or group of an invitation; `error` is null when it was granted. */
export type Part<T> = T & { readonly error: string | null };

/** The result of an invitation. `roles` and `groups` in the order of the request. */
export interface Invited extends Change {
  readonly accountId: string;
  readonly roles: readonly Part<Role>[];
  readonly groups: readonly Part<{ readonly group: string }>[];
}

/** Throws ApiError when no licence is free; other failures are reported per part. If every part fails, nobody is invited. */
export function invite(organization: Organization, { email, roles, groups, at }: Invitation): Invited {
  const [existingId] = organization.emails.get(email.toLowerCase()) ?? [];
  const accountId = existingId ?? `712020:${idFrom(`person ${email.toLowerCase()}`)}`;
  const seats = roles.filter(({ role }) => seatRoles.has(role)).map(({ resource }) => resource);
  needSeats(organization, { people: [accountId], resources: seats });
  const roleParts = roles.map((role) => part(role, () => checkRole(organization, role, groupRoles)));
  const guest = newcomer(email, accountId, at);
  const groupParts = groups.map((group) =>
    part(
      { group },
      () => void addMember(withGuest(organization, guest), { groupId: group, accountId, directory: '-' }),
    ),
  );
  const [grantedRoles, joinedGroups] = [
    roles.filter((_, n) => roleParts[n]?.error === null),
    groups.filter((_, n) => groupParts[n]?.error === null),
  ];
  const parts = [...roleParts, ...groupParts];
  const isInvited = parts.length === 0 || parts.some(({ error }) => error === null);
  return {
    accountId,
    roles: roleParts,
    groups: groupParts,
    changes: isInvited,
    audit: { action: 'user_invited', person: accountId, email },
    carryOut: (each) => {
      if (isInvited) letIn(each, guest, { roles: grantedRoles, groups: joinedGroups });
    },
  };
}

function part<T>(item: T, check: () => void): Part<T> {
  try {
    check();
    return { ...item, error: null };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { ...item, error: error.message };
  }
}

/** The organization including the invited person, for the rules of groups. */
function withGuest(organization: Organization, guest: PersonState): Organization {
  const found = organization.people.get(guest.accountId);
  if (found && found.status !== 'not_invited') return organization;
  return {
    ...organization,
    people: new Map(organization.people).set(guest.accountId, { ...guest, ...found, status: 'active' }),
  };
}

function newcomer(email: string, accountId: string, at: number): PersonState {
  return {
    accountId,
    email,
    name: email.slice(0, email.lastIndexOf('@')),
    accountType: 'atlassian',
    status: 'active',
    addedToOrg: new Date(at).toISOString(),
    orgAdmin: false,
    siteAdmin: false,
    claimed: false,
    apiTokens: [],
    groups: [],
    roles: [],
    products: [],
  };
}

function letIn(
  { people, emails }: Organization,
  guest: PersonState,
  access: Pick<PersonState, 'roles' | 'groups'>,
): void {
  const found = people.get(guest.accountId) ?? structuredClone(guest);
  if (found.status === 'not_invited') Object.assign(found, { status: 'active', addedToOrg: guest.addedToOrg });
  found.roles = [
    ...found.roles,
    ...access.roles.filter(
      ({ role, resource }) => !found.roles.some((has) => has.role === role && has.resource === resource),
    ),
  ];
  found.groups = [...new Set([...found.groups, ...access.groups])];
  for (const { resource } of access.roles) {
    if (!found.products.some((product) => product.id === resource))
      found.products.push({ id: resource, key: keyOf(resource), lastActive: null });
  }
  people.set(found.accountId, found);
  const email = (found.email ?? '').toLowerCase();
  emails.set(email, [...new Set([...(emails.get(email) ?? []), found.accountId])]);
}

/** The product key of an ARI; service desks are spelt differently in the two. */
function keyOf(resource: string): string {
  const owner = resource.split(':')[2] ?? '';
  return owner === 'jira-servicedesk' ? 'jira-service-desk' : owner;
}
