// A manifest's bytes, which can be read several times: files as they are, pipes and standard input through a file without a name.
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm, stat } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Context } from '../context.ts';
import { InputError, LeaversError } from '../errors.ts';

/** Bytes read at a time. */
const chunk = 1 << 16;

export interface Source {
  /** As given; `-` is standard input. */
  readonly path: string;
  readonly size: number;
  /** Of the bytes as they were when the file was opened, in hex. */
  readonly sha256: string;
  /** All bytes from the start. Throws InputError at the end when they are not those of the first time. */
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
      read: () => readAgain(file, { path, sha256 }),
      head: async () => (await readAt(file, 0)) ?? Buffer.alloc(0),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
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
  const folder = await mkdtemp(join(tmpdir, 'leavers-'));
  const file = await open(join(folder, 'manifest'), 'wx+', 0o600);
  // Unlinked at once: it names people, and must not outlive the process however that ends.
  await rm(folder, { recursive: true });
  try {
    for await (const bytes of stream) await file.write(Buffer.from(bytes));
  } catch (error) {
    await file.close();
    throw error;
  }
  return file;
}

async function readAt(file: FileHandle, position: number): Promise<Buffer | undefined> {
  // A buffer of its own each time: the parser keeps slices of the last one.
  const buffer = Buffer.allocUnsafeSlow(chunk);
  const { bytesRead } = await file.read(buffer, 0, chunk, position);
  return bytesRead === 0 ? undefined : buffer.subarray(0, bytesRead);
}

async function digest(file: FileHandle, scan: (bytes: Buffer) => void): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  let size = 0;
  for (let bytes = await readAt(file, 0); bytes !== undefined; bytes = await readAt(file, size)) {
    size += bytes.length;
    hash.update(bytes);
    scan(bytes);
  }
  return { size, sha256: hash.digest('hex') };
}

async function* readAgain(
  file: FileHandle,
  { path, sha256 }: { path: string; sha256: string },
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let position = 0;
  for (let bytes = await readAt(file, 0); bytes !== undefined; bytes = await readAt(file, position)) {
    position += bytes.length;
    hash.update(bytes);
    yield bytes;
  }
  if (hash.digest('hex') !== sha256)
    throw new InputError(`${path}: changed while it was read; let whoever writes it finish, then start again`);
}
