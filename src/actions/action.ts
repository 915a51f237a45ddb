// What an action is: the members that every row of the table has. The table itself is actions.ts; nothing here knows the engine.
import type { ActionName, ApiToken, FieldName, Fields, Generation, Group, Person } from '../model.ts';

/** What repeating a call does: `state` sets the same state again, `removal` finds it gone (404), `creation` may make a second one. */
export type RetrySafety = 'read' | 'state' | 'removal' | 'creation';
export type Risk = 'reads' | 'reversible' | 'irreversible';

/** One HTTP request, not yet encoded. `path` holds raw segments after the base URL; the client encodes and checks them. */
export interface ApiRequest {
  /** `accounts`: the API of managed accounts, which has an address of its own; the organization's when absent. */
  readonly api?: 'accounts';
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly retry: RetrySafety;
  /** The answer's JSON is needed: a 2xx whose body can't be read is not a success. */
  readonly needsBody?: boolean;
  /** A refusal does not end the row: `send` gets the answer and decides. */
  readonly mayBeRefused?: boolean;
  /** The endpoint's own limit, which it is paced by instead of the organization's. */
  readonly limit?: OwnLimit;
}

/** Limits that hold for one endpoint alone. */
export type OwnLimit = 'events' | 'events-stream';

/** A usable answer, with whatever status. `body` is parsed JSON, or undefined when empty or unreadable. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly code?: string;
  readonly text?: string;
  /** What the organization's support finds the request by, from its headers. */
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

/** What reading said before (or after) the call; undefined means not read or can't tell, null means not there. */
export interface StateFacts {
  readonly person?: Person | null;
  readonly group?: Group | null;
  readonly member?: boolean;
  readonly tokens?: readonly ApiToken[];
}

/** A manifest row: what a template, an example or an undo prints. */
export type ManifestRow = { readonly action: ActionName } & Fields;

/** What undo works from: a changed row of a report. */
export interface Changed {
  readonly fields: Fields;
  /** Of a row of several calls that broke off, `made` says how many of them, from the first, had gone through. */
  readonly result: unknown;
}

/** The way back: rows to run, and in words what they can't bring back, each thing for itself. */
export interface Undo {
  readonly rows: readonly ManifestRow[];
  readonly lost?: readonly string[];
}

/** Thrown out of `send` when an answer that it was given does not confirm the whole change. */
export class NotDone extends Error {
  override readonly name = 'NotDone';
  /**
   * `failed`: nothing was changed. `refused`: the API refused this call, and earlier ones hold. `unknown`: a part was changed, and a
   * repetition is not harmless. `unclear`: the current state decides.
   */
  readonly outcome: 'failed' | 'refused' | 'unknown' | 'unclear';
  /** The details of the answer, kept with the row. */
  readonly result: object | undefined;

  constructor(message: string, outcome: NotDone['outcome'], result?: object) {
    super(message);
    this.outcome = outcome;
    this.result = result;
  }
}

/** A privilege that `GET /users/{id}/manage` tells of. */
export type Privilege = 'lifecycle.enablement' | 'apiToken.delete';

/** Whether an action needs --allow. */
export function needsAllow({ risk, needsPermission }: Pick<Action, 'risk' | 'needsPermission'>): boolean {
  return risk === 'irreversible' || needsPermission !== undefined;
}

/** A requirement of an action: a column, or one of two. */
export type Need = 'user' | 'group' | 'email' | 'groupName' | 'role' | 'roles';

/**
 * Words of the name that an audit log gives a change. The vendor publishes no names of events, so they are recognized by the beginnings of
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

/** One value of the table of actions. Each member that is missing is a compile error. */
export interface Action {
  readonly name: ActionName;
  /** One line for help, README and `leavers actions`. */
  readonly summary: string;
  readonly risk: Risk;
  /** Why the action needs --allow although it can be undone, as a sentence's end: `affects …`. Irreversible actions always need it. */
  readonly needsPermission?: string;
  /** The privilege for the person's managed account that the action needs. */
  readonly privilege?: Privilege;
  readonly retry: RetrySafety;
  readonly needs: readonly Need[];
  readonly takes: readonly FieldName[];
  /** Method and path templates, for `leavers actions`, README and the sandbox's route check. */
  readonly endpoints: Readonly<Record<Generation, string>>;
  /** Yields each request in turn, is given its answer (2xx, or one that `already` takes), returns the row's `result`. */
  send(target: Target, at: Address): Generator<ApiRequest, unknown, Answer>;
  /** Yields reads for undo, made just before `send`; is given any answer, returns what is kept with the row's `result`. */
  readBefore?(target: Target, at: Address): Generator<ApiRequest, object | undefined, Answer>;
  /** True for a refusal that means the wished state was there before. */
  already(answer: Answer): boolean;
  /** Whether the wished state holds, from what was read; undefined when that can't tell. */
  isDone(facts: StateFacts, target: Target): boolean | undefined;
  /** Whether a call whose answer was lost did arrive, from what was read after it; `holds` when absent. */
  didArrive?(facts: StateFacts, target: Target): boolean | undefined;
  /** Words about what this generation does differently for this target, or undefined. */
  caveat(target: Target, generation: Generation): string | undefined;
  /** Why the API refuses the change, by what was read of the group; undefined when nothing is known against it. */
  refusal?(group: Group): string | undefined;
  /** The generation whose endpoint is published as experimental. */
  readonly experimental?: Generation;
  /** The way back, or the reason why there is none. */
  undo(changed: Changed): Undo | string;
  /** What was read about the person before is kept as `result.before`, because the call destroys it. */
  readonly snapshots?: 'person';
  /** The person's seats are free afterwards: all of them, or a part of those on the products that the row names. */
  readonly freesSeat?: 'seats' | 'named';
  /** A role on a product takes one of its seats. */
  readonly takesSeat?: 'seat';
  /** Gives access or gives it back: a person who is left out of such a row does not keep access that was to end. */
  readonly givesAccess?: 'access';
  /** True for a target whose organization admin role it takes away. The API refuses to change that person until it has taken effect. */
  endsAdmin?(target: Target): boolean;
  /** Takes a person out of a group, and with it the organization admin role where the group gives that. */
  readonly endsMembership?: 'membership';
  /** What of a leaver's access it ends; the evidence names it. */
  readonly closes?: Closed;
  /** Recognizes what the audit log calls such a change; undefined for reads, which it does not note. */
  readonly loggedAs: Wording | undefined;
  /** Makes a group whose name later rows may use. */
  readonly createsGroup?: 'group';
  readonly example: ManifestRow;
}
