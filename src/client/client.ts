// The client's interface: what one request returns after all its attempts, the usage counts, and `Client` itself.
import type { Answer, ApiRequest } from '../actions/action.ts';
import type { StopError } from '../errors.ts';
import type { ErrorDetail } from '../model.ts';

interface Attempts {
  /** HTTP attempts made, 429s not counted. */
  readonly attempts: number;
  /** True when an attempt before the last may have arrived. */
  readonly ambiguous: boolean;
  /** Time that the attempts took in ms, without waits for the limit and between attempts. */
  readonly apiMs: number;
}

/**
 * `answer`: the organization answered, with any status (2xx without `error`, else with it).
 * `lost`: it may have arrived, without a usable response. `unsent`: it never arrived, and retries ran out.
 */
export type Reply =
  | (Attempts & { readonly kind: 'answer'; readonly answer: Answer; readonly error?: ErrorDetail })
  | (Attempts & { readonly kind: 'lost'; readonly why: string; readonly status?: number; readonly error?: ErrorDetail })
  | (Attempts & { readonly kind: 'unsent'; readonly why: string });

/** Counts over the life of a client. */
export interface Usage {
  requests: number;
  /** Answers 429. */
  throttled: number;
  /** Wall time that the gate was shut, in ms. */
  throttledMs: number;
  /** When the gate was shut (epoch ms) and for how long, the first thousand times. */
  readonly waits: { readonly at: number; readonly ms: number }[];
  /** The last answer's `Date` in epoch ms, and this clock when it came. */
  date?: { readonly server: number; readonly here: number };
  /** The rate-limit headers of the first answer that had some, each with the form of its value. */
  limitHeaders?: readonly string[];
  /** The last answer's `X-RateLimit-Limit`. */
  limit?: number;
}

/**
 * Sends requests, one at a time or many at once. It paces and retries them, and reads their errors.
 * Throws StopError: `key` (401, or 5 times 403 from the start), `config` (retired generation), `stopped` (API down, out of time).
 */
export interface Client {
  send(request: ApiRequest): Promise<Reply>;
  readonly usage: Usage;
  /** Sends no further request. Calls that wait for a permit throw the error. */
  stop(error: StopError): void;
  /** Until when the gate is shut, in monotonic ms; undefined when open. For progress. */
  readonly pausedUntil: () => number | undefined;
}
