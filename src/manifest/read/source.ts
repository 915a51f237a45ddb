// openSource: a manifest's bytes, which can be read several times; pipes and standard input are copied to a temporary file.
import { createHash } from 'node:crypto';
import { closeSync, read } from 'node:fs';
import { resolve } from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import { promisify } from 'node:util';
import type { Context } from '../../context.ts';
import { InputError, interruption, LeaversError } from '../../errors.ts';
import { openInput, streamInput } from '../../storage/input-file.ts';
import { openTempFile, writeTempFile } from '../../storage/temp-file.ts';

const readBytes = promisify(read);
/** Bytes per read. Larger reads need more memory, because the rows of one read are in memory together: 64 KiB take a third more for a million rows. */
const chunk = 1 << 14;
/** Bytes from which format, separator and headers are detected. */
const headSize = 1 << 16;

export interface Source {
  /** As given; `-` is standard input. */
  readonly path: string;
  readonly size: number;
  /** Of the bytes as they were when the file was opened, in hex. */
  readonly sha256: string;
  /** Reads all bytes from the start. Throws InputError at the end if the file changed since it was opened. */
  read(): AsyncGenerator<Buffer>;
  /** The first bytes, at most 64 KiB. */
  head(): Promise<Buffer>;
  close(): Promise<void>;
}

/** An open file that several passes read from its start. */
class SourceFile {
  readonly #fd: number;
  readonly #signal: AbortSignal | undefined;
  #isOpen = true;

  constructor(fd: number, signal: AbortSignal | undefined) {
    this.#fd = fd;
    this.#signal = signal;
  }

  async readAt(position: number, length: number): Promise<Buffer> {
    // The number of a closed descriptor may be in use for another file.
    if (!this.#isOpen) throw new Error('a manifest was read after it was closed');
    const { buffer, bytesRead } = await readBytes(this.#fd, Buffer.allocUnsafeSlow(length), 0, length, position);
    return buffer.subarray(0, bytesRead);
  }

  /** All bytes from the start. Not with fs.ReadStream, which closes the file when a reader stops early; later passes read it again. */
  async *chunks(): AsyncGenerator<Buffer> {
    for (let position = 0; ; ) {
      const bytes = await this.readAt(position, chunk);
      if (this.#signal?.aborted === true) throw interruption(this.#signal.reason);
      if (bytes.length === 0) return;
      position += bytes.length;
      yield bytes;
    }
  }

  /** Can be called again. */
  close(): void {
    if (this.#isOpen) closeSync(this.#fd);
    this.#isOpen = false;
  }
}

/** `scan` gets every chunk of the first pass; `signal` ends every wait and every pass. */
export interface SourceOptions {
  readonly context: Context;
  readonly scan: (bytes: Buffer) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Opens a path and reads it once. Throws LeaversError `missing`, or StopError after a signal. */
export async function openSource(path: string, { context, scan, signal }: SourceOptions): Promise<Source> {
  const file =
    path === '-' ? await spool(context.stdin, { context, signal }) : await openFile(path, { context, signal });
  try {
    const { size, sha256 } = await digest(file, scan);
    return {
      path,
      size,
      sha256,
      read: () => readAgain(file, { path, sha256, context }),
      head: () => file.readAt(0, headSize),
      close: async () => file.close(),
    };
  } catch (error) {
    file.close();
    throw unreadable(path, error, context);
  }
}

interface Reading {
  readonly context: Context;
  readonly signal: AbortSignal | undefined;
}

async function openFile(path: string, { context, signal }: Reading): Promise<SourceFile> {
  const full = resolve(context.cwd, path);
  try {
    const opened = openInput(full);
    // A pipe (`<(command)`) can be read once only.
    return opened.isFile ? new SourceFile(opened.fd, signal) : await spool(streamInput(opened), { context, signal });
  } catch (error) {
    throw unreadable(path, error, context);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'is a folder; name the manifest in it',
  'a device': 'is a device, which may never end; name a file or a pipe',
  ELOOP: 'a symbolic link that points to itself',
};

function unreadable(path: string, error: unknown, { cwd }: Context): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (error instanceof LeaversError || code === undefined) return error;
  return new LeaversError('missing', `${path}: ${reasons[code] ?? code} (looked in ${cwd}); check the path`);
}

/** Copies a stream into a temporary file, so that it can be read several times. */
async function spool(stream: Readable, { context: { tmpdir }, signal }: Reading): Promise<SourceFile> {
  const fd = openTempFile(tmpdir);
  try {
    const bytes = signal === undefined ? stream : addAbortSignal(signal, stream);
    for await (const part of bytes as AsyncIterable<Buffer | string>) writeTempFile(fd, Buffer.from(part), tmpdir);
  } catch (error) {
    closeSync(fd);
    throw signal?.aborted === true ? interruption(signal.reason) : error;
  }
  return new SourceFile(fd, signal);
}

async function digest(file: SourceFile, scan: (bytes: Buffer) => void): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const bytes of file.chunks()) {
    size += bytes.length;
    hash.update(bytes);
    scan(bytes);
  }
  return { size, sha256: hash.digest('hex') };
}

async function* readAgain(
  file: SourceFile,
  { path, sha256, context }: { path: string; sha256: string; context: Context },
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  try {
    for await (const bytes of file.chunks()) {
      hash.update(bytes);
      yield bytes;
    }
  } catch (error) {
    throw unreadable(path, error, context);
  }
  if (hash.digest('hex') !== sha256)
    throw new InputError(`${path}: changed while it was read; wait until it is written completely, then start again`);
}
