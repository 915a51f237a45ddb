// openInput, readInput: files and pipes that the user names. Nothing is read without end, and a signal ends every wait.
import { closeSync, constants, createReadStream, fstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';

/** The limit for a file that is read into memory. */
const defaultMaxBytes = 256 * 1024 * 1024;

/** Why a path can't be read as a file. `code` is a system error code, or a phrase in its place. */
export class UnreadableInput extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

export interface OpenedInput {
  readonly fd: number;
  readonly isFile: boolean;
  readonly mode: number;
  readonly uid: number;
}

/**
 * Opens a file or a pipe for reading; links are followed. Non-blocking, because opening a pipe without a writer blocks a thread of Node,
 * and then no signal ends the process. Throws an error with a `code`: of the system, or that it is a device, which may never end.
 */
export function openInput(path: string): OpenedInput {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const found = fstatSync(fd);
  if (found.isFile() || found.isFIFO()) return { fd, isFile: found.isFile(), mode: found.mode, uid: found.uid };
  closeSync(fd);
  throw new UnreadableInput(found.isDirectory() ? 'EISDIR' : 'a device');
}

/** The bytes of an opened file or pipe; the stream closes it. A pipe waits for its writer. */
export function streamInput({ fd, isFile }: OpenedInput, options: { start?: number; chunk?: number } = {}): Readable {
  const { start, chunk: highWaterMark = 1 << 16 } = options;
  if (!isFile) return new Socket({ fd, readable: true, writable: false });
  // With a descriptor, the path is ignored.
  return createReadStream('', { fd, highWaterMark, ...(start === undefined ? {} : { start }) });
}

/** All bytes of a small file or pipe. Throws as `openInput` does, and when it has more than `maxBytes`. */
export async function readInput(path: string, maxBytes = defaultMaxBytes): Promise<Buffer> {
  return readOpened(openInput(path), maxBytes);
}

/** The same for an opened input. */
export async function readOpened(opened: OpenedInput, maxBytes = defaultMaxBytes): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of streamInput(opened) as AsyncIterable<Buffer>) {
    parts.push(part);
    size += part.length;
    if (size > maxBytes) throw new UnreadableInput(`more than ${maxBytes} bytes`);
  }
  return Buffer.concat(parts);
}
