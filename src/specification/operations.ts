// The operations of the published API that the client uses or the simulated organization serves, by the document that describes them. Base addresses apart, paths are as published.

/** A published OpenAPI document. */
export type DocumentName = keyof typeof usedOperations;

const d1 = '/v1/orgs/{orgId}/directory';
const d2 = '/v2/orgs/{orgId}/directories/{directoryId}';

/** `METHOD path template` of every operation in use. `organization-v1` is the generation that the vendor retired on 2026-06-30. */
export const usedOperations = {
  organization: [
    'GET /v1/orgs',
    'GET /v1/orgs/{orgId}',
    'GET /v1/orgs/{orgId}/users',
    `GET ${d1}/users/{accountId}/last-active-dates`,
    'POST /v1/orgs/{orgId}/users/{userId}/roles/assign',
    'POST /v1/orgs/{orgId}/users/{userId}/roles/revoke',
    'POST /v1/orgs/{orgId}/users/{userId}/role-assignments/assign',
    'POST /v1/orgs/{orgId}/users/{userId}/role-assignments/revoke',
    'GET /v1/orgs/{orgId}/events',
    'GET /v1/orgs/{orgId}/events-stream',
    'GET /v1/orgs/{orgId}/event-actions',
    'GET /v2/orgs/{orgId}/directories',
    `POST ${d2}/users/search`,
    `GET ${d2}/users/count`,
    `GET ${d2}/users/{userId}`,
    `GET ${d2}/users/{accountId}/role-assignments`,
    `POST ${d2}/users/{accountId}/suspend`,
    `POST ${d2}/users/{accountId}/restore`,
    `DELETE ${d2}/users/{accountId}`,
    `POST ${d2}/groups`,
    `GET ${d2}/groups/{groupId}`,
    `DELETE ${d2}/groups/{groupId}`,
    `POST ${d2}/groups/search`,
    `POST ${d2}/groups/{groupId}/memberships`,
    `DELETE ${d2}/groups/{groupId}/memberships/{accountId}`,
    `GET ${d2}/groups/{groupId}/role-assignments`,
    `POST ${d2}/groups/{groupId}/role-assignments/assign`,
    `POST ${d2}/groups/{groupId}/role-assignments/revoke`,
    'POST /v2/orgs/{orgId}/users/invite',
  ],
  'organization-v1': [
    `DELETE ${d1}/users/{accountId}`,
    `POST ${d1}/users/{accountId}/suspend-access`,
    `POST ${d1}/users/{accountId}/restore-access`,
    `POST ${d1}/groups`,
    `DELETE ${d1}/groups/{groupId}`,
    `POST ${d1}/groups/{groupId}/memberships`,
    `DELETE ${d1}/groups/{groupId}/memberships/{accountId}`,
  ],
  'user-management': [
    'GET /users/{account_id}/manage',
    'GET /users/{account_id}/manage/api-tokens',
    'DELETE /users/{account_id}/manage/api-tokens/{tokenId}',
    'POST /users/{account_id}/manage/lifecycle/disable',
    'POST /users/{account_id}/manage/lifecycle/enable',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Operations that only clients of others use, and that the simulated organization serves for them. */
const servedOperations: readonly string[] = [
  `GET ${d2}/users`,
  `GET ${d2}/users/stats`,
  `GET ${d2}/groups`,
  `GET ${d2}/groups/count`,
  `GET ${d2}/groups/stats`,
];

/** The operations of a document whose facts are stored. */
export function storedOperations(name: DocumentName): readonly string[] {
  return name === 'organization' ? [...usedOperations[name], ...servedOperations] : usedOperations[name];
}
