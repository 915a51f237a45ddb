// The action that removes a person, and its undo: an invitation with the groups and roles that were read before, and sentences about the rest.
import { accountEnd, insideProducts } from '../text/audit-words.ts';
import type { Fields, Person, RoleAssociation } from '../model.ts';
import type { Action, Changed, ManifestRow, Undo } from './action.ts';
import { heldIn, keyOf, readAllRoles } from './current-roles.ts';
import { directoryPath, sendOnce, orgAdmin, required, says } from './requests.ts';
import { groupRoles, userRoles } from './roles.ts';
import { identityOf } from './users.ts';

/** What was read about a person before they were removed, kept in the report's `result`. */
export type Snapshot = Partial<Pick<Person, 'email' | 'groups' | 'products' | 'platformRoles' | 'status'>>;

/** Most groups of one invitation. Further groups get rows of their own. */
const maxGroups = 100;

/** A role that a row can grant: the API requires a product for every role except organization admin. */
function canGrant({ role, resource }: RoleAssociation): boolean {
  return role === orgAdmin || (userRoles.includes(role) && !/^ari:cloud:[^:]*:[^:]*:org\//.test(resource));
}

function wayBack({ fields, result }: Changed): Undo | string {
  const before =
    (typeof result === 'object' && result !== null ? (result as { before?: Snapshot }).before : undefined) ?? {};
  const email = fields.email ?? before.email;
  if (email === undefined) return 'a removed person must be invited again, and their e-mail is not in the report';
  const held = heldIn(result);
  const rows = rowsFor({ ...identityOf(fields), email }, before, held?.filter(canGrant) ?? []);
  return { rows, lost: lostOf(before, held) };
}

/** The invitation carries one role on one product. Further roles and groups follow as rows about the account, whose id stays the same. */
function rowsFor(identity: Fields, { groups = [] }: Snapshot, grants: readonly RoleAssociation[]): ManifestRow[] {
  const first = grants.find(({ role }) => groupRoles.includes(role));
  const names = groups.slice(0, maxGroups).map(({ id, name }) => (name === '' ? id : name));
  const { accountId: _, ...invited } = identity;
  return [
    { action: 'invite-user', ...invited, ...first, ...(names.length === 0 ? {} : { groups: names }) },
    ...groups.slice(maxGroups).map(({ id }) => ({ action: 'add-user-to-group', ...identity, groupId: id }) as const),
    ...grants
      .filter((grant) => grant !== first)
      .map(({ role, resource }) => ({
        action: 'grant-user-role' as const,
        ...identity,
        role,
        ...(role === orgAdmin ? {} : { resource }),
      })),
  ];
}

const always =
  'the invitation must be accepted; last-active dates, API tokens and access that a product gives by default are not restored';

const unread = 'their direct roles were not read (only API v2 shows them) and must be granted again';

/** Sentences about everything that the rows can't restore. */
function lostOf(before: Snapshot, held: readonly RoleAssociation[] | undefined): string[] {
  const { groups, products, platformRoles = [], status } = before;
  const known = new Set(held?.map(({ role }) => role));
  const byHand = [
    ...(held ?? []).filter((role) => !canGrant(role)).map(keyOf),
    ...platformRoles.filter((role) => !known.has(role)),
  ];
  const had = [...new Set(products?.map(({ key }) => key))].filter((key) => key !== '').toSorted();
  const access = had.length === 0 ? '' : ` (they had access to ${had.join(', ')})`;
  return [
    always,
    ...(groups === undefined ? ['the groups they were in were not read'] : []),
    ...(held === undefined ? [`${unread}${access}`] : []),
    ...byHand.map((role) => `no action can grant ${role}; grant it by hand`),
    ...(status === 'suspended' ? ['they were suspended before, and will be active when invited again'] : []),
  ];
}

export const removeUser: Action = {
  name: 'remove-user',
  summary: 'Remove a person from the organization; roles and groups are lost, and they must be invited again.',
  risk: 'irreversible',
  retry: 'removal',
  needs: ['user'],
  takes: ['notBefore', 'onlyIfInactiveDays', 'products'],
  endpoints: {
    v1: 'DELETE /v1/orgs/{orgId}/directory/users/{accountId}',
    v2: 'DELETE /v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}',
  },
  send: (target, at) =>
    sendOnce({ method: 'DELETE', path: directoryPath(at, 'users', required(target, 'accountId')), retry: 'removal' }),
  // No search shows the direct roles of a person, and after the call they can't be read.
  readBefore: (target, at) => readAllRoles(['users', required(target, 'accountId')], at),
  already: (answer) => says(answer, 'userGone'),
  // Only a person who was found without a membership is certainly removed; one who was not found may be hidden from this key.
  isDone: ({ person }) => (person ? person.status === 'not-invited' : undefined),
  didArrive: ({ person }) => (person === undefined ? undefined : person === null || person.status === 'not-invited'),
  caveat: () => 'removals are queued; a removed person may still be listed for a while after the run',
  undo: wayBack,
  snapshots: 'person',
  freesSeat: 'seats',
  closes: 'removed',
  loggedAs: {
    all: [
      ['remov', 'delet'],
      ['user', 'account', 'member'],
    ],
    none: ['group', 'role', 'token', ...accountEnd, ...insideProducts],
  },
  example: {
    action: 'remove-user',
    accountId: '712020:6d1f0a52-3c1e-4a54-9d0e-0b8f1c2d3e4f',
    reference: 'HR-1003',
  },
};
