// The simulated organization as a function from request to response: ledger, key, rate limit, faults, routes. server.ts has the sockets.
import type { Hono } from 'hono';
import type { Generation } from '../model.ts';
import { type AuditLog, type AuditOptions, openAuditLog } from './audit-log.ts';
import { openControl } from './http/control-routes.ts';
import { openDelayedEffects, type DelayedEffects } from './delayed-effects.ts';
import { openFaults, type Broken, type Fault, type FaultHit } from './faults.ts';
import { openLimits, type RateLimit } from './rate-limit.ts';
import { snapshot } from './organization.ts';
import { proxyError } from './http/api-errors.ts';
import { openRoutes } from './http/routes.ts';
import type { OrgState } from './state-file.ts';
import type { Env } from './http/request.ts';
import { idFrom } from './roles-and-ids.ts';

export { parseOrgState } from './state-file.ts';

export interface SandboxOptions {
  /** Epoch ms. */
  readonly clock: { now(): number };
  sleep(ms: number): Promise<void>;
  /** Served generations. Default: both. Routes of the other one are answered with 404. */
  readonly generations?: readonly Generation[];
  /** Default: no limit. The headers are always sent. */
  readonly rate?: RateLimit;
  readonly faults?: readonly Fault[];
  /** The accepted bearer key. Default: `sandbox`. */
  readonly key?: string;
  /** Delay until readers see a change. Default: 0. */
  readonly effectDelayMs?: number;
  /** How long a removed person stays in the deletion queue, visible to readers. Default: 0. */
  readonly deletionDelayMs?: number;
  readonly audit?: AuditOptions;
}

/** One request that reached the organization, in the order of arrival. */
export interface LedgerEntry {
  /** Epoch ms of arrival. */
  readonly at: number;
  readonly method: string;
  /** As sent, from `/v1` or `/v2` on. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Parsed when it is JSON, else text; undefined when empty. */
  readonly body: unknown;
  /** The status of the response; 0 until it is sent, and when the connection was broken. */
  readonly status: number;
  /** A change was processed, whatever the response was and even if it had no effect. */
  readonly applied: boolean;
  /** The change was effective. */
  readonly changed: boolean;
}

export interface Sandbox {
  /** Rejects like a network error where a socket would break. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Like `fetch`, but returns how to break the connection. */
  readonly answer: (request: Request) => Promise<Response | Broken>;
  readonly ledger: readonly LedgerEntry[];
  /** A copy in the form of the state file. */
  state(): OrgState;
}

type Entry = { -readonly [K in keyof LedgerEntry]: LedgerEntry[K] };

interface Parts {
  readonly options: SandboxOptions;
  readonly effects: DelayedEffects;
  readonly auditLog: AuditLog;
  readonly routes: Hono<Env>;
  readonly ledger: Entry[];
  readonly pass: ReturnType<typeof openLimits>;
  faults: ReturnType<typeof openFaults>;
}

/** Opens an organization on a copy of the state. */
export function openSandbox(state: OrgState, options: SandboxOptions): Sandbox {
  const { clock, effectDelayMs = 0, deletionDelayMs = 0, generations = ['v1', 'v2'] } = options;
  const parts: Parts = {
    options,
    effects: openDelayedEffects(state, {
      now: () => clock.now(),
      effectMs: effectDelayMs,
      deletionMs: deletionDelayMs,
    }),
    auditLog: openAuditLog(options.audit),
    routes: openRoutes(generations),
    ledger: [],
    pass: openLimits(options.rate, clock),
    faults: openFaults(options.faults ?? []),
  };
  const copy = () => snapshot(parts.effects.truth);
  const control = openControl({
    state: copy,
    ledger: () => parts.ledger,
    setFaults: (faults) => {
      parts.faults = openFaults(faults);
    },
  });
  const answer = (request: Request) =>
    new URL(request.url).pathname.startsWith('/_sandbox/') ? control(request) : receive(parts, request);
  return {
    answer,
    fetch: async (request) => asNetwork(await answer(request), request),
    ledger: parts.ledger,
    state: copy,
  };
}

/** Every response has headers: rate limit, trace, and a date by the sandbox's clock. */
async function receive(parts: Parts, request: Request): Promise<Response | Broken> {
  const text = await request.text();
  const entry = enter(parts, request, text);
  const requestId = idFrom(`request ${parts.ledger.length}`);
  const { allowed, headers } = parts.pass();
  const answer = await respond(parts, { request, text, entry, requestId, allowed });
  if ('broken' in answer) return answer;
  entry.status = answer.status;
  const date = { date: new Date(entry.at).toUTCString(), 'atl-traceid': requestId.replaceAll('-', '') };
  for (const [name, value] of Object.entries({ ...headers, ...date })) {
    if (!answer.headers.has(name)) answer.headers.set(name, value);
  }
  return answer;
}

interface Arrival {
  readonly request: Request;
  readonly text: string;
  readonly entry: Entry;
  readonly requestId: string;
  readonly allowed: boolean;
}

function enter({ ledger, options }: Parts, request: Request, text: string): Entry {
  const { pathname, searchParams } = new URL(request.url);
  const entry: Entry = {
    at: options.clock.now(),
    method: request.method,
    path: pathname.replace(/^\/admin(?=\/)/, ''),
    query: Object.fromEntries(searchParams),
    body: parse(text),
    status: 0,
    applied: false,
    changed: false,
  };
  ledger.push(entry);
  return entry;
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function respond(parts: Parts, arrival: Arrival): Promise<Response | Broken> {
  const { request, entry, text, allowed } = arrival;
  if (request.headers.get('authorization') !== `Bearer ${parts.options.key ?? 'sandbox'}`)
    return proxyError(401, 'Unauthorized');
  if (!allowed) return proxyError(429, 'Rate limit exceeded');
  const strike = parts.faults({ method: entry.method, path: entry.path, text });
  return strike === undefined ? route(parts, arrival) : struck(parts, arrival, strike);
}

async function struck(
  parts: Parts,
  arrival: Arrival,
  { after, delayMs, instead }: FaultHit,
): Promise<Response | Broken> {
  const answer = after ? await route(parts, arrival) : undefined;
  if (delayMs > 0) await parts.options.sleep(delayMs);
  const scripted = await instead(answer);
  // Marks a scripted response, for other tools and tests.
  if (scripted !== undefined && !('broken' in scripted)) scripted.headers.set('x-sandbox-fault', '1');
  return scripted ?? answer ?? route(parts, arrival);
}

async function route(
  { routes, effects, auditLog }: Parts,
  { request, text, entry, requestId }: Arrival,
): Promise<Response> {
  const answer = await routes.fetch(request, {
    at: entry.at,
    requestId,
    text,
    isJson: /^application\/json\b/i.test(request.headers.get('content-type') ?? ''),
    truth: effects.truth,
    seen: effects.seen(),
    auditLog,
    apply: (change) => {
      if (change.changes) auditLog.record(change.audit, effects.truth, entry.at);
      effects.apply(change);
      entry.applied = true;
      entry.changed ||= change.changes;
    },
  });
  return answer;
}

/** The result as the real `fetch` would give it. */
function asNetwork(answer: Response | Broken, { signal }: Request): Promise<Response> {
  if (!('broken' in answer)) return Promise.resolve(answer);
  if (answer.broken === 'hang' || answer.broken === 'stall') {
    return new Promise((_, reject) => {
      if (signal.aborted) reject(signal.reason as Error);
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
  }
  const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  return Promise.reject(new TypeError('fetch failed', { cause }));
}
