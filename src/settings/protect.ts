// The list of the protected: accounts, e-mails and groups out of files and the job. What protection means is decided in guards.ts.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Context } from '../context.ts';
import { InputError, LeaversError } from '../errors.ts';
import { foldName } from '../record.ts';

/** Folded entries: lower case, trimmed; blank lines and lines that start with # are left out. */
export async function readProtected(
  files: readonly string[],
  fromJob: string | readonly string[] | undefined,
  { cwd }: Context,
): Promise<ReadonlySet<string>> {
  const listed = typeof fromJob === 'object' ? fromJob : [];
  const paths = typeof fromJob === 'string' ? [...files, fromJob] : files;
  const read = await Promise.all(paths.map((path) => readList(path, cwd)));
  return new Set([...listed, ...read.flat()].map(foldName));
}

async function readList(path: string, cwd: string): Promise<string[]> {
  const bytes = await readFile(resolve(cwd, path)).catch((error: NodeJS.ErrnoException) => {
    throw new LeaversError(
      'missing',
      `${path}: the list of the protected can't be read (${error.code}); without it nothing is run`,
    );
  });
  const entries = decode(bytes, path)
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  // An empty list protects nobody, which is hardly what a list is for.
  if (entries.length === 0)
    throw new InputError(`${path}: protects nobody; write one account id, e-mail or group a line`);
  return entries;
}

function decode(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(`${path}: not UTF-8; save the list of the protected as UTF-8, one entry a line`);
  }
}
