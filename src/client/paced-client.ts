// One request with all its attempts: ky decides whether to try again, traffic.ts when, rules.ts by what table. Reading answers is envelope.ts.
import ky from 'ky';
import type { ApiRequest } from '../actions/action.ts';
import { StopError } from '../errors.ts';
import { buildUrl } from './url.ts';
import { attempt, type Sender } from './attempt.ts';
import { type RawResponse, decodeResponse, type DecodedResponse } from './decode-response.ts';
import { type RateLimitHeaders, readRateLimitHeaders } from './pace/rate-limit-headers.ts';
import { CircuitBreaker } from './pace/circuit-breaker.ts';
import { fatalError } from './fatal-response.ts';
import type { Client, Reply, Usage } from './client.ts';
import { backoffMs, mayRepeat, attemptErrorIn } from './retry-policy.ts';
import { redact, type Secret } from '../config/secret.ts';
import { ServerClock } from './pace/server-clock.ts';
import { Throttle, type ThrottleOptions } from './pace/throttle.ts';
import { AttemptError } from './network-error.ts';
import { Turns } from './pace/turns.ts';

export interface ClientOptions extends ThrottleOptions {
  readonly baseUrl: URL;
  readonly key: Secret;
  readonly org: string;
  /** Attempts after the first. */
  readonly retries: number;
  /** For one attempt, from leaving to the last byte of the answer. */
  readonly timeoutMs: number;
  /** The built-in one when absent. */
  readonly fetch?: typeof fetch;
  readonly version: string;
}

/** A client of one organization; see `Client` for what `send` gives and throws. */
export function openClient(options: ClientOptions): Client {
  return new PacedClient(options);
}

/** What is known of one request while it is being sent. */
interface Call {
  readonly request: ApiRequest;
  readonly url: URL;
  attempts: number;
  /** An attempt may have arrived. */
  hasArrived: boolean;
  /** An attempt before the current one may have arrived. */
  ambiguous: boolean;
  understood?: DecodedResponse;
}

/** What ky is given in place of an answer: it only has to know that there is one. */
const settled = new Response(null);

class PacedClient implements Client {
  readonly #options: ClientOptions;
  readonly #sender: Sender;
  readonly #traffic: Throttle;
  readonly #outage = new CircuitBreaker();
  readonly #serverClock = new ServerClock();
  readonly #turns = new Turns(() => this.#isCautious());
  /** 403s, while every answer so far was one; undefined once the key has proved good. */
  #refused: number | undefined = 0;
  #hasFailed = false;
  #underWay = 0;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#traffic = new Throttle(options);
    const { key, sleep, timeoutMs, version } = options;
    this.#sender = { fetch: options.fetch ?? fetch, key, sleep, timeoutMs, version };
  }

  get usage(): Usage {
    return this.#traffic.usage;
  }

  readonly pausedUntil = (): number | undefined => this.#options.pace.pausedUntil;

  stop(error: StopError): void {
    this.#traffic.stop(error);
  }

  async send(request: ApiRequest): Promise<Reply> {
    const url = buildUrl(this.#options.baseUrl, request.path, request.query);
    const call: Call = { request, url, attempts: 0, hasArrived: false, ambiguous: false };
    try {
      await this.#try(call);
    } catch (error) {
      if (error instanceof AttemptError) return unanswered(call, error);
      if (!(error instanceof StopError)) throw error;
      // The reason is everybody's, how far this call came is its own.
      throw new StopError(error.kind, error.message, { attempts: call.attempts, mayHaveArrived: call.hasArrived });
    }
    return answered(call);
  }

  /**
   * ky counts the retries and asks `shouldRetry`; it is given neither key nor body, so that no error object of it can hold them. Its own
   * timeout would run while a request waits for its permit, and does not cover the body: attempt.ts has the deadline instead. It knows
   * few forms of Retry-After and sleeps for days if told so: it never sees an answer, limits.ts and traffic.ts do.
   */
  async #try(call: Call): Promise<void> {
    await ky(call.url, {
      method: call.request.method,
      fetch: () => this.#leave(call),
      timeout: false,
      throwHttpErrors: false,
      retry: {
        limit: this.#options.retries,
        methods: ['get', 'post', 'delete'],
        delay: () => 0,
        shouldRetry: ({ error, retryCount }) => this.#isWorthMore(call, error, retryCount),
      },
    });
  }

  /** Decides by the table, and sleeps here because ky would sleep on a timer of its own. */
  async #isWorthMore({ request }: Call, error: Error, retry: number): Promise<boolean> {
    if (!(error instanceof AttemptError) || !mayRepeat(request.retry, error)) return false;
    const { clock, random } = this.#options;
    const restMs = this.#outage.capDelay(backoffMs(retry, random()), clock.monotonic());
    if (error.facts.hasRetryAfter !== true) await this.#traffic.rest(restMs);
    return true;
  }

  /** One attempt in ky's eyes. A 429 is none: the call waits at the gate and leaves again. */
  async #leave(call: Call): Promise<Response> {
    for (;;) {
      await this.#turns.enter();
      try {
        await this.#traffic.acquire();
        if (await this.#attempt(call)) return settled;
      } finally {
        this.#turns.leave();
      }
    }
  }

  /** True when the call is answered, false after a 429. Throws Trouble and StopError. */
  async #attempt(call: Call): Promise<boolean> {
    call.attempts += 1;
    call.ambiguous = call.hasArrived;
    this.usage.requests += 1;
    this.#underWay += 1;
    const sent = this.#options.clock.monotonic();
    try {
      const heard = await attempt(call.url, call.request, this.#sender);
      this.#traffic.heard(this.#options.clock.monotonic() - sent);
      return this.#take(call, heard);
    } catch (error) {
      if (error instanceof AttemptError) throw this.#note(call, error);
      throw error instanceof StopError ? this.#traffic.stop(error) : error;
    } finally {
      this.#underWay -= 1;
    }
  }

  #take(call: Call, heard: RawResponse): boolean {
    const limits = this.#limitsOf(heard.headers);
    if (heard.status === 429) {
      call.attempts -= 1;
      this.#outage.onAnswer();
      this.#traffic.onTooManyRequests(limits);
      return false;
    }
    this.#traffic.applyHeaders(limits, this.#underWay - 1);
    const understood = this.#masked(decodeResponse(heard));
    const trouble = attemptErrorIn(call.request, heard, understood);
    if (trouble !== undefined) throw this.#timed(trouble, limits);
    this.#outage.onAnswer();
    const refusal = fatalError(call.request, understood, this.#refused);
    if (refusal !== undefined) throw refusal;
    this.#refused = heard.status === 403 && this.#refused !== undefined ? this.#refused + 1 : undefined;
    call.understood = understood;
    return true;
  }

  /** What the headers say of the limit; the clocks and the limit's size are kept for doctor. */
  #limitsOf(headers: Headers): RateLimitHeaders {
    const { clock } = this.#options;
    const limit = Number.parseInt(headers.get('x-ratelimit-limit') ?? '', 10);
    if (!Number.isNaN(limit)) this.usage.limit = limit;
    const here = clock.now();
    const date = Date.parse(headers.get('date') ?? '');
    if (Number.isNaN(date)) return readRateLimitHeaders(headers, { wall: here });
    this.usage.date = { server: date, here };
    return readRateLimitHeaders(headers, { wall: here, server: this.#serverClock.read(date, clock.monotonic()) });
  }

  #timed(trouble: AttemptError, { retryAfterMs = 0 }: RateLimitHeaders): AttemptError {
    if (retryAfterMs === 0) return trouble;
    this.#traffic.delay(retryAfterMs);
    return new AttemptError(trouble.message, { ...trouble.facts, hasRetryAfter: true });
  }

  /** What is thrown for the trouble: everybody's end when with it the API counts as down. */
  #note(call: Call, trouble: AttemptError): AttemptError | StopError {
    if (trouble.facts.arrived) call.hasArrived = true;
    this.#hasFailed = true;
    const { clock, random } = this.#options;
    const next = this.#outage.onFailure(clock.monotonic(), random(), trouble.message);
    if (next instanceof StopError) return this.#traffic.stop(next);
    if (next > 0) this.#traffic.pause(next);
    return trouble;
  }

  /** One by one until the key has proved good, so that a refused key costs one call; and again while everything fails. */
  #isCautious(): boolean {
    return (this.#refused !== undefined && !this.#hasFailed) || this.#outage.isProbing;
  }

  /** Headers such as a trace id may echo the key; bodies are masked where they are read. */
  #masked(understood: DecodedResponse): DecodedResponse {
    const mask = (text: string) => redact(this.#options.key, text);
    const { requestId } = understood.answer;
    const answer = { ...understood.answer, ...(requestId === undefined ? {} : { requestId: mask(requestId) }) };
    if (understood.error === undefined) return { ...understood, answer };
    const masked = Object.entries(understood.error).map(([name, text]) => [name, mask(String(text))]);
    return { ...understood, answer, error: Object.fromEntries(masked) };
  }
}

function answered({ attempts, ambiguous, understood }: Call): Reply {
  if (understood === undefined) throw new Error('bug: a call ended without an answer');
  const { answer, error } = understood;
  return { kind: 'answer', attempts, ambiguous, answer, ...(error === undefined ? {} : { error }) };
}

function unanswered({ attempts, ambiguous, hasArrived }: Call, { message, facts }: AttemptError): Reply {
  if (!hasArrived) return { kind: 'unsent', attempts, ambiguous: false, why: message };
  const status = facts.status === undefined ? {} : { status: facts.status };
  const error = facts.error === undefined ? {} : { error: facts.error };
  return { kind: 'lost', attempts, ambiguous, why: message, ...status, ...error };
}
