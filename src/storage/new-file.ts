// writeNewFile: writes files of commands: always new, mode 0600, removed when incomplete. `-` is stdout.
import { closeSync, constants, lstatSync, openSync, unlinkSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Context } from '../context.ts';
import { LeaversError } from '../errors.ts';
import { writeAll } from './temp-file.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
/** Characters to buffer before writing. */
const full = 1 << 16;

/** A piece of a file. */
export type Part = string | Uint8Array;

/** Writes all parts into a new file. Throws `report` (73) when it exists or can't be created, `disk` (74) when it can't be written. */
export async function writeNewFile(
  path: string,
  texts: AsyncIterable<Part> | Iterable<Part>,
  context: Context,
): Promise<void> {
  if (path === '-') return writeStream(texts, context);
  const where = resolve(context.cwd, path);
  const fd = openNew(path, where);
  let isComplete = false;
  try {
    let gathered = '';
    for await (const text of texts) {
      if (typeof text === 'string') gathered += text;
      if (gathered.length < full && typeof text === 'string') continue;
      writeText(fd, gathered, path);
      gathered = '';
      if (typeof text !== 'string') writeText(fd, text, path);
    }
    writeText(fd, gathered, path);
    isComplete = true;
  } finally {
    closeSync(fd);
    if (!isComplete) unlinkSync(where);
  }
}

/** Throws `report` (73) for an existing path, before any work is done; `writeNewFile` refuses it anyway. `-` is stdout. */
export function refuseExisting(path: string, { cwd }: Context): void {
  if (path === '-' || lstatSync(resolve(cwd, path), { throwIfNoEntry: false }) === undefined) return;
  throw new LeaversError('report', `${path} exists and is left as it is; name a new file`);
}

async function writeStream(texts: AsyncIterable<Part> | Iterable<Part>, { stdout }: Context): Promise<void> {
  for await (const text of texts) await new Promise<void>((done) => stdout.write(text, () => done()));
}

function openNew(path: string, where: string): number {
  try {
    return openSync(where, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'EEXIST' ? 'exists and is left as it is' : `can't be created (${code})`;
    throw new LeaversError('report', `${path} ${why}; name a new file`);
  }
}

function writeText(fd: number, text: Part, path: string): void {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  try {
    writeAll(fd, bytes);
  } catch (error) {
    throw new LeaversError(
      'disk',
      `${path}: could not be written (${(error as NodeJS.ErrnoException).code}) and was removed`,
    );
  }
}
