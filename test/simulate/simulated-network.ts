// The way to the organization: a `fetch` that loses, delays, doubles and breaks what the seed says.
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { Sent } from './cast.ts';
import type { Random } from './random.ts';
import type { Run } from './run-state.ts';
import { type Fate, fates, type Trouble } from './trouble.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Hears about every request. */
export interface Witness {
  /** A request leaves. */
  leaves(run: Run, sent: Sent): number;
  /** The organization has answered the request with this number. */
  arrives(number: number, status: number): void;
  /** The caller has an answer, an error, or has given up. */
  settles(run: Run, number: number, end: { readonly status?: number; readonly isCertain: boolean }): void;
}

export interface NetworkOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly sandbox: Sandbox;
  readonly trouble: Trouble;
  readonly witness: Witness;
}

const failure = (code: string, more: object = {}) =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code, ...more }) });
const notConnected = () => failure('ECONNREFUSED', { syscall: 'connect' });

interface Waiting {
  readonly run: Run;
  readonly number: number;
  readonly fate: Fate | 'storm' | 'well';
  readonly signal: AbortSignal | undefined;
}

type Ends = { readonly response: Response } | { readonly error: Error };

export class SimulatedNetwork {
  readonly #options: NetworkOptions;
  /** Calm: nothing goes wrong. */
  isCalm = false;

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  /** The `fetch` of one run. */
  fetchOf(run: Run): typeof fetch {
    return async (input, init = {}) => this.#send(run, input as string, init);
  }

  #send(run: Run, address: string, init: RequestInit): Promise<Response> {
    if (run.isDead) throw notConnected();
    run.requests += 1;
    const { incident } = run;
    const isHit = incident.kind === 'crash' && incident.on === 'request' && incident.at === run.requests;
    if (isHit && !incident.after) {
      run.die(`request ${run.requests}, before it leaves`);
      throw notConnected();
    }
    const request = new Request(address, plain(init));
    const text = (init.body as string | undefined) ?? '';
    const url = new URL(request.url);
    const path = decodeURIComponent(url.pathname).replace(/^\/admin(?=\/)/, '');
    const fate = this.#fate();
    const number = this.#options.witness.leaves(run, { method: request.method, path, body: text });
    run.note(`request ${number} ${request.method} ${path}${url.search} ${text} ${fate}`);
    if (isHit) run.die(`request ${run.requests}, after it left`);
    this.#signalAt(run);
    const ends = this.#carry(number, request, fate);
    return this.#await({ run, number, fate, signal: init.signal ?? undefined }, ends);
  }

  /** The caller's side: an answer, an error, or an abort, whichever comes first. */
  async #await({ run, number, fate, signal }: Waiting, ends: Promise<Ends>): Promise<Response> {
    const { witness } = this.#options;
    const end = await Promise.race([ends, aborted(signal)]);
    if (run.isDead) throw notConnected();
    if ('error' in end) {
      witness.settles(run, number, { isCertain: fate === 'refused' });
      throw end.error;
    }
    const { status } = end.response;
    const isReadable = fate !== 'garbled' && fate !== 'truncated';
    run.note(`answer ${number} ${status}`);
    if (status === 401) run.isRefused = true;
    run.hasUnreadable ||= !isReadable;
    witness.settles(run, number, { status, isCertain: status < 500 && isReadable && fate !== 'page' });
    return end.response;
  }

  #fate(): Fate | 'storm' | 'well' {
    const { random, trouble, time } = this.#options;
    if (this.isCalm) return 'well';
    if (trouble.storms.some(({ from, to }) => from <= time.now && time.now < to)) return 'storm';
    return trouble.chances.find(([, chance]) => random.chance(chance))?.[0] ?? 'well';
  }

  /** The way there and back. */
  async #carry(number: number, request: Request, fate: Fate | 'storm' | 'well'): Promise<Ends> {
    const { random, time, witness } = this.#options;
    const there = random.int(1, 150);
    const back = random.int(1, 150);
    await time.sleep(fate === 'late' ? random.int(2000, 60_000) : there);
    if (fate === 'refused') return { error: notConnected() };
    if (fate === 'cut') return { error: failure('ECONNRESET') };
    if (fate === 'swallowed') return never();
    const isCarriedOut = fate === 'well' || (fate !== 'storm' && fates[fate].arrives);
    const answer = isCarriedOut ? await this.#ask(number, request, fate === 'doubled') : undefined;
    if (answer !== undefined) witness.arrives(number, answer.status);
    await time.sleep(back);
    if (fate === 'silent') return never();
    if (fate === 'lost') return { error: failure('UND_ERR_SOCKET') };
    return { response: await this.#respond(fate, answer) };
  }

  async #ask(number: number, request: Request, twice: boolean): Promise<Response> {
    const { sandbox } = this.#options;
    const first = twice ? await sandbox.fetch(request.clone()) : undefined;
    if (first !== undefined) this.#options.witness.arrives(number, first.status);
    return sandbox.fetch(request);
  }

  async #respond(fate: Fate | 'storm' | 'well', answer: Response | undefined): Promise<Response> {
    const { random } = this.#options;
    if (fate === 'storm') return new Response('{}', { status: 429, headers: this.#waitHeaders() });
    if (fate === 'unauthorized') return new Response('{"code":401,"message":"Unauthorized"}', { status: 401 });
    if (fate === 'page')
      return new Response('<!doctype html><title>Sign in</title>', {
        status: 200,
        headers: { 'content-type': 'text/html' },
      });
    if (fate === 'error' || fate === 'unavailable')
      return new Response('upstream', {
        status: random.pick([500, 502, 503, 504]),
        headers: random.chance(0.3) ? this.#waitHeaders() : {},
      });
    if (answer === undefined) throw new Error(`${fate} needs an answer`);
    if (fate !== 'garbled' && fate !== 'truncated') return answer;
    const body = await answer.text();
    const half = body.slice(0, Math.ceil(body.length / 2));
    const init = { status: answer.status === 204 ? 200 : answer.status, headers: answer.headers };
    return new Response(fate === 'garbled' ? half : broken(half), init);
  }

  #waitHeaders(): Record<string, string> {
    const { random } = this.#options;
    return random.pick<Record<string, string>>([
      {},
      { 'retry-after': String(random.int(0, 20)) },
      { 'x-ratelimit-retry-after': '3' },
    ]);
  }

  #signalAt(run: Run): void {
    const { incident } = run;
    if (incident.kind !== 'signal' || incident.at !== run.requests) return;
    // A signal comes between two turns of the event loop, never in the middle of one.
    this.#options.time.after(0, () => run.onSignal?.(incident.signal, incident.twice));
  }
}

function plain({ method, headers, body }: RequestInit): RequestInit {
  const kept = Object.entries((headers ?? {}) as Record<string, string>).filter(([name]) => name !== 'connection');
  return { method: method ?? 'GET', headers: kept, ...(body === undefined ? {} : { body }) };
}

/** Ends when the caller gives up. */
function aborted(signal: AbortSignal | undefined): Promise<Ends> {
  return new Promise((resolve) => {
    const end = () => resolve({ error: signal?.reason as Error });
    if (signal?.aborted === true) end();
    signal?.addEventListener('abort', end, { once: true });
  });
}

const never = () => new Promise<never>(() => {});

/** A body that ends with an error in the middle. */
function broken(text: string): ReadableStream {
  return new ReadableStream({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode(text));
      controller.error(failure('UND_ERR_SOCKET'));
    },
  });
}
