// Scripted faults: which request a fault affects, and what is returned instead of the response. server.ts implements the kinds that need a socket.
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { sentences } from './state-file.ts';

const pattern = z.string().refine(isPattern, 'a regular expression is needed');

const faultSchema = z.strictObject({
  /** All given fields must match. `path` and `body` are sources of regular expressions; a path starts at `/v1` or `/v2`. */
  match: z
    .strictObject({
      method: z.enum(['GET', 'POST', 'DELETE', 'PUT', 'PATCH']).exactOptional(),
      path: pattern.exactOptional(),
      body: pattern.exactOptional(),
      /** Only the nth matching request, from 1. */
      nth: z.int().min(1).exactOptional(),
      /** Interval, in matching requests. */
      every: z.int().min(1).exactOptional(),
    })
    .default({}),
  /** Most times that it applies. Default: unlimited. */
  times: z.int().min(1).exactOptional(),
  /** Process the request first, so that the change is made and its response lost. */
  after: z.boolean().default(false),
  kind: z.enum(['status', 'html', 'empty', 'garbled', 'slow', 'reset', 'close', 'hang', 'stall', 'truncate']),
  /** Status of `status` (default 500), `html`, `empty`, `garbled`, `stall` and `truncate` (default 200). */
  status: z.int().min(200).max(599).exactOptional(),
  headers: z.record(z.string(), z.string()).default({}),
  /** Text is sent unchanged, anything else as JSON. */
  body: z.unknown().optional(),
  /** Delay before anything else; `slow` is only that. */
  delayMs: z.number().min(0).default(0),
});

/** The schema documents the fields. */
export type Fault = z.input<typeof faultSchema>;
type Script = z.output<typeof faultSchema>;

/** Endings that are not an HTTP response. `head` and `part` are sent before (`stall`, `truncate`). */
export interface Broken {
  readonly broken: 'reset' | 'close' | 'hang' | 'stall' | 'truncate';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly part: string;
}

export interface FaultRequest {
  readonly method: string;
  readonly path: string;
  readonly text: string;
}

/** A fault that applies to a request. */
export interface FaultHit {
  readonly after: boolean;
  readonly delayMs: number;
  /** The replacement; undefined means the normal response. `answer` is present when the request was processed. */
  readonly instead: (answer: Response | undefined) => Promise<Response | Broken | undefined>;
}

/** Reads a list of faults; throws InputError that lists what is wrong. */
export function parseFaults(json: unknown, where: string): Fault[] {
  const parsed = z.array(faultSchema).safeParse(json);
  if (parsed.success) return parsed.data;
  throw new InputError(sentences(parsed.error, json, where));
}

/** A script with its counters; the first matching fault applies. */
export function openFaults(faults: readonly Fault[]): (request: FaultRequest) => FaultHit | undefined {
  const scripts = z.array(faultSchema).parse(faults).map(openOne);
  return (request) => {
    const hits = scripts.map((script) => script(request));
    return hits.find((strike) => strike !== undefined);
  };
}

function openOne(fault: Script): (request: FaultRequest) => FaultHit | undefined {
  const { match, times = Number.POSITIVE_INFINITY } = fault;
  const [path, body] = [new RegExp(match.path ?? ''), new RegExp(match.body ?? '')];
  let [fitting, struck] = [0, 0];
  return (request) => {
    if ((match.method ?? request.method) !== request.method || !path.test(request.path) || !body.test(request.text))
      return undefined;
    fitting += 1;
    if ((match.nth ?? fitting) !== fitting || fitting % (match.every ?? 1) !== 0 || struck >= times) return undefined;
    struck += 1;
    return { after: fault.after, delayMs: fault.delayMs, instead: (answer) => instead(fault, answer) };
  };
}

async function instead(fault: Script, answer: Response | undefined): Promise<Response | Broken | undefined> {
  const { kind, headers } = fault;
  if (kind === 'slow') return undefined;
  if (kind === 'status' || kind === 'html' || kind === 'empty') return response(fault);
  const text =
    fault.body === undefined && answer
      ? await answer.text()
      : bodyText(fault, '{"data":[{"accountId":"557058:0000"}]}');
  const status = fault.status ?? answer?.status ?? 200;
  const part = text.slice(0, Math.ceil(text.length / 2));
  const sent = { 'content-type': 'application/json', ...headers };
  if (kind === 'garbled') return new Response(part, { status: bodyless.has(status) ? 200 : status, headers: sent });
  return { broken: kind, status: bodyless.has(status) ? 200 : status, headers: sent, part };
}

const bodyless: ReadonlySet<number> = new Set([204, 205, 304]);

function response(fault: Script): Response {
  const { kind, headers, status = kind === 'status' ? 500 : 200 } = fault;
  if (kind === 'empty' || bodyless.has(status)) return new Response(null, { status, headers });
  const type = kind === 'html' ? 'text/html; charset=utf-8' : 'application/json';
  const page = '<!doctype html><title>Just a moment</title><p>Please stand by';
  return new Response(bodyText(fault, kind === 'html' ? page : errorBody(status)), {
    status,
    headers: { 'content-type': type, ...headers },
  });
}

function bodyText({ body }: Script, otherwise: string): string {
  if (body === undefined) return otherwise;
  return typeof body === 'string' ? body : JSON.stringify(body);
}

/** The gateway's envelope for 401 and 429, the API's for the rest. */
function errorBody(status: number): string {
  if (status === 401 || status === 429) return JSON.stringify({ code: status, message: 'A scripted fault' });
  return JSON.stringify({
    errors: [
      {
        id: 'fault',
        status: String(status),
        code: `ADMIN-${status}-1`,
        title: 'A scripted fault',
        detail: 'This answer was scripted',
      },
    ],
  });
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}
