// tryLock: a kernel lock on a file, which ends with its process, and a note beside it about the holder.
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** A held lock. */
export interface FileLock {
  /** Releases the lock and removes its files. */
  release(): void;
}

/** What a run writes about itself. */
export interface LockNote {
  readonly pid: number;
  readonly hostname: string;
  /** ISO 8601. */
  readonly since: string;
  /** File names of what it runs. */
  readonly names?: readonly string[];
}

/** Locks of this process by device and inode, with the open descriptors of each file, because closing any of them releases the kernel's lock. */
const held = new Map<string, number[]>();

const { O_RDWR, O_CREAT, O_NOFOLLOW } = constants;
const keyOf = ({ dev, ino }: Stats) => `${dev}:${ino}`;

/**
 * Takes the lock on `file` (0600, never through a link), or returns undefined when another run holds it. `note` describes this run and is
 * written to `file`.json. Throws errors of opening and writing.
 *
 * Release removes the file, so a run that has just opened it may lock a file without a path, which excludes nobody. Therefore
 * the path is checked again once the lock is held; until then our open descriptor keeps the inode number from being reused.
 */
export function tryLock(file: string, note: LockNote): FileLock | undefined {
  for (;;) {
    const fd = openSync(file, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600);
    const key = keyOf(fstatSync(fd));
    const spare = held.get(key);
    if (spare !== undefined) {
      spare.push(fd);
      return undefined;
    }
    const database = lockDatabase(file, fd);
    if (database === undefined) return undefined;
    if (isNamed(file, key)) return hold({ file, fd, key, database }, note);
    database.close();
    closeSync(fd);
  }
}

/** Undefined when the kernel has given the lock to another process. */
function lockDatabase(file: string, fd: number): DatabaseSync | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    // Without a timeout, two runs that start at the same moment could both be refused.
    database.exec('PRAGMA busy_timeout = 300; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database?.close();
    closeSync(fd);
    if ((error as { errcode?: number }).errcode === 5) return undefined;
    throw error;
  }
}

/** Whether the path still names the file with this device and inode. */
function isNamed(file: string, key: string): boolean {
  const found = lstatSync(file, { throwIfNoEntry: false });
  return found !== undefined && keyOf(found) === key;
}

interface Held {
  readonly file: string;
  readonly fd: number;
  readonly key: string;
  readonly database: DatabaseSync;
}

function hold({ file, fd, key, database }: Held, note: LockNote): FileLock {
  const fds = [fd];
  held.set(key, fds);
  const release = () => {
    // The file may have been removed meanwhile, and its path may belong to another run.
    if (isNamed(file, key)) {
      rmSync(noteOf(file), { force: true });
      rmSync(file, { force: true });
    }
    held.delete(key);
    database.close();
    for (const each of fds) closeSync(each);
  };
  try {
    // A new file each time, because an existing one may be a link to another file.
    rmSync(noteOf(file), { force: true });
    writeFileSync(noteOf(file), JSON.stringify(note), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    release();
    throw error;
  }
  return { release };
}

const noteOf = (file: string) => `${file}.json`;

/** The note of the lock's holder; undefined when it can't be read. */
export function readNote(file: string): LockNote | undefined {
  try {
    const note = JSON.parse(readFileSync(noteOf(file), 'utf8')) as LockNote | null;
    const { names = [] } = note ?? {};
    return note !== null && Array.isArray(names) ? note : undefined;
  } catch {
    return undefined;
  }
}
