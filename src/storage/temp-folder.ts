// tempFolder: chooses the folder for temporary files when the system's temporary folder is in memory.
import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** `f_type` of tmpfs and ramfs, from linux/magic.h. */
const memoryTypes: readonly number[] = [0x01021994, 0x858458f6];

export interface TempFolder {
  readonly path: string;
  /** One sentence for stderr if `path` is not the given folder, or is in memory. */
  readonly note?: string;
}

/** True for a folder whose files take memory, as `docker run --tmpfs /tmp` makes one. Other systems than Linux use other type numbers. */
export function isInMemory(folder: string): boolean {
  try {
    return memoryTypes.includes(statfsSync(folder).type);
  } catch {
    // Ignored here, because opening a file in the folder fails with a better message.
    return false;
  }
}

/**
 * The folder for temporary files: `tmpdir`, or the folder `beside` if `tmpdir` is in memory, because a container with a memory limit is
 * killed without a message when a long manifest fills it. If `beside` does not exist yet, the nearest folder above it counts.
 */
export function tempFolder(tmpdir: string, beside: string, inMemory = isInMemory): TempFolder {
  if (!inMemory(tmpdir)) return { path: tmpdir };
  const folder = nearestFolder(beside);
  const obstacle = inMemory(folder) ? 'is in memory too' : isWritable(folder) ? undefined : "can't be written";
  if (obstacle === undefined)
    return { path: folder, note: `${tmpdir} is in memory, so temporary files go to ${folder}` };
  return {
    path: tmpdir,
    note: `warning: ${tmpdir} is in memory and ${folder} ${obstacle}: the rows of a long manifest count towards the memory limit; set TMPDIR to a folder on disk`,
  };
}

/** The folder itself, or the first one above it that exists. */
export function nearestFolder(folder: string): string {
  const full = resolve(folder);
  return existsSync(full) || dirname(full) === full ? full : nearestFolder(dirname(full));
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
