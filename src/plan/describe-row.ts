// describeRow: the parameters of a record as a phrase for reviewers: roles, products, groups, a condition.
import type { Fields, RoleAssociation } from '../model.ts';

/** `role guest on jira-software; groups a, b; only if inactive for 90 days`, or '' without parameters. */
export function describeRow({ role, resource, roles = [], groups = [], force, onlyIfInactiveDays }: Fields): string {
  const associations = role === undefined ? roles : [{ role, resource: resource ?? '' }];
  return [
    ...(associations.length === 0 ? [] : [`${associations.length === 1 ? 'role' : 'roles'} ${list(associations)}`]),
    ...(groups.length === 0 ? [] : [`groups ${groups.join(', ')}`]),
    ...(force === true ? ['even if the group has members'] : []),
    ...(onlyIfInactiveDays === undefined ? [] : [`only if inactive for ${onlyIfInactiveDays} days`]),
  ].join('; ');
}

function list(associations: readonly RoleAssociation[]): string {
  return associations
    .map(({ role, resource }) => {
      const where = placeOf(resource);
      return where === '' ? nameOf(role) : `${nameOf(role)} on ${where}`;
    })
    .join(', ');
}

/** `guest` of `atlassian/guest`. */
function nameOf(role: string): string {
  return role.slice(role.indexOf('/') + 1);
}

/** `jira-software (site 7c9e6679)` of `ari:cloud:jira-software::site/7c9e6679-…`: the product, and enough of the site to tell two apart. */
function placeOf(resource: string): string {
  const [, product = '', site = ''] = /^ari:cloud:([a-z0-9-]+):[^:]*:site\/(\w{1,8})/.exec(resource) ?? [];
  return product === '' ? resource : `${product} (site ${site})`;
}
