// skipContinue: a factory of connections that pass over `100 Continue`, which undici takes for the end of the connection.
import type { Socket } from 'node:net';
import { type buildConnector, buildConnector as connectorOf, Pool } from 'undici';

const start = Buffer.from('HTTP/1.1 100');
const end = '\r\n\r\n';

/**
 * Connections to an origin, as undici's own factory makes them. A server may send 1xx responses before the real one (RFC 9110, 15.2).
 * undici passes over all but 100, because it never asks for it; some gateways send it all the same, and the answer after it would be lost.
 */
export function skipContinue(origin: string | URL, options: object): Pool {
  const { connect } = options as { connect?: buildConnector.BuildOptions | buildConnector.connector };
  const open = typeof connect === 'function' ? connect : connectorOf({ allowH2: false, ...connect });
  return new Pool(origin, {
    ...options,
    connect: (target, done) =>
      open(target, (...[error, socket]) => (error === null ? done(null, passOver(socket)) : done(error, null))),
  });
}

/** Takes the heads of 100 responses out of what is read. */
function passOver<S extends Socket>(socket: S): S {
  const read = socket.read.bind(socket) as (size?: number) => Buffer | null;
  let held = Buffer.alloc(0);
  socket.read = (size?: number) => {
    for (let chunk = read(size); chunk !== null; chunk = read(size)) {
      held = Buffer.concat([held, chunk]);
      while (isContinue(held) && held.includes(end)) held = held.subarray(held.indexOf(end) + end.length);
      if (held.length === 0 || isContinue(held)) continue;
      const rest = held;
      held = Buffer.alloc(0);
      return rest;
    }
    return null;
  };
  return socket;
}

/** Begins as a 100 response, or may still do so. */
function isContinue(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, start.length);
  return length > 0 && bytes.subarray(0, length).equals(start.subarray(0, length));
}
