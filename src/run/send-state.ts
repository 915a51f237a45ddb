// SendState: the state of a record while its requests are sent, and the endings that follow from it.
import { many } from '../text/phrases.ts';
import type { Action, Target } from '../actions/action.ts';
import type { Client } from '../client/client.ts';
import type { Directory } from '../directory/directory.ts';
import type { ApiToken, ErrorDetail, Outcome } from '../model.ts';
import type { PlannedRecord } from '../plan/verdict.ts';

/** How a record ended; the caller measures the time. */
export type Ending = Omit<Outcome, 'ms'>;

export interface SendContext {
  /** Writes the intent; called before each request that changes something. */
  announce(listed: readonly ApiToken[] | undefined): Promise<void>;
  readonly client: Client;
  readonly directory: Directory;
  sleep(ms: number): Promise<void>;
  monotonic(): number;
  /** When this run revoked the organization admin role of people, by account id, in monotonic ms. */
  readonly adminEnded: ReadonlyMap<string, number>;
}

export interface SendState {
  readonly action: Action;
  readonly target: Target;
  readonly sender: SendContext;
  attempts: number;
  /** Time of the attempts, in ms. */
  apiMs: number;
  ambiguous: boolean;
  /** Roles for undo, read before the first call. */
  readonly snapshotRoles: object | undefined;
  /** The state of the person that the call destroys. */
  readonly snapshotPerson: PlannedRecord['before'];
  /** Number of the record's calls that succeeded; reads do not count. */
  callsDone: number;
  /** The same, including calls whose change already existed. */
  stepsDone: number;
  status?: number;
  /** The last refusal that was passed to the action to decide. */
  lastRefusal?: ErrorDetail;
  /** The last refusal that means that the desired state already existed. */
  alreadyRefusal?: ErrorDetail;
  requestId?: string;
}

/** An ending with the counts of the state. */
export function endingOf(outcome: Outcome['outcome'], state: SendState, more: Partial<Ending> = {}): Ending {
  const { attempts, ambiguous, apiMs, requestId } = state;
  return { outcome, attempts, ambiguous, apiMs, ...(requestId === undefined ? {} : { requestId }), ...more };
}

/** The outcome of a record that stopped halfway: a creation that has created something must not be repeated. */
export function brokenOutcome({ action, callsDone }: SendState): 'failed' | 'unknown' {
  return action.retry === 'creation' && callsDone > 0 ? 'unknown' : 'failed';
}

/** The message, with the number of the row's calls that had succeeded. */
export function withCallsDone(message: string, { callsDone }: SendState): string {
  return callsDone === 0 ? message : `${message}; ${many(callsDone, 'earlier call')} of the row had succeeded`;
}
