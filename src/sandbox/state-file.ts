// The state file of the simulated organization: its schema, and the error for a file that does not match it.
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { orgPattern } from './roles-and-ids.ts';

const text = z.string().min(1);
const accountId = z
  .string()
  .regex(/^[a-zA-Z0-9_|:-]{1,128}$/, 'an account id has 1 to 128 letters, digits, "_", "|", ":" or "-"');
const id = z.string().regex(/^[\w-]{1,64}$/, 'an id has 1 to 64 letters, digits, "_" or "-"');
const ari = z
  .string()
  .regex(/^ari:cloud:[^\s/]+\/\S+$/, 'a resource is written like ari:cloud:jira-software::site/<id>');
const instant = z.union([z.iso.datetime({ offset: true }), z.iso.date()], {
  error: 'a date is written like 2026-01-31 or 2026-01-31T08:00:00Z',
});
const association = z.strictObject({ role: text, resource: ari });

const personSchema = z.strictObject({
  accountId,
  /** Absent when the person hides it, and on app accounts. */
  email: z.email().exactOptional(),
  name: text,
  accountType: z.enum(['atlassian', 'customer', 'app']).default('atlassian'),
  /** The composite status of v2. `not_invited` is an account of a claimed domain without access. */
  status: z.enum(['active', 'suspended', 'deactivated', 'not_invited']).default('active'),
  addedToOrg: instant,
  orgAdmin: z.boolean().default(false),
  siteAdmin: z.boolean().default(false),
  /** The status after a reactivation, for a deactivated account. */
  statusBefore: z.enum(['active', 'suspended', 'not_invited']).exactOptional(),
  /** API tokens of the account. */
  apiTokens: z
    .array(z.strictObject({ id: text, label: text, createdAt: instant, lastAccess: instant.exactOptional() }))
    .default([]),
  /** Why the organization may not deactivate the account or revoke its tokens although it is claimed: the API's key of the restriction. */
  restriction: text.exactOptional(),
  /** Belongs to a claimed domain, so it stays visible after a removal and is managed by the organization. */
  claimed: z.boolean().default(true),
  /** The first directory when absent. */
  directory: id.exactOptional(),
  groups: z.array(id).default([]),
  roles: z.array(association).default([]),
  /** Product access; `lastActive` null means never. */
  products: z.array(z.strictObject({ id: ari, key: text, lastActive: instant.nullable() })).default([]),
});

const groupSchema = z.strictObject({
  id,
  name: text,
  description: z.string().exactOptional(),
  directory: id.exactOptional(),
  kind: z.enum(['normal', 'default', 'site-admin', 'scim']).default('normal'),
  roles: z.array(association).default([]),
});

const shape = z.strictObject({
  $schema: z.string().exactOptional(),
  org: z.strictObject({
    id: z.string().regex(orgPattern, 'an organization id has 8-4-4-4-12 lower-case letters and digits'),
    name: text,
  }),
  directories: z.array(z.strictObject({ id, name: text })).min(1),
  people: z.array(personSchema),
  groups: z.array(groupSchema).default([]),
  /** Seats per resource; an unlisted resource has no limit. */
  licences: z.array(z.strictObject({ resource: ari, limit: z.int().min(0) })).default([]),
  /** The v2 response when a member is added again; both were observed. */
  readd: z.enum(['204', '409']).default('204'),
});

/** The content of a state file with every default filled in. */
export type OrgState = z.output<typeof shape>;
export type PersonState = OrgState['people'][number];
export type GroupState = OrgState['groups'][number];
export type Role = GroupState['roles'][number];

type Report = (path: (string | number)[], message: string) => void;

/** Parses a state; throws InputError that lists every error as `where: path: value, what is allowed`. */
export function parseOrgState(json: unknown, where: string): OrgState {
  const parsed = shape
    .superRefine((state, context) =>
      checkReferences(state, (path, message) => context.addIssue({ code: 'custom', path, message })),
    )
    .safeParse(json);
  if (parsed.success) return parsed.data;
  throw new InputError(sentences(parsed.error, json, where));
}

/** One line per issue, the first 20 in full. */
export function sentences(error: z.ZodError, json: unknown, where: string): string {
  const lines = error.issues.map(({ path, message }) => `${where}: ${nameOf(path)}${valueAt(json, path)}: ${message}`);
  const more = lines.length > 20 ? [`${where}: and ${lines.length - 20} more`] : [];
  return [...lines.slice(0, 20), ...more].join('\n');
}

function nameOf(path: readonly PropertyKey[]): string {
  const name = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return name === '' ? 'the file' : name.replace(/^\./, '');
}

function valueAt(json: unknown, path: readonly PropertyKey[]): string {
  const value = path.reduce(
    (inner: unknown, part) => (inner as Record<PropertyKey, unknown> | undefined)?.[part],
    json,
  );
  return typeof value === 'object' || value === undefined ? '' : ` ${JSON.stringify(value).slice(0, 60)}`;
}

/** Checks across values: repeated ids, repeated names, and references to missing objects. */
function checkReferences(state: OrgState, report: Report): void {
  const { people, groups, directories } = state;
  const [groupIds, directoryIds] = [
    new Set(groups.map((group) => group.id)),
    new Set(directories.map((each) => each.id)),
  ];
  reportTwice(
    people.map((person) => person.accountId),
    (at) => report(['people', at, 'accountId'], 'occurs twice'),
  );
  reportTwice(
    groups.map((group) => group.id),
    (at) => report(['groups', at, 'id'], 'occurs twice'),
  );
  reportTwice(
    groups.map((group) => group.name.toLowerCase()),
    (at) => report(['groups', at, 'name'], 'occurs twice; names must differ in more than case'),
  );
  people.forEach((person, at) => {
    person.groups.forEach(
      (group, n) => groupIds.has(group) || report(['people', at, 'groups', n], 'names no group of this file'),
    );
    if (person.directory !== undefined && !directoryIds.has(person.directory))
      report(['people', at, 'directory'], 'names no directory of this file');
  });
  groups.forEach((group, at) => {
    if (group.directory !== undefined && !directoryIds.has(group.directory))
      report(['groups', at, 'directory'], 'names no directory of this file');
  });
}

function reportTwice(ids: readonly string[], report: (at: number) => void): void {
  const seen = new Set<string>();
  ids.forEach((each, at) => (seen.has(each) ? report(at) : seen.add(each)));
}
