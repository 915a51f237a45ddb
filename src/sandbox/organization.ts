// The organization in memory: its state with indexes, read by rules and routes. Rules decide what may change, delayed-effects.ts when it shows.
import type { AuditNote } from './audit-actions.ts';
import { fold, orgAdmin, seatRoles } from './roles-and-ids.ts';
import { ApiError } from './http/api-errors.ts';
import type { GroupState, OrgState, PersonState } from './state-file.ts';

/** People and groups by id; `emails` by lower-case address, which several accounts may have; `names` by folded group name. */
export interface Organization {
  readonly state: OrgState;
  readonly people: Map<string, PersonState>;
  readonly groups: Map<string, GroupState>;
  readonly emails: Map<string, readonly string[]>;
  readonly names: Map<string, string>;
  /** All ARIs of the organization. */
  readonly resources: ReadonlySet<string>;
}

/** A change that the rules allow: how to apply it to a copy of the organization, and whether it is effective. */
export interface Change {
  readonly changes: boolean;
  /** Waits in the deletion queue before readers see it. */
  readonly isQueued?: boolean;
  /** Its audit log data. */
  readonly audit: AuditNote;
  carryOut(organization: Organization): void;
}

/** Indexes a state, which it will modify. */
export function createOrganization(state: OrgState): Organization {
  const { people, groups } = state;
  return {
    state,
    people: new Map(people.map((person) => [person.accountId, person])),
    groups: new Map(groups.map((group) => [group.id, group])),
    emails: idsByEmail(people),
    names: new Map(groups.map((group) => [fold(group.name), group.id])),
    resources: resourcesOf(state),
  };
}

function idsByEmail(people: readonly PersonState[]): Map<string, readonly string[]> {
  const withEmail = people.filter(({ email }) => email !== undefined);
  const byEmail = Map.groupBy(withEmail, ({ email = '' }) => email.toLowerCase());
  return new Map([...byEmail].map(([email, same]) => [email, same.map(({ accountId }) => accountId)]));
}

function resourcesOf({ people, groups, licences }: OrgState): ReadonlySet<string> {
  const named = new Set([
    ...licences.map((licence) => licence.resource),
    ...[...people, ...groups].flatMap(({ roles }) => roles.map((role) => role.resource)),
    ...people.flatMap(({ products }) => products.map((product) => product.id)),
  ]);
  // In the specification, a site has its own ARIs, whatever products it has.
  return new Set([...named, ...[...named].flatMap(siteAris)]);
}

function siteAris(resource: string): string[] {
  const [, site] = /^ari:cloud:[^:]+::site\/(.+)$/.exec(resource) ?? [];
  return site === undefined ? [] : ['jira', 'platform'].map((owner) => `ari:cloud:${owner}::site/${site}`);
}

/** A serializable copy in the form of the state file. */
export function snapshot({ state, people, groups }: Organization): OrgState {
  return structuredClone({ ...state, people: [...people.values()], groups: [...groups.values()] });
}

/** The directory that a person or a group belongs to. */
export function directoryOf({ state }: Organization, each: { readonly directory?: string }): string {
  return each.directory ?? state.directories[0]?.id ?? '';
}

/** Whether a person belongs to a directory of the organization. */
export function isIn({ status, statusBefore }: PersonState): boolean {
  return (status === 'deactivated' ? statusBefore : status) !== 'not_invited';
}

/** Whether a person is an organization admin, directly or through a group. */
export function isOrgAdmin({ groups }: Organization, person: PersonState): boolean {
  const gives = (id: string) => groups.get(id)?.roles.some(({ role }) => role === orgAdmin) === true;
  return person.orgAdmin || person.groups.some(gives);
}

/** A person in the organization, or only in `directory` (v2) unless it is `-`. Throws ApiError. */
export function personIn(organization: Organization, accountId: string, directory = '-'): PersonState {
  const person = organization.people.get(accountId);
  if (person && isIn(person) && (directory === '-' || directoryOf(organization, person) === directory)) return person;
  throw new ApiError('person', 'One or more user not found in the directory');
}

/** An existing group; `directory` as for `personIn`. Throws ApiError. */
export function groupIn(organization: Organization, id: string, directory = '-'): GroupState {
  const group = organization.groups.get(id);
  if (group && (directory === '-' || directoryOf(organization, group) === directory)) return group;
  throw new ApiError('group', `Group ${id} not found`);
}

/** The members of a group, in the order of the state. */
export function membersOf(organization: Organization, groupId: string): PersonState[] {
  return [...organization.people.values()].filter((person) => person.groups.includes(groupId));
}

/** The resources on which a person's direct and group roles take a seat, whether or not the person is active. */
export function seatsOf({ groups }: Organization, person: PersonState): Set<string> {
  const roles = [...person.roles, ...person.groups.flatMap((id) => groups.get(id)?.roles ?? [])];
  return new Set(roles.filter(({ role }) => seatRoles.has(role)).map(({ resource }) => resource));
}
