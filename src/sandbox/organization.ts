// The organization in memory: its state with indexes, read by rules and routes. What may change and when it shows is left to them.
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
  /** ARIs that the organization has at all. */
  readonly resources: ReadonlySet<string>;
}

/** A change that the rules allow: how to carry it out on a copy of the organization, and whether that makes a difference. */
export interface Change {
  readonly changes: boolean;
  /** Waits in the deletion queue before readers see it. */
  readonly isQueued?: boolean;
  /** How the audit log notes it. */
  readonly audit: AuditNote;
  carryOut(organization: Organization): void;
}

/** Takes over a state (which it will change) and indexes it. */
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
  const known = people.filter(({ email }) => email !== undefined);
  const byEmail = Map.groupBy(known, ({ email = '' }) => email.toLowerCase());
  return new Map([...byEmail].map(([email, same]) => [email, same.map(({ accountId }) => accountId)]));
}

function resourcesOf({ people, groups, licences }: OrgState): ReadonlySet<string> {
  const named = new Set([
    ...licences.map((licence) => licence.resource),
    ...[...people, ...groups].flatMap(({ roles }) => roles.map((role) => role.resource)),
    ...people.flatMap(({ products }) => products.map((product) => product.id)),
  ]);
  // The specification names a site by ARIs of its own, whatever products it has.
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

/** Whether somebody belongs to a directory of the organization at all. */
export function isIn({ status, statusBefore }: PersonState): boolean {
  return (status === 'deactivated' ? statusBefore : status) !== 'not_invited';
}

/** Whether somebody is an organization admin, by the role itself or through a group that gives it. */
export function isOrgAdmin({ groups }: Organization, person: PersonState): boolean {
  const gives = (id: string) => groups.get(id)?.roles.some(({ role }) => role === orgAdmin) === true;
  return person.orgAdmin || person.groups.some(gives);
}

/** Somebody who is in; `directory` (v2) is the only one looked at unless it is `-`. Throws Refusal. */
export function personIn(organization: Organization, accountId: string, directory = '-'): PersonState {
  const person = organization.people.get(accountId);
  if (person && isIn(person) && (directory === '-' || directoryOf(organization, person) === directory)) return person;
  throw new ApiError('person', 'One or more user not found in the directory');
}

/** A group that is there; `directory` as for `personIn`. Throws Refusal. */
export function groupIn(organization: Organization, id: string, directory = '-'): GroupState {
  const group = organization.groups.get(id);
  if (group && (directory === '-' || directoryOf(organization, group) === directory)) return group;
  throw new ApiError('group', `Group ${id} not found`);
}

/** The members of a group, in the order of the state. */
export function membersOf(organization: Organization, groupId: string): PersonState[] {
  return [...organization.people.values()].filter((person) => person.groups.includes(groupId));
}

/** The resources on which somebody's own and groups' roles take a seat, whether or not the person is active. */
export function seatsOf({ groups }: Organization, person: PersonState): Set<string> {
  const roles = [...person.roles, ...person.groups.flatMap((id) => groups.get(id)?.roles ?? [])];
  return new Set(roles.filter(({ role }) => seatRoles.has(role)).map(({ resource }) => resource));
}
