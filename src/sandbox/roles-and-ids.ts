// Constants that several rules share: roles, roles that take a seat, patterns of ids.
import { createHash } from 'node:crypto';

/** Organization ids look like uuids but aren't strictly hexadecimal. */
export const orgPattern = /^[0-9a-z]{8}(-[0-9a-z]{4}){3}-[0-9a-z]{12}$/;

export const orgAdmin = 'atlassian/org-admin';
export const siteAdmin = 'atlassian/site-admin';

const named = (...names: string[]): ReadonlySet<string> => new Set(names.map((name) => `atlassian/${name}`));

/** Roles of a person that `users/{id}/roles/assign` takes. */
export const personRoles = named(
  'user',
  'user-access-admin',
  'admin',
  'guest',
  'contributor',
  'customer',
  'basic',
  'stakeholder',
  'site-admin',
  'org-admin',
);
/** Roles that a group or an invitation can carry. */
export const groupRoles = named(
  'user',
  'admin',
  'guest',
  'customer',
  'contributor',
  'basic',
  'stakeholder',
  'viewer',
  'user-access-admin',
);
/** Roles that take a seat of the product's licence. */
export const seatRoles = named('user', 'admin');

/** Folds a group name: case and outer spaces do not matter. */
export function fold(name: string): string {
  return name.normalize('NFC').trim().toLowerCase();
}

/** A uuid derived from a seed, so that rehearsals are reproducible. */
export function idFrom(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Ids of groups may come as `ari:cloud:identity::group/<uuid>`. */
export function bareId(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
