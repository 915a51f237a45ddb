// Serves the simulated organization over HTTP on loopback, where connections can really break. sandbox.ts creates the responses.
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { LeaversError } from '../../errors.ts';
import type { Broken } from '../faults.ts';
import type { Sandbox } from '../sandbox.ts';

/** Longer than any pause of a paced client, so that no request arrives on a connection that the server is closing. */
const keepAliveMs = 120_000;

export interface Served {
  /** The base address, ending in `/admin`. */
  readonly url: string;
  readonly port: number;
  /** Stops listening and cuts open connections. */
  close(): Promise<void>;
}

/** Serves on 127.0.0.1; port 0 picks a free one. Throws LeaversError `usage` when the port is not available. */
export async function serveSandbox(
  sandbox: Sandbox,
  { port, host = '127.0.0.1' }: { port: number; host?: '127.0.0.1' },
): Promise<Served> {
  const server = createAdaptorServer({
    fetch: async (request, env) => {
      const answer = await sandbox.answer(request);
      return 'broken' in answer ? endings[answer.broken]((env as HttpBindings).outgoing, answer) : answer;
    },
    serverOptions: { keepAliveTimeout: keepAliveMs },
  }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new LeaversError(
          'usage',
          `can't listen on port ${port} (${error.code}); choose another with --port, or 0 for a free one`,
        ),
      ),
    );
    server.listen(port, host, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return { url: `http://${host}:${taken}/admin`, port: taken, close: () => shut(server) };
}

function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

type Ending = (outgoing: ServerResponse, broken: Broken) => Response | Promise<Response>;

const endings: Readonly<Record<Broken['broken'], Ending>> = {
  reset: ({ socket }) => {
    socket?.resetAndDestroy();
    return RESPONSE_ALREADY_SENT;
  },
  close: ({ socket }) => {
    socket?.destroy();
    return RESPONSE_ALREADY_SENT;
  },
  hang: () => new Promise<Response>(() => {}),
  stall: (outgoing, broken) => {
    sendPart(outgoing, broken);
    return RESPONSE_ALREADY_SENT;
  },
  truncate: (outgoing, broken) => {
    sendPart(outgoing, broken, () => outgoing.socket?.destroy());
    return RESPONSE_ALREADY_SENT;
  },
};

/** Announces more bytes than it sends. */
function sendPart(outgoing: ServerResponse, { status, headers, part }: Broken, then?: () => void): void {
  outgoing.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(part) * 2 + 1) });
  outgoing.write(part, then);
}
