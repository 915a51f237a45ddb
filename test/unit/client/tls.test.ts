// Certificates are checked on every path to a server, whatever NODE_TLS_REJECT_UNAUTHORIZED says.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer as createHttp, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTransport } from '../../../src/client/transport.ts';
import { withPings } from '../../../src/commands/monitoring/ping.ts';
import { path } from '../../support/scenario.ts';
import { world } from '../../support/context.ts';
import { cert, key } from '../../support/certificate.ts';

const received: string[] = [];
const tunnels: string[] = [];
const servers: Server[] = [];
const sockets: Socket[] = [];
const ports: Record<'target' | 'plain' | 'tls', number> = { target: 0, plain: 0, tls: 0 };

async function listen(server: Server): Promise<number> {
  servers.push(server.on('connection', (socket) => sockets.push(socket)));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return (server.address() as AddressInfo).port;
}

/** A proxy that opens each tunnel that it is asked for. */
function tunnelling(server: Server): Server {
  return server.on('connect', (request, socket) => {
    tunnels.push(request.url ?? '');
    const far = connect(ports.target, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      far.pipe(socket).pipe(far);
    });
    sockets.push(far.on('error', () => socket.destroy()));
    socket.on('error', () => far.destroy());
  });
}

beforeAll(async () => {
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  const target = createHttps({ cert, key }, (request, response) => {
    received.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`);
    response.writeHead(204).end();
  });
  ports.target = await listen(target);
  ports.plain = await listen(tunnelling(createHttp()));
  ports.tls = await listen(tunnelling(createHttps({ cert, key })));
});

afterAll(() => {
  delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  for (const server of servers) server.close();
  for (const socket of sockets) socket.destroy();
});

const proxies = [
  ['directly', () => ({})],
  ['through a proxy', () => ({ HTTPS_PROXY: `http://127.0.0.1:${ports.plain}` })],
  ['through a proxy that is self-signed itself', () => ({ HTTPS_PROXY: `https://127.0.0.1:${ports.tls}` })],
] as const;

describe('a self-signed server', () => {
  it.each(proxies)('never receives the key %s', async (_, env) => {
    const transport = openTransport({ connections: 1, env: env() });
    const sent = transport.fetch(`https://127.0.0.1:${ports.target}/`, { headers: { authorization: 'Bearer k' } });
    await expect(sent).rejects.toThrow(/self-signed/);
    await transport.close();
    expect(received).toEqual([]);
    expect(tunnels).toEqual(_ === 'through a proxy' ? [`127.0.0.1:${ports.target}`] : []);
    tunnels.length = 0;
  });

  it.each(proxies)('never receives a ping %s', async (_, env) => {
    const context = world({ env: env() });
    expect(await withPings(`https://127.0.0.1:${ports.target}/p?x=1`, async () => 0, context)).toBe(0);
    expect(received).toEqual([]);
    expect(tunnels).toHaveLength(_ === 'through a proxy' ? 2 : 0);
    tunnels.length = 0;
  });

  it.each(proxies)('is used %s when NODE_EXTRA_CA_CERTS names its certificate', async (_, env) => {
    const file = path('ca.pem');
    writeFileSync(file, cert);
    const module = new URL('../../../src/client/transport.ts', import.meta.url).href;
    const script = `const { openTransport } = await import('${module}');
      const transport = openTransport({ connections: 1, env: ${JSON.stringify(env())} });
      console.log((await transport.fetch('https://127.0.0.1:${ports.target}/', { headers: {} })).status);
      await transport.close();`;
    const ran = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: file },
    });
    expect(ran.stdout.trim()).toBe('204');
    received.length = 0;
    tunnels.length = 0;
  });
});
