// The actions on a person who stays in the organization: last-active dates, suspend, restore.
import { insideProducts } from '../text/audit-words.ts';
import type { Activity, Fields, ProductAccess } from '../model.ts';
import type { Action, Address, Answer, ApiRequest, Target } from './action.ts';
import { readPages } from './read-pages.ts';
import { directoryPath, sendOnce, orgPath, required } from './requests.ts';

/** The fields that identify the person, for the undo row. */
export function identityOf(fields: Fields): Fields {
  return {
    ...(fields.accountId === undefined ? {} : { accountId: fields.accountId }),
    ...(fields.email === undefined ? {} : { email: fields.email }),
    ...(fields.reference === undefined ? {} : { reference: fields.reference }),
  };
}

/** One page of a person's last-active dates; the same route on both generations. */
export function lastActiveRequest(at: Address, accountId: string, cursor?: string): ApiRequest {
  const path = orgPath(at, 'directory', 'users', accountId, 'last-active-dates');
  return { method: 'GET', path, retry: 'read', needsBody: true, ...(cursor ? { query: { cursor } } : {}) };
}

type Page = { readonly data?: { product_access?: unknown; added_to_org?: unknown } };

function productOf(value: unknown): ProductAccess {
  const { id, key, last_active_timestamp: stamp, last_active: day } = (value ?? {}) as Record<string, unknown>;
  return productAccess(id, key, stamp ?? day);
}

/** One product's access. A date in an unknown form becomes `unreadable`, so that it is never taken for "never active". */
export function productAccess(id: unknown, key: unknown, at: unknown): ProductAccess {
  const [site, product] = [id, key].map((each) => (typeof each === 'string' ? each : ''));
  return {
    id: site ?? '',
    key: product ?? '',
    lastActive: at === undefined || at === null ? null : typeof at === 'string' ? at : 'unreadable',
  };
}

/** Reads every page of last-active dates. Throws TypeError when a page lacks its data or the pages don't end. */
export function* readActivity(at: Address, accountId: string): Generator<ApiRequest, Activity, Answer> {
  const products: ProductAccess[] = [];
  let added: string | undefined;
  yield* readPages(
    (cursor) => lastActiveRequest(at, accountId, cursor),
    ({ body }) => {
      const { data } = (body ?? {}) as Page;
      if (data === undefined) throw new TypeError('the last-active response has no data');
      if (!Array.isArray(data.product_access)) throw new TypeError('the last-active response has no products');
      products.push(...data.product_access.map(productOf));
      if (typeof data.added_to_org === 'string') added = data.added_to_org;
      return data.product_access;
    },
  );
  return added === undefined ? { products } : { products, addedToOrg: added };
}

export const getLastActive: Action = {
  name: 'get-last-active',
  summary: 'Read when a person was last active in each product (up to 24 hours late).',
  risk: 'reads',
  retry: 'read',
  needs: ['user'],
  takes: [],
  endpoints: {
    v1: 'GET /v1/orgs/{orgId}/directory/users/{accountId}/last-active-dates',
    v2: 'GET /v1/orgs/{orgId}/directory/users/{accountId}/last-active-dates',
  },
  send: (target, at) => readActivity(at, required(target, 'accountId')),
  already: () => false,
  isDone: () => undefined,
  caveat: () => undefined,
  undo: () => 'it only read',
  loggedAs: undefined,
  example: { action: 'get-last-active', email: 'grace@example.com' },
};

export const suspendUser: Action = {
  name: 'suspend-user',
  summary: "Suspend a person's access to the organization; groups and roles are kept.",
  risk: 'reversible',
  retry: 'state',
  needs: ['user'],
  takes: ['notBefore', 'onlyIfInactiveDays', 'products'],
  endpoints: {
    v1: 'POST /v1/orgs/{orgId}/directory/users/{accountId}/suspend-access',
    v2: 'POST /v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}/suspend',
  },
  send: (target, at) => sendOnce(setAccess(target, at, 'suspend')),
  already: () => false,
  isDone: ({ person }) => (person ? person.status === 'suspended' : undefined),
  caveat: () => undefined,
  undo: ({ fields }) => ({ rows: [{ action: 'restore-user', ...identityOf(fields) }] }),
  freesSeat: 'seats',
  closes: 'suspended',
  loggedAs: { all: [['suspend']] },
  example: { action: 'suspend-user', email: 'ada@example.com', reference: 'HR-1001' },
};

export const restoreUser: Action = {
  name: 'restore-user',
  summary: "Restore a suspended person's access, with the groups and roles they had.",
  risk: 'reversible',
  retry: 'state',
  givesBack: ['suspended'],
  needs: ['user'],
  takes: ['notBefore'],
  endpoints: {
    v1: 'POST /v1/orgs/{orgId}/directory/users/{accountId}/restore-access',
    v2: 'POST /v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}/restore',
  },
  send: (target, at) => sendOnce(setAccess(target, at, 'restore')),
  already: () => false,
  isDone: ({ person }) => (person ? person.status === 'active' : undefined),
  caveat: () => undefined,
  experimental: 'v1',
  undo: ({ fields }) => ({ rows: [{ action: 'suspend-user', ...identityOf(fields) }] }),
  loggedAs: { all: [['restor', 'unsuspend', 'reinstat']], none: insideProducts },
  example: { action: 'restore-user', email: 'alan@example.com', reference: 'HR-1002' },
};

/** v1 takes no body. v2 publishes none either, but was seen to answer 415 to a POST without JSON, so it gets an empty object. */
function setAccess(target: Target, at: Address, verb: 'suspend' | 'restore'): ApiRequest {
  const [segment, body] = at.generation === 'v1' ? [`${verb}-access`, {}] : [verb, { body: {} }];
  const path = directoryPath(at, 'users', required(target, 'accountId'), segment);
  return { method: 'POST', path, ...body, retry: 'state' };
}
