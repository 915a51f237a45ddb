// One API call with all its attempts: ky retries, its `fetch` waits for a permit and returns the real response, which is then decoded.
import ky, { HTTPError } from 'ky';
import type { ApiRequest, OwnLimit } from '../actions/action.ts';
import type { Secret } from '../config/secret.ts';
import type { Clock, Context } from '../context.ts';
import { StopError } from '../errors.ts';
import { attempt, ReadResponse } from './attempt.ts';
import type { Client, Reply, Usage } from './client.ts';
import { decodeResponse, type DecodedResponse } from './decode-response.ts';
import { fatalError } from './fatal-response.ts';
import { AttemptError } from './network-error.ts';
import { CircuitBreaker } from './pace/circuit-breaker.ts';
import type { RateLimiter } from './pace/rate-limiter.ts';
import { Throttle } from './pace/throttle.ts';
import { attemptErrorIn, backoffMs, isServerTrouble, retryOptions } from './retry-policy.ts';
import { addressOf, buildUrl } from './url.ts';

export interface ClientOptions {
  readonly baseUrl: URL;
  /** Address of the API of managed accounts; undefined when it is not known. */
  readonly accountUrl?: URL | undefined;
  readonly key: Secret;
  readonly limiter: RateLimiter;
  /** Opens the limiter of an endpoint that has a limit of its own, once for each; without it they share `limiter`. */
  readonly openOwnLimiter?: (limit: OwnLimit) => RateLimiter;
  /** Attempts after the first. */
  readonly retries: number;
  /** For one attempt, from leaving to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Monotonic ms after which no request is sent. */
  readonly deadline?: number;
  /** Ends waiting for permits and retries; calls under way finish. */
  readonly signal?: AbortSignal;
  /** Aborted when calls under way are to be given up as well. */
  readonly drained?: AbortSignal;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly sleep: Context['sleep'];
  readonly random: () => number;
  readonly version: string;
}

/** A client of one organization; see `Client` for what `send` gives and throws. */
export function openClient(options: ClientOptions): Client {
  return new PacedClient(options);
}

/** What is known of one call while its attempts are made. */
interface Call {
  readonly request: ApiRequest;
  readonly url: string;
  readonly throttle: Throttle;
  attempts: number;
  apiMs: number;
  /** An attempt may have arrived. */
  hasArrived: boolean;
  /** An attempt before the current one may have arrived. */
  ambiguous: boolean;
  /** The current attempt's answer says when to come back. */
  hasRetryAfter: boolean;
}

class PacedClient implements Client {
  readonly #options: ClientOptions;
  readonly #throttle: Throttle;
  /** Of endpoints with a limit of their own. */
  readonly #ownThrottles = new Map<OwnLimit, Throttle>();
  readonly #breaker = new CircuitBreaker(() => this.#refused !== undefined && !this.#hasFailed);
  /** 403s, while every answer so far was one; undefined once the key has proved good. Until then a refused key costs one call. */
  #refused: number | undefined = 0;
  #hasFailed = false;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#throttle = new Throttle(options);
  }

  get usage(): Usage {
    return this.#throttle.usage;
  }

  readonly pausedUntil = (): number | undefined => this.#options.limiter.pausedUntil;

  stop(error: StopError): void {
    this.#stop(error);
  }

  /** Stops all calls. Returns the first reason, which all of them get. */
  #stop(error: StopError): StopError {
    const first = this.#throttle.stop(error);
    for (const own of this.#ownThrottles.values()) own.stop(first);
    return first;
  }

  #throttleOf({ limit }: ApiRequest): Throttle {
    const { openOwnLimiter } = this.#options;
    if (limit === undefined || openOwnLimiter === undefined) return this.#throttle;
    const found = this.#ownThrottles.get(limit);
    if (found !== undefined) return found;
    const limiter = openOwnLimiter(limit);
    const own = new Throttle({ ...this.#options, limiter, sharedUsage: this.usage });
    this.#ownThrottles.set(limit, own);
    return own;
  }

  async send(request: ApiRequest): Promise<Reply> {
    const url = buildUrl(addressOf(request, this.#options), request.path, request.query).href;
    const throttle = this.#throttleOf(request);
    const call: Call = {
      request,
      url,
      throttle,
      attempts: 0,
      apiMs: 0,
      hasArrived: false,
      ambiguous: false,
      hasRetryAfter: false,
    };
    try {
      // ky gets neither key nor body, so that no error object of it can hold them.
      const response = await ky(url, {
        method: request.method,
        fetch: this.#paced(call),
        retry: retryOptions(request, this.#options.retries),
        hooks: { beforeRetry: [({ retryCount }) => this.#rest(call, retryCount)] },
        throwHttpErrors: isServerTrouble,
        // It would run while a request waits for its permit, and does not cover the body; each attempt has a deadline instead.
        timeout: false,
      });
      return answered(call, decodeResponse(asRead(response)));
    } catch (error) {
      return unanswered(call, error);
    }
  }

  /** The `fetch` of a call: one attempt behind breaker and limiter. A 429 is not a failed attempt: the call waits at the gate and leaves again. */
  #paced(call: Call): typeof fetch {
    // A read settles an open row or is its first step, so it goes before the changes of other rows.
    const priority = call.request.retry === 'read' ? 'first' : 'normal';
    return async () => {
      for (;;) {
        await this.#breaker.enter();
        try {
          await call.throttle.acquire(priority);
          const response = await this.#attempt(call);
          if (response.status !== 429) return response;
        } finally {
          this.#breaker.leave();
        }
      }
    };
  }

  async #attempt(call: Call): Promise<ReadResponse> {
    this.#throttle.begin();
    call.attempts += 1;
    call.ambiguous = call.hasArrived;
    call.hasRetryAfter = false;
    const { clock } = this.#options;
    const left = clock.monotonic();
    try {
      const response = await attempt(call.url, call.request, this.#options);
      this.#judge(call, response);
      return response;
    } catch (error) {
      if (error instanceof AttemptError) throw this.#onFailure(call, error);
      throw error instanceof StopError ? this.#stop(error) : error;
    } finally {
      call.apiMs += clock.monotonic() - left;
      call.throttle.release();
    }
  }

  /** Takes note of an answer. Throws AttemptError when it can't be used, StopError when no other call makes sense. */
  #judge(call: Call, response: ReadResponse): void {
    const { retryAfterMs = 0 } = call.throttle.onResponse(response);
    if (response.status === 429) {
      call.attempts -= 1;
      this.#breaker.onAnswer();
      return;
    }
    const decoded = decodeResponse(response);
    const failure = attemptErrorIn(call.request, response, decoded);
    if (failure === undefined) return this.#onAnswer(call, response.status, decoded);
    call.hasRetryAfter = retryAfterMs > 0;
    if (call.hasRetryAfter) call.throttle.delay(retryAfterMs);
    if (!isServerTrouble(response.status)) throw failure;
    // ky throws its HTTPError for this response and asks the retry policy.
    const counted = this.#onFailure(call, failure);
    if (counted instanceof StopError) throw counted;
  }

  #onAnswer(call: Call, status: number, decoded: DecodedResponse): void {
    this.#breaker.onAnswer();
    const fatal = decoded.error && fatalError(call.request, decoded, this.#refused);
    if (fatal !== undefined) throw fatal;
    if (status === 403 && call.request.api === 'accounts') return;
    this.#refused = status === 403 && this.#refused !== undefined ? this.#refused + 1 : undefined;
  }

  /** Counts a failed attempt. Returns what to throw for it: StopError when with it the API counts as down. */
  #onFailure(call: Call, failure: AttemptError): AttemptError | StopError {
    if (failure.facts.arrived) call.hasArrived = true;
    this.#hasFailed = true;
    const { clock, random } = this.#options;
    const next = this.#breaker.onFailure(clock.monotonic(), random(), failure.message);
    if (next instanceof StopError) return this.#stop(next);
    if (next > 0) call.throttle.pause(next);
    return failure;
  }

  /** The backoff before a retry; after a Retry-After the gate is the wait. */
  async #rest({ throttle, hasRetryAfter }: Call, retry: number): Promise<void> {
    const { clock, random } = this.#options;
    const restMs = this.#breaker.capDelay(backoffMs(retry, random()), clock.monotonic());
    if (!hasRetryAfter) await throttle.rest(restMs);
  }
}

/** ky returns the response of our `fetch` as it is. */
function asRead(response: Response): ReadResponse {
  if (response instanceof ReadResponse) return response;
  throw new Error('bug: a response that no attempt has read');
}

function answered({ attempts, ambiguous, apiMs }: Call, { answer, error }: DecodedResponse): Reply {
  return { kind: 'answer', attempts, ambiguous, apiMs, answer, ...(error === undefined ? {} : { error }) };
}

/** Throws StopError with how far this call came, and errors that are bugs as they are. */
function unanswered({ request, attempts, ambiguous, hasArrived, apiMs }: Call, error: unknown): Reply {
  if (error instanceof StopError)
    throw new StopError(error.kind, error.message, { attempts, mayHaveArrived: hasArrived });
  const { message, facts } = failureOf(request, error);
  if (!hasArrived) return { kind: 'unsent', attempts, ambiguous: false, apiMs, why: message };
  const status = facts.status === undefined ? {} : { status: facts.status };
  const detail = facts.error === undefined ? {} : { error: facts.error };
  return { kind: 'lost', attempts, ambiguous, apiMs, why: message, ...status, ...detail };
}

function failureOf(request: ApiRequest, error: unknown): AttemptError {
  if (error instanceof AttemptError) return error;
  const response = error instanceof HTTPError ? asRead(error.response) : undefined;
  const failure = response && attemptErrorIn(request, response, decodeResponse(response));
  if (failure === undefined) throw error;
  return failure;
}
