// A manifest's bytes, which can be read several times: files as they are, pipes and standard input through a file without a name.
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm, stat } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Context } from '../../context.ts';
import { InputError, LeaversError, tempDirError } from '../../errors.ts';

/** Bytes read at a time, and handed on at a time. */
const block = 1 << 18;
const chunk = 1 << 14;
/** Bytes that format, separator and headers are told from. */
const headSize = 1 << 16;

export interface Source {
  /** As given; `-` is standard input. */
  readonly path: string;
  readonly size: number;
  /** Of the bytes as they were when the file was opened, in hex. */
  readonly sha256: string;
  /**
   * All bytes from the start; a chunk is overwritten when the next but one is read. Throws InputError at the end when they are not
   * those of the first time.
   */
  read(): AsyncGenerator<Buffer>;
  /** The first bytes, at most 64 KiB. */
  head(): Promise<Buffer>;
  close(): Promise<void>;
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
      head: () => readHead(file),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw unreadable(path, error, context);
  }
}

async function openFile(path: string, context: Context): Promise<FileHandle> {
  const full = resolve(context.cwd, path);
  try {
    const found = await stat(full);
    if (found.isDirectory()) throw new LeaversError('missing', `${path}: is a folder; name the manifest in it`);
    // A pipe (`<(command)`) can be read once only.
    return found.isFile()
      ? await open(full, constants.O_RDONLY)
      : await spool(createReadStream(full, { highWaterMark: chunk }), context);
  } catch (error) {
    throw unreadable(path, error, context);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'not readable for this account',
  EPERM: 'not readable for this account',
  ELOOP: 'a link that leads to itself',
};

function unreadable(path: string, error: unknown, { cwd }: Context): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (error instanceof LeaversError || code === undefined) return error;
  return new LeaversError('missing', `${path}: ${reasons[code] ?? code} (looked in ${cwd}); check the path`);
}

async function spool(stream: AsyncIterable<Buffer | string>, { tmpdir }: Context): Promise<FileHandle> {
  const file = await openNameless(tmpdir).catch((error: unknown) => {
    throw tempDirError(error, tmpdir);
  });
  try {
    for await (const bytes of stream)
      await file.write(Buffer.from(bytes)).catch((error: unknown) => {
        throw tempDirError(error, tmpdir);
      });
  } catch (error) {
    await file.close();
    throw error;
  }
  return file;
}

async function openNameless(tmpdir: string): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir, 'leavers-'));
  const file = await open(join(folder, 'manifest'), 'wx+', 0o600);
  // Unlinked at once: it names people, and must not outlive the process however that ends.
  await rm(folder, { recursive: true });
  return file;
}

async function readHead(file: FileHandle): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(headSize), 0, headSize, 0);
  return buffer.subarray(0, bytesRead);
}

/**
 * Reads a file from its start, the next block while the last one is worked on, into three buffers in turn; hands each on in pieces. A read
 * costs a thread's turn, and V8 keeps more memory for rows that live through a long piece.
 */
async function* chunksOf(file: FileHandle): AsyncGenerator<Buffer> {
  const buffers = [0, 1, 2].map(() => Buffer.allocUnsafeSlow(block));
  let position = 0;
  const readInto = async (buffer: Buffer) => {
    const { bytesRead } = await file.read(buffer, 0, block, position);
    position += bytesRead;
    return buffer.subarray(0, bytesRead);
  };
  let next = readInto(buffers[0] as Buffer);
  for (let turn = 1; ; turn += 1) {
    const bytes = await next;
    if (bytes.length === 0) return;
    next = readInto(buffers[turn % 3] as Buffer);
    // Whoever stops early must not leave a read behind that nobody waits for.
    let done = false;
    try {
      for (let from = 0; from < bytes.length; from += chunk) yield bytes.subarray(from, from + chunk);
      done = true;
    } finally {
      if (!done) await next.catch(() => {});
    }
  }
}

async function digest(file: FileHandle, scan: (bytes: Buffer) => void): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const bytes of chunksOf(file)) {
    size += bytes.length;
    hash.update(bytes);
    scan(bytes);
  }
  return { size, sha256: hash.digest('hex') };
}

async function* readAgain(
  file: FileHandle,
  { path, sha256, context }: { path: string; sha256: string; context: Context },
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  try {
    for await (const bytes of chunksOf(file)) {
      hash.update(bytes);
      yield bytes;
    }
  } catch (error) {
    throw unreadable(path, error, context);
  }
  if (hash.digest('hex') !== sha256)
    throw new InputError(`${path}: changed while it was read; let whoever writes it finish, then start again`);
}
