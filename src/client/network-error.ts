// Translates errors of sockets, TLS, HTTP parsers and proxies into messages of ours; foreign errors may hold the Authorization header.
import { StopError } from '../errors.ts';
import type { ErrorDetail } from '../model.ts';
import { sanitize } from '../text/sanitize.ts';

/** What is known of an attempt without a usable answer. */
export interface AttemptFacts {
  /** The request may have reached the organization. */
  readonly arrived: boolean;
  readonly status?: number;
  readonly error?: ErrorDetail;
}

/** An attempt that brought no usable answer. Thrown inside client/ only. */
export class AttemptError extends Error {
  override readonly name = 'AttemptError';
  readonly facts: AttemptFacts;

  constructor(why: string, facts: AttemptFacts) {
    super(why);
    this.facts = facts;
  }
}

/** Codes of failures before a connection stood, and what they mean. */
const unsent: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the host name cannot be found',
  EAI_AGAIN: 'the host name cannot be looked up now',
  ECONNREFUSED: 'the connection was refused',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
};

/** Codes of failures after which the request may have arrived. */
const lost: Readonly<Record<string, string>> = {
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_SOCKET: 'the connection was closed without an answer',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'the answer stalled',
  UND_ERR_HEADERS_OVERFLOW: 'the answer has more header bytes than any real one',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the answer is shorter or longer than it says',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'the answer is longer than any real one',
  ERR_STREAM_PREMATURE_CLOSE: 'the answer broke off',
};

const tls = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|EPROTO$|ERR_OSSL)/;

interface Seen {
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/**
 * A failure of `fetch` as an AttemptError. Throws StopError `config` for what no repetition mends: certificates, TLS versions,
 * a proxy that refuses.
 */
export function toAttemptError(error: unknown): AttemptError {
  if (error instanceof AttemptError || error instanceof StopError) throw error;
  const chain = chainOf(error);
  const code = chain.map((each) => each.code).find((each) => typeof each === 'string');
  const proxy = chain
    .map(({ message }) => /proxy response \((\d+)\)/i.exec(String(message)))
    .find((found) => found !== null);
  if (proxy !== undefined) {
    throw new StopError(
      'config',
      `the proxy refuses to connect (HTTP ${proxy[1]}); check HTTPS_PROXY and its user name and password`,
    );
  }
  if (code !== undefined && tls.test(code)) {
    throw new StopError(
      'config',
      `no trusted connection to the API (${sanitize(code, 60)}); check --base-url, the proxy, and NODE_EXTRA_CA_CERTS`,
    );
  }
  return sorted(code, chain);
}

function sorted(code: string | undefined, chain: readonly Seen[]): AttemptError {
  if (code === undefined) return new AttemptError('no usable answer', { arrived: true });
  const shown = sanitize(code, 60);
  if (unsent[code] !== undefined) return new AttemptError(`${unsent[code]} (${shown})`, { arrived: false });
  const arrived = !chain.some(isBeforeConnected);
  return new AttemptError(
    `${lost[code] ?? (code.startsWith('HPE_') ? 'the answer is not HTTP' : 'no usable answer')} (${shown})`,
    { arrived },
  );
}

/** A reset or timeout while connecting or in the TLS handshake: no byte of the request had left. */
function isBeforeConnected({ syscall, message }: Seen): boolean {
  return syscall === 'connect' || /before secure TLS connection was established/.test(String(message));
}

/** The error, its causes and the parts of an aggregate, outermost first; no deeper than any real one. */
function chainOf(error: unknown, depth = 0): Seen[] {
  if (typeof error !== 'object' || error === null || depth > 6) return [];
  const seen: Seen = error;
  const { cause, errors } = seen;
  const parts = Array.isArray(errors) ? errors.slice(0, 4) : [];
  return [seen, ...[cause, ...parts].flatMap((each) => chainOf(each, depth + 1))];
}
