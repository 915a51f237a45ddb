// A server of bytes: tests say what goes onto the socket for the n-th request, well-formed or not.
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A request as it came: the head's lines and the body. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly head: string;
  readonly body: string;
  /** Which connection it came on, counted from 0. */
  readonly connection: number;
}

/** Answers the request; `nth` counts from 0. */
export type Respond = (socket: Socket, nth: number, seen: Seen) => void;

export interface Wire {
  readonly port: number;
  readonly seen: readonly Seen[];
}

/** Closed when the file that uses them is done: cases run side by side, so no case can say which are its own. */
const open: (() => void)[] = [];

export function closeWires(): void {
  for (const close of open.splice(0)) close();
}

export async function openWire(respond: Respond): Promise<Wire> {
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    const connection = connections++;
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (let [request, rest] = cut(text); request; [request, rest] = cut(text)) {
        text = rest;
        const [method = '', path = ''] = request.split(' ');
        const [head = '', body = ''] = request.split('\r\n\r\n');
        seen.push({ method, path, head, body, connection });
        respond(socket, seen.length - 1, { method, path, head, body, connection });
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, seen };
}

/** The first whole request of the text and what follows it. */
function cut(text: string): [string | undefined, string] {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return [undefined, text];
  const length = Number(/content-length: (\d+)/i.exec(text.slice(0, end))?.[1] ?? 0);
  const whole = end + 4 + length;
  return text.length < whole ? [undefined, text] : [text.slice(0, whole), text.slice(whole)];
}

/** A well-formed answer with the headers given. */
export function answer(status: number, body = '', headers: Readonly<Record<string, string>> = {}): string {
  const all = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Status\r\n${lines.join('')}\r\n${body}`;
}

export const ok = answer(200, '{"data":{"message":"ok"}}');
