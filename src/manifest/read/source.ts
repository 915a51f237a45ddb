// openSource: a manifest's bytes, which can be read several times; pipes and standard input are copied to a temporary file.
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, read, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Context } from '../../context.ts';
import { InputError, LeaversError } from '../../errors.ts';
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
  #isOpen = true;

  constructor(fd: number) {
    this.#fd = fd;
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

/** Opens a path and reads it once, handing every chunk to `scan`. Throws LeaversError('missing'). */
export async function openSource(path: string, context: Context, scan: (bytes: Buffer) => void): Promise<Source> {
  const file = path === '-' ? await spool(context.stdin, context) : await openFile(path, context);
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

async function openFile(path: string, context: Context): Promise<SourceFile> {
  const full = resolve(context.cwd, path);
  try {
    const found = statSync(full);
    if (found.isDirectory()) throw new LeaversError('missing', `${path}: is a folder; name the manifest in it`);
    // A pipe (`<(command)`) can be read once only.
    return found.isFile()
      ? new SourceFile(openSync(full, 'r'))
      : await spool(createReadStream(full, { highWaterMark: chunk }), context);
  } catch (error) {
    throw unreadable(path, error, context);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'a symbolic link that points to itself',
};

function unreadable(path: string, error: unknown, { cwd }: Context): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (error instanceof LeaversError || code === undefined) return error;
  return new LeaversError('missing', `${path}: ${reasons[code] ?? code} (looked in ${cwd}); check the path`);
}

/** Copies a stream into a temporary file, so that it can be read several times. */
async function spool(stream: AsyncIterable<Buffer | string>, { tmpdir }: Context): Promise<SourceFile> {
  const fd = openTempFile(tmpdir);
  try {
    for await (const bytes of stream) writeTempFile(fd, Buffer.from(bytes), tmpdir);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return new SourceFile(fd);
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
