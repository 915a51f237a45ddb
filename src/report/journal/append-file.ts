// DurableFile: appends bytes to disk, syncs them in groups, and stops at the first failure.
import { constants, fstatSync, openSync, closeSync, fsyncSync, lstatSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { LeaversError } from '../../errors.ts';
import { makeFolder } from '../../storage/make-folder.ts';
import type { Disk } from '../../storage/disk.ts';

interface Waiting {
  readonly text: string;
  readonly resolve: () => void;
  readonly reject: (error: LeaversError) => void;
}

export interface DurableFileOptions {
  readonly path: string;
  /** The expected size of the file. */
  readonly size: number;
  readonly disk: Disk;
}

/** An append-only file. */
export class DurableFile {
  readonly #fd: number;
  readonly #path: string;
  readonly #disk: Disk;
  #size: number;
  #waiting: Waiting[] = [];
  #syncing = false;
  failure: LeaversError | undefined;
  /** Called at the first failure, synchronously. */
  onFailure: (error: LeaversError) => void = () => {};

  constructor(fd: number, { path, size, disk }: DurableFileOptions) {
    this.#fd = fd;
    this.#path = path;
    this.#size = size;
    this.#disk = disk;
  }

  /** Resolves when the bytes are on disk. Always rejects after the first failure. */
  append(text: string): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    const written = Promise.withResolvers<void>();
    this.#waiting.push({ text, ...written });
    if (!this.#syncing) this.#sync();
    return written.promise;
  }

  /** Syncs one group at a time. Texts that arrive meanwhile form the next group. */
  #sync(): void {
    if (this.#waiting.length === 0) return;
    this.#syncing = true;
    const group = this.#waiting;
    this.#waiting = [];
    const failure = this.#write(group.map(({ text }) => text).join(''));
    if (failure !== undefined) return this.#settle(group, failure);
    this.#disk.sync(this.#fd, (error) => this.#settle(group, error === null ? this.#check() : this.#fail(error)));
  }

  #write(text: string): LeaversError | undefined {
    const bytes = Buffer.from(text);
    let written = 0;
    try {
      while (written < bytes.length) written += this.#disk.write(this.#fd, bytes, written);
    } catch (error) {
      // Complete lines stay: they are correct, and resume uses them.
      this.#size += bytes.subarray(0, written).lastIndexOf(10) + 1;
      return this.#fail(error);
    }
    this.#size += bytes.length;
    return undefined;
  }

  #settle(group: readonly Waiting[], failure: LeaversError | undefined): void {
    this.#syncing = false;
    const settled = failure === undefined ? group : [...group, ...this.#waiting.splice(0)];
    for (const each of settled) {
      if (failure === undefined) each.resolve();
      else each.reject(failure);
    }
    this.#sync();
  }

  /**
   * The lock protects a path only. It does not help when somebody moves the report, removes the lock file or opens the report by a second
   * path, or when log rotation truncates it. An intent in a removed file, or in a chain with two writers, does not count as written.
   */
  #check(): LeaversError | undefined {
    try {
      const [open, atPath] = [fstatSync(this.#fd), lstatSync(this.#path, { throwIfNoEntry: false })];
      if (atPath?.ino !== open.ino || atPath.dev !== open.dev)
        return this.#give(
          'was moved or removed during the run; no further call was made; put it back, or continue with a new one',
        );
      if (open.size === this.#size) return undefined;
      return this.#give(
        'was written to or cut by another process during the run; no further call was made; continue with a new one',
      );
    } catch (error) {
      return this.#fail(error);
    }
  }

  #give(reason: string): LeaversError {
    if (this.failure === undefined) {
      this.failure = new LeaversError('disk', `${this.#path}: the report ${reason}`);
      this.onFailure(this.failure);
    }
    return this.failure;
  }

  #fail(error: unknown): LeaversError {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    const why = code === 'ENOSPC' ? 'the disk is full' : code;
    this.#give(`can't be written (${why}); no further call was made; free some space and continue with --resume`);
    try {
      // Resume would cut a torn line anyway; truncating works even on a full disk.
      this.#disk.truncate(this.#fd, this.#size);
    } catch {
      // The torn line stays, and resume cuts it.
    }
    return this.failure as LeaversError;
  }

  async close(): Promise<void> {
    while (this.#syncing) await new Promise((wake) => setImmediate(wake));
    closeSync(this.#fd);
  }
}

const { O_RDWR, O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = constants;

/** Opens a report file that must be new. Missing folders are created for this user alone. */
export function createFile(path: string): number {
  mkdirSafely(path);
  try {
    const fd = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    syncFolder(path);
    return fd;
  } catch (error) {
    throw refusal(path, error);
  }
}

/** Opens an existing report file; undefined when there is none. */
export function openFile(path: string): number | undefined {
  try {
    const fd = openSync(path, O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK);
    if (fstatSync(fd).isFile()) return fd;
    closeSync(fd);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw refusal(path, error);
  }
  throw new LeaversError('report', `${path} is not a regular file; a report can't be kept there`);
}

function mkdirSafely(path: string): void {
  try {
    makeFolder(dirname(resolve(path)));
  } catch (error) {
    throw refusal(path, error);
  }
}

/** Syncs the folder, because the name of a new file is on disk only then. */
function syncFolder(path: string): void {
  const fd = openSync(dirname(resolve(path)), constants.O_RDONLY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function refusal(path: string, error: unknown): LeaversError {
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  if (isLink)
    return new LeaversError('report', `${path} is a symbolic link; reports never follow links; name the file itself`);
  if (code === 'EEXIST')
    return new LeaversError('report', `${path} exists; continue it with --resume, or name another file with --report`);
  return new LeaversError('report', `${path}: the report can't be created (${code}); name another place with --report`);
}
