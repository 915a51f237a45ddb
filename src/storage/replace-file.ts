// replaceFile: a file that is replaced in one step.
import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Context } from '../context.ts';

/**
 * Has a draft written beside the file and renames it, so that a reader sees the old file or the new one. Removes the draft and throws
 * when either fails.
 */
export async function replaceFile(
  path: string,
  write: (draft: string) => Promise<void>,
  { cwd }: Pick<Context, 'cwd'>,
): Promise<void> {
  const target = resolve(cwd, path);
  // Random, because in a container every process has the same id, and a draft of a killed one must not be in the way.
  const draft = `${target}.${randomUUID()}.tmp`;
  try {
    await write(draft);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
