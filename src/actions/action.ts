// The `Action` interface and the types around it. The table itself is action-table.ts; nothing here depends on the engine.
import type { ActionName, ApiToken, FieldName, Fields, Generation, Group, Person } from '../model.ts';

/** The effect of repeating a call: `state` sets the same state again, `removal` finds it gone (404), `creation` may make a second one. */
export type RetrySafety = 'read' | 'state' | 'removal' | 'creation';
export type Risk = 'reads' | 'reversible' | 'irreversible';

/** One HTTP request, not yet encoded. `path` holds raw segments after the base URL; the client encodes and checks them. */
export interface ApiRequest {
  /** `accounts`: the API of managed accounts, which has its own base URL. Default: the organization API. */
  readonly api?: 'accounts';
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly retry: RetrySafety;
  /** The response's JSON is needed, so a 2xx with an unreadable body is not a success. */
  readonly needsBody?: boolean;
  /** A refusal does not end the row: `send` gets the response and decides. */
  readonly mayBeRefused?: boolean;
  /** API tokens that the request will revoke, recorded in the `row-sent` line. */
  readonly listed?: readonly ApiToken[];
  /** The endpoint's own limit; it replaces the organization's limit for this request. */
  readonly limit?: OwnLimit;
}

/** Rate limits of single endpoints. */
export type OwnLimit = 'events' | 'events-stream';

/** A usable response of any status. `body` is parsed JSON, or undefined when empty or unreadable. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly code?: string;
  readonly text?: string;
  /** The request id from the headers, by which the vendor's support finds the request. */
  readonly requestId?: string;
}

/** Where requests go: the organization, and on v2 the directory. */
export interface Address {
  readonly generation: Generation;
  readonly org: string;
  readonly directory: string;
}

/** A record's fields with everything resolved: ids where the action needs ids. */
export interface Target extends Omit<Fields, 'groups'> {
  /** Ids of the groups of an invitation. */
  readonly groups?: readonly string[];
  /** Their names by id, for messages. */
  readonly groupNames?: Readonly<Record<string, string>>;
}

/** The state that was read before (or after) the call. Undefined: not read, or not certain. Null: does not exist. */
export interface StateFacts {
  readonly person?: Person | null;
  readonly group?: Group | null;
  readonly member?: boolean;
  readonly tokens?: readonly ApiToken[];
}

/** A manifest row: what a template, an example or an undo prints. */
export type ManifestRow = { readonly action: ActionName } & Fields;

/** The input of undo: a row of a report that changed something. */
export interface Changed {
  readonly fields: Fields;
  /** For a row of several calls that stopped halfway, `made` is the number of calls that succeeded. */
  readonly result: unknown;
}

/** The rows that undo a change, and one sentence (`lost`) for each thing that they can't restore. */
export interface Undo {
  readonly rows: readonly ManifestRow[];
  readonly lost?: readonly string[];
}

/** Thrown by `send` when a response does not confirm the whole change. */
export class NotDone extends Error {
  override readonly name = 'NotDone';
  /**
   * `failed`: nothing was changed. `refused`: the API refused this call, and the effect of earlier calls stays. `unknown`: a part was changed, and a
   * repetition is not harmless. `unclear`: the current state decides.
   */
  readonly outcome: 'failed' | 'refused' | 'unknown' | 'unclear';
  /** Details of the response, for the row's `result`. */
  readonly result: object | undefined;

  constructor(message: string, outcome: NotDone['outcome'], result?: object) {
    super(message);
    this.outcome = outcome;
    this.result = result;
  }
}

/** A privilege in the response of `GET /users/{id}/manage`. */
export type Privilege = 'lifecycle.enablement' | 'apiToken.delete';

/** Whether an action needs --allow. */
export function needsAllow({ risk, needsPermission }: Pick<Action, 'risk' | 'needsPermission'>): boolean {
  return risk === 'irreversible' || needsPermission !== undefined;
}

/** A requirement of an action: a column, or one of two. */
export type Need = 'user' | 'group' | 'email' | 'groupName' | 'role' | 'roles';

/**
 * How to recognize the audit log event of a change by its name. The vendor publishes no ids of events and few names, so they are recognized by the beginnings of
 * words: one of each list in `all` must occur, and none of `none`.
 */
export interface Wording {
  readonly all: readonly (readonly string[])[];
  readonly none?: readonly string[];
}

/** Parts of a leaver's access. The first three end all of it; `roles` holds organization admin too. */
export type Closed = 'suspended' | 'removed' | 'deactivated' | 'groups' | 'roles' | 'tokens';

/** True for an action that ends all access of a person, so that the person is a leaver. */
export function endsAccess({ closes }: Pick<Action, 'closes'>): boolean {
  return closes === 'suspended' || closes === 'removed' || closes === 'deactivated';
}

/** One action: a value of the action table. */
export interface Action {
  readonly name: ActionName;
  /** One line for help, README and `leavers actions`. */
  readonly summary: string;
  readonly risk: Risk;
  /** Why a reversible action needs --allow, as the end of a sentence: `affects …`. Irreversible actions always need it. */
  readonly needsPermission?: string;
  /** The privilege for the person's managed account that the action needs. */
  readonly privilege?: Privilege;
  readonly retry: RetrySafety;
  readonly needs: readonly Need[];
  readonly takes: readonly FieldName[];
  /** Method and path templates, for `leavers actions`, README and the sandbox's route check. */
  readonly endpoints: Readonly<Record<Generation, string>>;
  /** Yields each request, receives its response (2xx, or a refusal that `already` accepts), and returns the row's `result`. */
  send(target: Target, at: Address): Generator<ApiRequest, unknown, Answer>;
  /** Yields reads for undo just before `send`, receives any response, and returns what is stored in the row's `result`. */
  readBefore?(target: Target, at: Address): Generator<ApiRequest, object | undefined, Answer>;
  /** True for a refusal that means that the desired state existed before. */
  already(answer: Answer): boolean;
  /** Whether the state that was read is the desired one; undefined when uncertain. */
  isDone(facts: StateFacts, target: Target): boolean | undefined;
  /** Whether a call with a lost response took effect, from the state that was read after it. Default: `isDone`. */
  didArrive?(facts: StateFacts, target: Target): boolean | undefined;
  /** A sentence about what this API generation does differently for this target, or undefined. */
  caveat(target: Target, generation: Generation): string | undefined;
  /** Why the API will refuse the change, judging by the group's data; undefined when nothing speaks against it. */
  refusal?(group: Group): string | undefined;
  /** The generation whose endpoint is published as experimental. */
  readonly experimental?: Generation;
  /** The rows that undo the change, or the reason why there are none. */
  undo(changed: Changed): Undo | string;
  /** The state of the person before the call is stored as `result.before`, because the call destroys it. */
  readonly snapshots?: 'person';
  /** The person's seats are free afterwards: all of them, or a part of those on the products that the row names. */
  readonly freesSeat?: 'seats' | 'named';
  /** A role on a product takes one of its seats. */
  readonly takesSeat?: 'seat';
  /**
   * Parts of a leaver's access that the action grants or restores, so that the evidence no longer shows them as closed. A person who is left out of
   * such a row does not keep access that should have ended.
   */
  readonly givesBack?: readonly Closed[];
  /** True for a target whose organization admin role it takes away. The API refuses to change that person until it has taken effect. */
  endsAdmin?(target: Target): boolean;
  /** Removes a person from a group, and with it the organization admin role if the group grants that. */
  readonly endsMembership?: 'membership';
  /** What of a leaver's access it ends; the evidence names it. */
  readonly closes?: Closed;
  /** Recognizes the audit log event of such a change; undefined for reads, which are not logged. */
  readonly loggedAs: Wording | undefined;
  /** Makes a group whose name later rows may use. */
  readonly createsGroup?: 'group';
  readonly example: ManifestRow;
}
