// tryMachineLock: a name that one process of this machine can hold, whichever user runs it, and that the kernel frees when the process ends.
import { createHash } from 'node:crypto';
import { connect, createServer, type Server } from 'node:net';

/** A held name. */
export interface MachineLock {
  release(): Promise<void>;
}

/**
 * Holds `name` as an abstract Unix socket, which no file system and no user's permissions limit. Who connects to it reads `note`, so it
 * must contain nothing that is for this user alone. Returns undefined when another process holds the name. Containers with a network of
 * their own do not see it. Throws the error of the system where there are no such sockets, which is everywhere but on Linux.
 */
export async function tryMachineLock(name: string, note: object): Promise<MachineLock | undefined> {
  // Destroyed once the note is out: close() waits for open connections, and a peer may never close its own.
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy()).end(JSON.stringify(note), () => socket.destroy());
  });
  // The lock must not keep the process alive.
  server.unref();
  return (await isBound(server, socketOf(name))) ? { release: () => close(server) } : undefined;
}

/** The note of the process that holds `name`; undefined when it sends none in time. It may be anybody's, so nothing in it is checked. */
export async function readMachineNote(name: string): Promise<unknown> {
  const socket = connect(socketOf(name)).setTimeout(answerMs, () => socket.destroy());
  let text = '';
  try {
    // Leaving the loop closes the socket.
    for await (const chunk of socket.setEncoding('utf8')) {
      text += String(chunk);
      if (text.length > maxNoteLength) break;
    }
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A holder that is stopped accepts the connection and sends nothing. */
const answerMs = 500;
const maxNoteLength = 1000;

/** The name is hashed, because it may be longer than a socket's name can be. */
function socketOf(name: string): string {
  return `\0leavers-${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
}

function isBound(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen(path, () => resolve(true));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
