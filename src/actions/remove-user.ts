// The action that removes a person, and its way back: an invitation with the groups and roles that were read before, and in words the rest.
import type { Fields, Person, RoleAssociation } from '../model.ts';
import type { Action, Changed, ManifestRow, Undo } from './action.ts';
import { heldIn, keyOf, readAllRoles } from './current-roles.ts';
import { directoryPath, once, orgAdmin, required, says } from './requests.ts';
import { groupRoles, userRoles } from './roles.ts';
import { identityOf } from './users.ts';

/** What was read about a person before they were removed, kept in the report's `result`. */
export type Snapshot = Partial<Pick<Person, 'email' | 'groups' | 'products' | 'platformRoles' | 'status'>>;

/** Groups that one invitation takes. Further groups become rows of their own. */
const mostGroups = 100;

/** A role that a row can give again: the API wants a product for every one but the organization admin's. */
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

/** The invitation takes one role on one product; what it has no room for comes after it, about the account, which stays the same. */
function rowsFor(who: Fields, { groups = [] }: Snapshot, grants: readonly RoleAssociation[]): ManifestRow[] {
  const first = grants.find(({ role }) => groupRoles.includes(role));
  const names = groups.slice(0, mostGroups).map(({ id, name }) => (name === '' ? id : name));
  const { accountId: _, ...invited } = who;
  return [
    { action: 'invite-user', ...invited, ...first, ...(names.length === 0 ? {} : { groups: names }) },
    ...groups.slice(mostGroups).map(({ id }) => ({ action: 'add-user-to-group', ...who, groupId: id }) as const),
    ...grants
      .filter((grant) => grant !== first)
      .map(({ role, resource }) => ({
        action: 'grant-user-role' as const,
        ...who,
        role,
        ...(role === orgAdmin ? {} : { resource }),
      })),
  ];
}

const always =
  'the invitation must be accepted; last-active dates, API tokens and access that a product gives by default are not brought back';

const unread = 'roles given to them directly were not read, which only API v2 tells, and must be granted again';

/** All that the rows leave out, in words. */
function lostOf(before: Snapshot, held: readonly RoleAssociation[] | undefined): string[] {
  const { groups, products, platformRoles = [], status } = before;
  const known = new Set(held?.map(({ role }) => role));
  const byHand = [
    ...(held ?? []).filter((role) => !canGrant(role)).map(keyOf),
    ...platformRoles.filter((role) => !known.has(role)),
  ];
  const had = [...new Set(products?.map(({ key }) => key))].filter((key) => key !== '').toSorted();
  const access = had.length === 0 ? '' : ` (there was access to ${had.join(', ')})`;
  return [
    always,
    ...(groups === undefined ? ['the groups they were in were not read'] : []),
    ...(held === undefined ? [`${unread}${access}`] : []),
    ...byHand.map((role) => `no row can give ${role} again; grant it by hand`),
    ...(status === 'suspended' ? ['they were suspended, and are active afterwards'] : []),
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
    once({ method: 'DELETE', path: directoryPath(at, 'users', required(target, 'accountId')), retry: 'removal' }),
  // No search tells which roles are a person's own, and after the call nobody can ask.
  readBefore: (target, at) => readAllRoles(['users', required(target, 'accountId')], at),
  already: (answer) => says(answer, 'userGone'),
  // Only a person who was found and has no membership is known to be out; one not found may be hidden from this key.
  isDone: ({ person }) => (person ? person.status === 'not-invited' : undefined),
  didArrive: ({ person }) => (person === undefined ? undefined : person === null || person.status === 'not-invited'),
  caveat: () => 'removals are queued: for a while after the run, a removed person may still be shown',
  undo: wayBack,
  snapshots: 'person',
  freesSeat: 'seats',
  closes: 'removed',
  loggedAs: {
    all: [
      ['remov', 'delet'],
      ['user', 'account', 'member'],
    ],
    none: ['group', 'role', 'token', 'scheduled'],
  },
  example: {
    action: 'remove-user',
    accountId: '712020:6d1f0a52-3c1e-4a54-9d0e-0b8f1c2d3e4f',
    reference: 'HR-1003',
  },
};
