// replaceFile: replaces a file atomically.
import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Context } from '../context.ts';

/** Whether a file may take this place: there is none, or a regular one. The root user could replace a device such as /dev/null. */
export function isReplaceable(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() !== false;
}

/**
 * Writes a temporary file beside the file and renames it, so that a reader sees the old or the new one. Removes the temporary file and throws
 * when either fails, or when the path is something else than a file.
 */
export async function replaceFile(
  path: string,
  write: (draft: string) => Promise<void>,
  { cwd }: Pick<Context, 'cwd'>,
): Promise<void> {
  const target = resolve(cwd, path);
  if (!isReplaceable(target)) throw Object.assign(new Error(`${path} is not a file`), { code: 'not a file' });
  // Random, because in a container every process may have the same id, and the temporary file of a killed one must not block.
  const draft = `${target}.${randomUUID()}.tmp`;
  try {
    await write(draft);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
