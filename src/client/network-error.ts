// Translates errors of sockets, TLS, HTTP parsers and proxies into messages of ours; foreign errors may hold the Authorization header.
import { StopError } from '../errors.ts';
import type { ErrorDetail } from '../model.ts';
import { sanitize } from '../text/sanitize.ts';

/** Facts about an attempt without a usable response. */
export interface AttemptFacts {
  /** The request may have reached the organization. */
  readonly arrived: boolean;
  readonly status?: number;
  readonly error?: ErrorDetail;
}

/** An attempt without a usable response. Thrown inside client/ only. */
export class AttemptError extends Error {
  override readonly name = 'AttemptError';
  readonly facts: AttemptFacts;

  constructor(why: string, facts: AttemptFacts) {
    super(why);
    this.facts = facts;
  }
}

/** Error codes before a connection was established, with our messages. */
const notSentCodes: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the host name cannot be found',
  EAI_AGAIN: 'the host name cannot be resolved at the moment',
  ECONNREFUSED: 'the connection was refused',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  UND_ERR_CONNECT_TIMEOUT: 'no connection within the timeout',
};

/** Error codes after which the request may have arrived, with our messages. */
const lostCodes: Readonly<Record<string, string>> = {
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_SOCKET: 'the connection was closed without a response',
  UND_ERR_HEADERS_TIMEOUT: 'no response within the timeout',
  UND_ERR_BODY_TIMEOUT: 'the response stalled',
  UND_ERR_HEADERS_OVERFLOW: 'the response headers are too large',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the response length does not match its Content-Length',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'the response is too large',
  ERR_STREAM_PREMATURE_CLOSE: 'the response ended early',
};

const tlsCodes = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|EPROTO$|ERR_OSSL)/;

interface ErrorFields {
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/**
 * A failure of `fetch` as an AttemptError. Throws StopError `config` for failures that a retry can't fix: certificates, TLS versions,
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
  if (code !== undefined && tlsCodes.test(code)) {
    throw new StopError(
      'config',
      `no trusted connection to the API (${sanitize(code, 60)}); check --base-url, the proxy, and NODE_EXTRA_CA_CERTS`,
    );
  }
  return errorOfCode(code, chain);
}

function errorOfCode(code: string | undefined, chain: readonly ErrorFields[]): AttemptError {
  if (code === undefined) return new AttemptError('no usable response', { arrived: true });
  const shown = sanitize(code, 60);
  if (notSentCodes[code] !== undefined) return new AttemptError(`${notSentCodes[code]} (${shown})`, { arrived: false });
  const arrived = !chain.some(isBeforeConnected);
  return new AttemptError(
    `${lostCodes[code] ?? (code.startsWith('HPE_') ? 'the answer is not HTTP' : 'no usable response')} (${shown})`,
    { arrived },
  );
}

/** A reset or timeout while connecting or in the TLS handshake: no byte of the request had left. */
function isBeforeConnected({ syscall, message }: ErrorFields): boolean {
  return syscall === 'connect' || /before secure TLS connection was established/.test(String(message));
}

/** The error, its causes and the parts of an aggregate, outermost first. The depth is limited. */
function chainOf(error: unknown, depth = 0): ErrorFields[] {
  if (typeof error !== 'object' || error === null || depth > 6) return [];
  const fields: ErrorFields = error;
  const { cause, errors } = fields;
  const parts = Array.isArray(errors) ? errors.slice(0, 4) : [];
  return [fields, ...[cause, ...parts].flatMap((each) => chainOf(each, depth + 1))];
}
