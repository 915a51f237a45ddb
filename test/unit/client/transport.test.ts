// Our fetch behaves as the built-in one does where the client can tell, and goes through the proxy that the environment names.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { openTransport } from '../../../src/client/transport.ts';
import { answer, closeWires, openWire } from '../../support/raw-server.ts';

afterAll(closeWires);

const open: (() => unknown)[] = [];
afterAll(() => Promise.all(open.map((close) => close())));

function openTest(env: Record<string, string> = {}) {
  const transport = openTransport({ connections: 2, env });
  open.push(() => transport.close());
  return transport;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

describe('an answer', () => {
  it.each([
    ['with a length', answer(200, '{"a":"ü"}')],
    [
      'in chunks',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\n{"a"\r\n6\r\n:"\u00c3\u00bc"}\r\n0\r\n\r\n',
    ],
  ])('%s has status, headers and text', async (_how, bytes) => {
    const { port } = await openWire((socket) => socket.write(bytes, bytes.includes('chunked') ? 'latin1' : 'utf8'));
    const response = await openTest().fetch(`http://127.0.0.1:${port}/`, { headers: {} });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('{"a":"ü"}');
  });

  const early = 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n';
  const goOn = 'HTTP/1.1 100 Continue\r\n\r\n';
  it.each([
    ['100', [goOn]],
    ['100 in pieces', [goOn.slice(0, 5), goOn.slice(5, 14), goOn.slice(14)]],
    ['100 twice, then 102 and 103', [goOn, goOn, 'HTTP/1.1 102 Processing\r\n\r\n', early]],
  ])('is read when %s comes before it', async (_what, before) => {
    const parts = [...before, answer(200, '{"a":1}')];
    const { port, seen } = await openWire((socket) => {
      const send = (at: number) =>
        void socket.write(parts[at] ?? '', () => at + 1 < parts.length && setImmediate(send, at + 1));
      send(0);
    });
    const { fetch } = openTest();
    for (let call = 0; call < 2; call += 1)
      expect(await (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST' })).text()).toBe('{"a":1}');
    expect(seen).toHaveLength(2);
  });

  it('is not followed when it points elsewhere', async () => {
    const { port, seen } = await openWire((socket) => socket.write(answer(302, '', { location: '/elsewhere' })));
    const response = await openTest().fetch(`http://127.0.0.1:${port}/`, { headers: {} });
    expect([response.status, response.headers.get('location'), seen.length]).toEqual([302, '/elsewhere', 1]);
  });

  it('keeps a header that came twice', async () => {
    const { port } = await openWire((socket) =>
      socket.write('HTTP/1.1 204 No\r\nretry-after: 1\r\nretry-after: 2\r\n\r\n'),
    );
    const response = await openTest().fetch(`http://127.0.0.1:${port}/`, { headers: {} });
    expect(response.headers.get('retry-after')).toBe('1, 2');
  });

  it('ends when its signal aborts', async () => {
    const { port } = await openWire(() => {});
    const fetching = openTest().fetch(`http://127.0.0.1:${port}/`, { headers: {}, signal: AbortSignal.timeout(20) });
    await expect(fetching).rejects.toThrow(/abort|timeout/i);
  });
});

describe('the proxy of the environment', () => {
  /** A proxy that refuses, and says to whom the tunnel was asked for. */
  async function openProxy() {
    const asked: string[] = [];
    const server = createServer();
    server.on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    });
    return { asked, url: `http://127.0.0.1:${await listen(server)}` };
  }

  it.each(['HTTPS_PROXY', 'https_proxy'])('is used for https: %s', async (name) => {
    const { asked, url } = await openProxy();
    await expect(openTest({ [name]: url }).fetch('https://api.example.com/admin', { headers: {} })).rejects.toThrow(
      /407/,
    );
    expect(asked).toEqual(['api.example.com:443']);
  });

  it('is not used for hosts in NO_PROXY, nor for http, which only goes to loopback', async () => {
    const { asked, url } = await openProxy();
    const { port } = await openWire((socket) => socket.write(answer(204)));
    const transport = openTest({ HTTPS_PROXY: url, HTTP_PROXY: url, NO_PROXY: 'localhost' });
    expect((await transport.fetch(`http://127.0.0.1:${port}/`, { headers: {} })).status).toBe(204);
    await expect(transport.fetch('https://localhost:59/', { headers: {} })).rejects.toThrow();
    expect(asked).toEqual([]);
  });

  it.each(['nowhere', 'socks5://127.0.0.1:1080'])('%j is refused without showing it', (url) => {
    expect(() => openTransport({ connections: 1, env: { HTTPS_PROXY: url } })).toThrow(
      expect.objectContaining({ kind: 'config', message: expect.not.stringContaining(url) }),
    );
  });
});
