// A `fetch` built on undici's `request`: several times cheaper than the built-in one, with our connections, proxy and limits. No retries, no pacing.
import type { Socket } from 'node:net';
import {
  Agent,
  type buildConnector,
  buildConnector as connectorOf,
  type Dispatcher,
  EnvHttpProxyAgent,
  Pool,
  request,
} from 'undici';
import type { Context } from '../context.ts';
import { LeaversError } from '../errors.ts';
import { maxBodyBytes } from './attempt.ts';

export interface Transport {
  readonly fetch: typeof fetch;
  close(): Promise<void>;
}

export interface TransportOptions {
  /** Connections to keep, as many as requests may be under way. */
  readonly connections: number;
  /** HTTPS_PROXY and NO_PROXY are read from it. */
  readonly env: Context['env'];
  /** Used in place of connections. */
  readonly fetch?: typeof fetch | undefined;
}

/**
 * Opens connections as they are needed. HTTP/1.1 with one request a connection at a time: on HTTP/2 and with pipelining one slow answer
 * would hold up the others. Headers and body have no timeouts here, because the deadline of the attempt covers both.
 * Throws LeaversError `config` when HTTPS_PROXY is not a URL.
 */
export function openTransport({ connections, env, fetch: replacement }: TransportOptions): Transport {
  if (replacement !== undefined) return { fetch: replacement, close: async () => {} };
  const kept = openDispatcher({ connections, pipelining: 1, keepAliveTimeout: keepAliveMs }, env);
  // Without pipelining undici keeps no connection: each request opens one of its own.
  const fresh = openDispatcher({ connections, pipelining: 0 }, env);
  return {
    fetch: (input, init = {}) =>
      send(input, init, new Headers(init.headers).get('connection') === 'close' ? fresh : kept),
    close: async () => {
      await Promise.all([kept.destroy(), fresh.destroy()]);
    },
  };
}

/** Longer than the gaps of a slow pace, shorter than servers usually keep an idle connection. */
const keepAliveMs = 30_000;
const connectMs = 10_000;

function openDispatcher(options: Agent.Options, env: Context['env']): Dispatcher {
  // Certificates are always checked, whatever NODE_TLS_REJECT_UNAUTHORIZED says: the key goes through here.
  const connect = { timeout: connectMs, rejectUnauthorized: true };
  const limits = { allowH2: false, headersTimeout: 0, bodyTimeout: 0, maxResponseSize: maxBodyBytes };
  const all = { ...options, ...limits, connect, factory: skipContinue };
  const httpsProxy = env['https_proxy'] || env['HTTPS_PROXY'];
  if (httpsProxy === undefined || httpsProxy === '') return new Agent(all);
  const proxy = URL.parse(httpsProxy);
  if (proxy === null || !/^https?:$/.test(proxy.protocol)) {
    throw new LeaversError('config', 'HTTPS_PROXY is not a URL; give one like http://proxy.example.com:3128');
  }
  // Plain http goes to loopback only, and never through a proxy.
  return new EnvHttpProxyAgent({
    ...all,
    // Behind a proxy undici does not use `connect`: these check the certificates of the target and of the proxy itself.
    requestTls: connect,
    proxyTls: connect,
    httpProxy: '',
    httpsProxy,
    noProxy: env['no_proxy'] || env['NO_PROXY'] || '',
  });
}

async function send(input: string | URL | Request, init: RequestInit, dispatcher: Dispatcher): Promise<Response> {
  const { statusCode, headers, body } = await request(input instanceof Request ? input.url : input, {
    dispatcher,
    method: init.method ?? 'GET',
    headers: init.headers as Record<string, string>,
    body: (init.body as string | undefined) ?? null,
    signal: init.signal ?? null,
  });
  try {
    return new UndiciResponse(body, { status: statusCode, headers: pairsOf(headers) });
  } catch (error) {
    body.destroy();
    throw error;
  }
}

function pairsOf(headers: Dispatcher.ResponseData['headers']): [string, string][] {
  return Object.entries(headers).flatMap(([name, value = []]) =>
    typeof value === 'string' ? [[name, value]] : value.map((one): [string, string] => [name, one]),
  );
}

/** A Response that returns undici's body unchanged, because wrapping it in another stream would cost more than the request. */
class UndiciResponse extends Response {
  readonly #source: Dispatcher.ResponseData['body'];

  constructor(source: Dispatcher.ResponseData['body'], init: ResponseInit) {
    super(null, init);
    this.#source = source;
  }

  override get body(): Response['body'] {
    return this.#source.body as unknown as Response['body'];
  }

  override text(): Promise<string> {
    return this.#source.text();
  }
}

const continueHead = Buffer.from('HTTP/1.1 100');
const headEnd = '\r\n\r\n';

/**
 * Connections to an origin, as undici's own factory makes them. A server may send 1xx responses before the real one (RFC 9110, 15.2).
 * undici passes over all but 100, because it never asks for it; some gateways send it all the same, and the answer after it would be lost.
 */
function skipContinue(origin: string | URL, options: object): Pool {
  const { connect } = options as { connect?: buildConnector.BuildOptions | buildConnector.connector };
  const open = typeof connect === 'function' ? connect : connectorOf({ allowH2: false, ...connect });
  return new Pool(origin, {
    ...options,
    connect: (target, done) =>
      open(target, (...[error, socket]) => (error === null ? done(null, dropContinue(socket)) : done(error, null))),
  });
}

/** Removes the heads of 100 responses from the data. */
function dropContinue<S extends Socket>(socket: S): S {
  const read = socket.read.bind(socket) as (size?: number) => Buffer | null;
  let held = Buffer.alloc(0);
  socket.read = (size?: number) => {
    for (let chunk = read(size); chunk !== null; chunk = read(size)) {
      held = Buffer.concat([held, chunk]);
      while (isContinue(held) && held.includes(headEnd)) held = held.subarray(held.indexOf(headEnd) + headEnd.length);
      if (held.length === 0 || isContinue(held)) continue;
      const passed = held;
      held = Buffer.alloc(0);
      return passed;
    }
    return null;
  };
  return socket;
}

/** Begins as a 100 response, or may still do so. */
function isContinue(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, continueHead.length);
  return length > 0 && bytes.subarray(0, length).equals(continueHead.subarray(0, length));
}
