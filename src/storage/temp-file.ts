// Temporary files without a name, and writing all bytes of a buffer.
import { randomUUID } from 'node:crypto';
import { openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { LeaversError } from '../errors.ts';

/**
 * Opens an empty file for reading and writing, and removes its name at once: the file names people, so it must not outlive the process,
 * even after a kill. Returns the descriptor. Throws LeaversError `disk`. It has no folder of its own: NFS keeps an open file under another
 * name until it is closed, so that folder could not be removed.
 */
export function openTempFile(tmpdir: string): number {
  try {
    const file = join(tmpdir, `leavers-${randomUUID()}`);
    const fd = openSync(file, 'wx+', 0o600);
    rmSync(file);
    return fd;
  } catch (error) {
    throw tempDirError(error, tmpdir);
  }
}

/** Appends bytes to a temporary file. Throws LeaversError `disk`. */
export function writeTempFile(fd: number, bytes: Uint8Array, tmpdir: string): void {
  try {
    writeAll(fd, bytes);
  } catch (error) {
    throw tempDirError(error, tmpdir);
  }
}

/** Appends all bytes, in several calls if the system accepts only a part. */
export function writeAll(fd: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
}

/** Turns the error of a system call on a temporary file into LeaversError `disk`; returns an error without a system code unchanged. */
function tempDirError(error: unknown, tmpdir: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof LeaversError || code === undefined) return error;
  return new LeaversError(
    'disk',
    `${tmpdir}: temporary files can't be written there (${code}); free some space, or set TMPDIR to another folder; nothing was sent`,
  );
}
