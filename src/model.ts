// Domain types shared by all modules, and how to compare names, recognize ids and name subjects.

/** The actions, in the order of the manual (contract, section 2): 13 on an organization, then three on managed accounts. */
export const actionNames = [
  'get-last-active',
  'suspend-user',
  'restore-user',
  'remove-user',
  'invite-user',
  'create-group',
  'delete-group',
  'add-user-to-group',
  'remove-user-from-group',
  'assign-group-roles',
  'revoke-group-roles',
  'grant-user-role',
  'revoke-user-role',
  'deactivate-user',
  'reactivate-user',
  'revoke-api-tokens',
] as const;
export type ActionName = (typeof actionNames)[number];

const unsuggested: readonly ActionName[] = [
  'remove-user',
  'invite-user',
  'delete-group',
  'deactivate-user',
  'revoke-api-tokens',
];

/** Actions that an error may suggest for a misspelt one: none that needs --allow. A test compares it with the action table. */
export const suggestedActions: readonly ActionName[] = actionNames.filter((name) => !unsuggested.includes(name));

/** The two generations of the organization API. */
export type Generation = 'v1' | 'v2';

/** One role on one resource: `role` like `atlassian/user`, `resource` an ARI. */
export interface RoleAssociation {
  readonly role: string;
  readonly resource: string;
}

/** The columns of a manifest row beside `action`, parsed. Instants are ISO 8601 in UTC; e-mails are lower case. */
export interface Fields {
  readonly accountId?: string;
  readonly email?: string;
  readonly groupId?: string;
  readonly groupName?: string;
  readonly role?: string;
  readonly resource?: string;
  readonly roles?: readonly RoleAssociation[];
  readonly description?: string;
  readonly force?: boolean;
  readonly sendNotification?: boolean;
  readonly notificationText?: string;
  /** Groups of an invitation, each a name or an id. */
  readonly groups?: readonly string[];
  readonly notBefore?: string;
  readonly onlyIfInactiveDays?: number;
  /** Products (keys like `confluence`) that `onlyIfInactiveDays` looks at; all when absent. */
  readonly products?: readonly string[];
  /** Text for the person of a deactivated account. */
  readonly message?: string;
  readonly reference?: string;
}
export type FieldName = keyof Fields;

/** The manifest's columns in the order of the contract; `products` is for job files and NDJSON. */
export const fieldNames = [
  'accountId',
  'email',
  'groupId',
  'groupName',
  'role',
  'resource',
  'roles',
  'description',
  'force',
  'sendNotification',
  'notificationText',
  'groups',
  'notBefore',
  'onlyIfInactiveDays',
  'products',
  'message',
  'reference',
] as const satisfies readonly FieldName[];

/** One valid row and step of a manifest. */
export interface JobRecord {
  /** Hash of action, subject, parameters and occurrence; the same row has it in every order of the file. */
  readonly key: string;
  /** 1-based over the run. */
  readonly row: number;
  readonly file: string;
  /** 1-based line of the file where the row starts. */
  readonly line: number;
  readonly action: ActionName;
  readonly fields: Fields;
}

/** A person of the directory; `undefined` means that the API does not show it. */
export interface Person {
  readonly accountId: string;
  readonly email?: string;
  readonly name?: string;
  readonly accountType?: string;
  readonly status: 'active' | 'suspended' | 'deactivated' | 'not-invited' | 'unknown';
  readonly admin: boolean | undefined;
  /** Of the Atlassian account as a whole; a suspension in the organization leaves it active. */
  readonly accountStatus?: 'active' | 'deactivated';
  /** ISO 8601. */
  readonly addedToOrg?: string;
  readonly groups?: readonly { readonly id: string; readonly name: string }[];
  readonly products?: readonly ProductAccess[];
  /** Product access from v1's search. Its dates are not used for inactivity. */
  readonly shownProducts?: readonly ProductAccess[];
  /** Roles for the organization or a site as a whole, like `atlassian/site-admin`. */
  readonly platformRoles?: readonly string[];
}

/** Access to one product: `id` is the site's ARI, `lastActive` ISO 8601 or null when never. */
export interface ProductAccess {
  readonly id: string;
  readonly key: string;
  readonly lastActive: string | null;
}

/** When a person was last active; an absent product means never. */
export interface Activity {
  readonly products: readonly ProductAccess[];
  readonly addedToOrg?: string;
}

/** An API token of a person. Times are ISO 8601; `lastAccess` is absent when the token was never used. */
export interface ApiToken {
  readonly id: string;
  readonly label: string;
  readonly createdAt: string;
  readonly lastAccess?: string;
  readonly expiry?: string;
}

/** Folds a name: case and outer spaces do not matter. */
export function foldName(name: string): string {
  return name.normalize('NFC').trim().toLowerCase();
}

/** The person, the group, or both that a row is about, by their most readable names: `jo@example.com · Ops`. */
export function subjectOf({ email, accountId, groupName, groupId }: Named): string {
  return [email ?? accountId, groupName ?? groupId].filter((name) => name !== undefined && name !== null).join(' · ');
}

/** The names of a row: its fields, or a report's line, which has null for what is absent. */
type Named = { readonly [K in 'email' | 'accountId' | 'groupName' | 'groupId']?: string | null | undefined };

/** Ids of groups, and the second part of account ids. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

export interface Group {
  readonly groupId: string;
  readonly name: string;
  readonly description?: string;
  readonly directoryId?: string;
  /** Its members are managed by an identity provider. */
  readonly synced?: boolean;
  /** What the API allows for the group. */
  readonly deletable?: boolean;
  readonly modifiable?: boolean;
}

/** How a record ended (contract, section 5). */
export const outcomes = ['done', 'already', 'failed', 'unknown', 'skipped', 'held', 'invalid', 'planned'] as const;
export type OutcomeName = (typeof outcomes)[number];
export type SkipReason =
  | 'duplicate'
  | 'protected'
  | 'active'
  | 'admin'
  | 'not-found'
  | 'blocked'
  | 'mismatch'
  | 'unmanaged';

/** Reasons for which a person on the list may be left out and keep their access; `--accept` takes them. */
export const leftOutReasons = ['not-found', 'admin', 'protected', 'blocked', 'mismatch', 'unmanaged'] as const;
export type LeftOutReason = (typeof leftOutReasons)[number];

/** The error of a refusal, as the API returned it. */
export interface ErrorDetail {
  readonly code?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly traceId?: string;
}

/** A name that the API refuses to search for. */
export interface Refused {
  readonly status: number;
  readonly error: ErrorDetail;
}

/** The part of a report's `row` line that depends on the result. */
export interface Outcome {
  readonly outcome: OutcomeName;
  readonly reason?: string;
  readonly status?: number;
  readonly attempts: number;
  /** True when an earlier attempt may have arrived. */
  readonly ambiguous: boolean;
  readonly ms: number;
  /** Time that the API took, in ms; waits for the limit are in `ms` only. */
  readonly apiMs?: number;
  readonly message?: string;
  readonly error?: ErrorDetail;
  /** Of the last response. */
  readonly requestId?: string;
  readonly result?: unknown;
}
