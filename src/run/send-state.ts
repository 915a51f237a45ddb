// The state of a record while its requests are sent, and the ending that follows from it.
import type { Action, Target } from '../actions/action.ts';
import type { Client } from '../client/client.ts';
import type { Directory } from '../directory/directory.ts';
import type { ErrorDetail, Outcome } from '../model.ts';
import type { PlannedRecord } from '../plan/verdict.ts';

/** How a record ended; the caller measures the time. */
export type Ending = Omit<Outcome, 'ms'>;

export interface SendContext {
  readonly client: Client;
  readonly directory: Directory;
  sleep(ms: number): Promise<void>;
  monotonic(): number;
  /** When records of this run took the organization admin role from people, by account id, in monotonic ms. */
  readonly adminEnded: ReadonlyMap<string, number>;
}

export interface SendState {
  readonly action: Action;
  readonly target: Target;
  readonly sender: SendContext;
  attempts: number;
  /** Of the attempts, in ms. */
  apiMs: number;
  ambiguous: boolean;
  /** What undo needs, read before the first call. */
  readonly snapshotRoles: object | undefined;
  /** What the call destroys. */
  readonly snapshotPerson: PlannedRecord['before'];
  /** Changes of the record that have gone through; reads do not count. */
  callsDone: number;
  /** Those, and the ones that found their part done. */
  stepsDone: number;
  status?: number;
  /** The last refusal that the action was given to decide about. */
  lastRefusal?: ErrorDetail;
  /** The last refusal that says that the wished state was there before. */
  alreadyRefusal?: ErrorDetail;
  requestId?: string;
}

/** An ending with the counts of the state. */
export function endingOf(outcome: Outcome['outcome'], state: SendState, more: Partial<Ending> = {}): Ending {
  const { attempts, ambiguous, apiMs, requestId } = state;
  return { outcome, attempts, ambiguous, apiMs, ...(requestId === undefined ? {} : { requestId }), ...more };
}

/** The outcome of a record that broke off: a creation that made something before must not be made twice. */
export function brokenOutcome({ action, callsDone }: SendState): 'failed' | 'unknown' {
  return action.retry === 'creation' && callsDone > 0 ? 'unknown' : 'failed';
}

/** The message, with how many of the row's calls had gone through before. */
export function withCallsDone(message: string, { callsDone }: SendState): string {
  return callsDone === 0 ? message : `${message}; ${callsDone} of the row's calls had gone through before`;
}
