// One API call with all its attempts: ky retries, its `fetch` waits for a permit and returns the real response, which is then decoded.
import ky, { HTTPError } from 'ky';
import type { ApiRequest, OwnLimit } from '../actions/action.ts';
import type { Secret } from '../config/secret.ts';
import type { Clock, Context } from '../context.ts';
import { StopError } from '../errors.ts';
import { attempt, ReadResponse, urlOf } from './attempt.ts';
import type { Client, Reply, Usage } from './client.ts';
import type { DecodedResponse } from './decode-response.ts';
import { AttemptError } from './network-error.ts';
import type { RateLimiter } from './pace/rate-limiter.ts';
import { Throttle } from './pace/throttle.ts';
import { classifyResponse, isServerTrouble, probeOf, retryOptions } from './response-policy.ts';

export interface ClientOptions {
  readonly baseUrl: URL;
  /** Address of the API of managed accounts; undefined when unknown. */
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

/** The state of one call during its attempts. */
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
  /** The response of the current attempt has Retry-After. */
  hasRetryAfter: boolean;
  lastFailure?: AttemptError;
  /** The current answer looks like a retired route. */
  doubt?: StopError;
}

class PacedClient implements Client {
  readonly #options: ClientOptions;
  readonly #throttle: Throttle;
  /** Of endpoints with a limit of their own. */
  readonly #ownThrottles = new Map<OwnLimit, Throttle>();
  /** Number of 403s, while every response so far was one; undefined once the key works. */
  #forbidden: number | undefined = 0;
  /** Searches of v1 that were answered after a doubtful 404. */
  readonly #served = new Set<string>();

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

  async send(request: ApiRequest): Promise<Reply> {
    const url = urlOf(request, this.#options);
    const throttle = this.#throttleOf(request);
    const progress = { attempts: 0, apiMs: 0, hasArrived: false, ambiguous: false, hasRetryAfter: false };
    const call: Call = { request, url, throttle, ...progress };
    try {
      // ky gets neither key nor body, so its error objects can't contain them.
      const response = await ky(url, {
        method: request.method,
        fetch: () => this.#paced(call),
        retry: retryOptions(request, this.#options.retries),
        // After a Retry-After the gate is the wait.
        hooks: { beforeRetry: [({ retryCount }) => (call.hasRetryAfter ? undefined : throttle.backOff(retryCount))] },
        throwHttpErrors: isServerTrouble,
        // It would run while a request waits for its permit, and does not cover the body; each attempt has a deadline instead.
        timeout: false,
      });
      if (call.doubt !== undefined) await this.#confirmServed(call.request, call.doubt);
      return answered(call, asRead(response).decoded);
    } catch (error) {
      return unanswered(call, error);
    }
  }

  /** Throws StopError unless a search of the same family is answered, which is asked once. */
  async #confirmServed(request: ApiRequest, doubt: StopError): Promise<void> {
    const probe = probeOf(request);
    const family = probe.path.join('/');
    if (this.#served.has(family)) return;
    const reply = await this.send(probe);
    // An outage says nothing about v1.
    if (reply.kind !== 'answer')
      throw this.#stop(
        new StopError(
          'stopped',
          `a 404 without a body could not be explained: ${reply.why}; resume the run to continue`,
        ),
      );
    if (reply.answer.status > 299) throw this.#stop(doubt);
    this.#served.add(family);
  }

  #throttleOf({ limit }: ApiRequest): Throttle {
    const { openOwnLimiter } = this.#options;
    if (limit === undefined || openOwnLimiter === undefined) return this.#throttle;
    const found = this.#ownThrottles.get(limit);
    if (found !== undefined) return found;
    const own = new Throttle({ ...this.#options, limiter: openOwnLimiter(limit), parent: this.#throttle });
    this.#ownThrottles.set(limit, own);
    return own;
  }

  /**
   * The `fetch` of a call: sends an attempt when the throttle permits. A 429 is not a failed attempt: the call waits at the gate and is
   * sent again.
   */
  async #paced(call: Call): Promise<ReadResponse> {
    // A read finishes a row in progress or is its first step, so it goes before the changes of other rows.
    const priority = call.request.retry === 'read' ? 'first' : 'normal';
    for (;;) {
      const response = await call.throttle.schedule(priority, () => this.#attempt(call));
      if (response.status !== 429) return response;
    }
  }

  async #attempt(call: Call): Promise<ReadResponse> {
    call.attempts += 1;
    call.ambiguous = call.hasArrived;
    call.hasRetryAfter = false;
    delete call.doubt;
    const { clock } = this.#options;
    const sentAt = clock.monotonic();
    try {
      const response = await attempt(call.url, call.request, this.#options);
      this.#onResponse(call, response);
      return response;
    } catch (error) {
      if (error instanceof AttemptError) this.#onFailure(call, error);
      throw error instanceof StopError ? this.#stop(error) : error;
    } finally {
      call.apiMs += clock.monotonic() - sentAt;
    }
  }

  /** Reports a response. Throws AttemptError when it can't be used, StopError when no other call makes sense. */
  #onResponse(call: Call, response: ReadResponse): void {
    const meaning = classifyResponse(call.request, response, this.#forbidden);
    const { retryAfterMs = 0 } = call.throttle.onResponse(response, { hasFailed: meaning.kind === 'failed' });
    switch (meaning.kind) {
      case 'throttled':
        call.attempts -= 1;
        return;
      case 'failed':
        call.hasRetryAfter = retryAfterMs > 0;
        // ky throws its HTTPError for this response and asks the retry policy.
        if (isServerTrouble(response.status)) return this.#onFailure(call, meaning.error);
        throw meaning.error;
      case 'fatal':
        throw meaning.error;
      case 'doubtful':
        call.doubt = meaning.error;
        return;
      case 'usable':
        return this.#checkKey(call.request, response.status);
    }
  }

  /** A key is refused, accepted, or not yet tried: an account that the organization does not manage says nothing about it. */
  #checkKey({ api }: ApiRequest, status: number): void {
    if (this.#forbidden === undefined) return;
    if (status !== 403) {
      this.#forbidden = undefined;
      this.#throttle.acceptKey();
    } else if (api !== 'accounts') this.#forbidden += 1;
  }

  /** Counts a failed attempt. Throws StopError when with it the API counts as down. */
  #onFailure(call: Call, failure: AttemptError): void {
    if (failure.facts.arrived) call.hasArrived = true;
    call.lastFailure = failure;
    const down = call.throttle.onFailure(failure);
    if (down !== undefined) throw this.#stop(down);
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
function unanswered({ attempts, ambiguous, hasArrived, apiMs, lastFailure }: Call, error: unknown): Reply {
  if (error instanceof StopError)
    throw new StopError(error.kind, error.message, { attempts, mayHaveArrived: hasArrived });
  const failure = error instanceof HTTPError ? lastFailure : error;
  if (!(failure instanceof AttemptError)) throw error;
  const { message, facts } = failure;
  if (!hasArrived) return { kind: 'unsent', attempts, ambiguous: false, apiMs, why: message };
  const status = facts.status === undefined ? {} : { status: facts.status };
  const detail = facts.error === undefined ? {} : { error: facts.error };
  return { kind: 'lost', attempts, ambiguous, apiMs, why: message, ...status, ...detail };
}
