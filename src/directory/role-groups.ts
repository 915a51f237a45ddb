// Reads the groups and direct roles that give access to products (v2), for release-product.
import type { Address, Answer, ApiRequest } from '../actions/action.ts';
import { readAllRoles } from '../actions/current-roles.ts';
import type { Client } from '../client/client.ts';
import type { Group, Person, RoleAssociation } from '../model.ts';
import { groupOf } from './guard-reads.ts';
import { batchSize, pages, searchRequest, withCursor } from './people.ts';

/** How many resources one search takes (the published maximum). */
const maxResources = 20;

/** A group with its roles on all products; they are undefined when they can't be read. */
export interface RoleGroup extends Group {
  readonly roles: readonly RoleAssociation[] | undefined;
}

export interface RoleReads {
  /** The groups that have a role on one of these resources (ARIs). Each resource and each group is read once. None on v1, which does not show them. */
  groupsOn(resources: Iterable<string>): Promise<readonly RoleGroup[]>;
  /** The roles that a person holds without a group; undefined when they can't be read. */
  ownRoles(accountId: string): Promise<readonly RoleAssociation[] | undefined>;
}

const withoutAccess: ReadonlySet<string> = new Set(['atlassian/customer', 'atlassian/user-access-admin']);
const withoutSeat: ReadonlySet<string> = new Set([
  ...withoutAccess,
  ...['guest', 'contributor', 'basic', 'stakeholder', 'viewer'].map((role) => `atlassian/${role}`),
]);

/** Whether somebody with this role can use the product. In case of doubt, yes. */
export function givesAccess({ role }: Pick<RoleAssociation, 'role'>): boolean {
  return !withoutAccess.has(role);
}

/** Whether the product charges for this role. In case of doubt, yes. */
export function takesSeat({ role }: Pick<RoleAssociation, 'role'>): boolean {
  return !withoutSeat.has(role);
}

/** `confluence` of `ari:cloud:confluence::site/…`; any other resource unchanged. */
export function ownerOf(resource: string): string {
  return resource.split(':')[2] ?? resource;
}

/** Whether the group makes its members admins. The API removes nobody from `site-admins`. */
export function makesAdmins({ name, roles = [] }: RoleGroup): boolean {
  return (
    name === 'site-admins' || roles.some(({ role }) => /(^|\/)(org-admin|site-admin|user-access-admin)$/.test(role))
  );
}

/** Whether the person administers a site, which may give access to its products. */
export function isSiteAdmin({ platformRoles = [] }: Person): boolean {
  return platformRoles.some((role) => /(^|\/)site-admin$/.test(role));
}

/** Opens the reads at an address. */
export function openRoleReads(client: Client, at: Address): RoleReads {
  const read = new Set<string>();
  const groupsById = new Map<string, RoleGroup>();
  const withRoles = async (group: Group): Promise<RoleGroup> => {
    const found = await readSteps(client, readAllRoles(['groups', group.groupId], at));
    return { ...group, roles: found?.held };
  };
  return {
    groupsOn: async (resources) => {
      const fresh = at.generation === 'v1' ? [] : [...new Set(resources)].filter((each) => !read.has(each));
      for (let from = 0; from < fresh.length; from += maxResources) {
        const resourceIds = fresh.slice(from, from + maxResources);
        for await (const raw of pages(client, (cursor) =>
          searchRequest(at, 'groups', withCursor({ resourceIds, limit: batchSize }, cursor)),
        )) {
          const group = groupOf(raw);
          if (group !== undefined && !groupsById.has(group.groupId))
            groupsById.set(group.groupId, await withRoles(group));
        }
        for (const each of resourceIds) read.add(each);
      }
      return [...groupsById.values()];
    },
    ownRoles: async (accountId) => (await readSteps(client, readAllRoles(['users', accountId], at)))?.held,
  };
}

/** Sends the requests of a read; a lost response counts as empty. */
async function readSteps<T>(client: Client, steps: Generator<ApiRequest, T, Answer>): Promise<T> {
  let step = steps.next();
  while (!step.done) {
    const reply = await client.send(step.value);
    step = steps.next(reply.kind === 'answer' ? reply.answer : { status: 0, body: undefined });
  }
  return step.value;
}
