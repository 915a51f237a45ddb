// `writePageFile`: a page in a new file, or in place of a page of the same kind that this program wrote. No other file is replaced.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Context } from '../context.ts';
import { LeaversError } from '../errors.ts';
import { writeNewFile } from '../storage/new-file.ts';
import { replaceFile } from '../storage/replace-file.ts';
import { type PageKind, signatureOf } from './document.ts';

export interface PageFile {
  readonly kind: PageKind;
  readonly parts: AsyncIterable<string> | Iterable<string>;
}

/** Throws `report` (73) if the path has anything but a page of this kind; `-` is stdout. */
export async function writePageFile(path: string, { kind, parts }: PageFile, context: Context): Promise<void> {
  if (!isOwnPage(path, kind, context)) return writeNewFile(path, parts, context);
  await replaceFile(path, (draft) => writeNewFile(draft, parts, context), context);
}

/** Throws `report` (73) before work is done for a page that could not be written. */
export function refuseForeignFile(path: string, kind: PageKind, context: Context): void {
  if (path !== '-') isOwnPage(path, kind, context);
}

/** Whether the path is a page to replace. False when it does not exist; throws for any other file. */
function isOwnPage(path: string, kind: PageKind, { cwd }: Context): boolean {
  if (path === '-') return false;
  const signature = signatureOf(kind);
  const start = startOf(resolve(cwd, path), signature.length);
  if (start === undefined) return false;
  if (start === signature) return true;
  throw new LeaversError(
    'report',
    `${path} exists and was not written by leavers ${kind}, so it is left as it is; name a new file`,
  );
}

/** The first characters of a regular file; an empty text for any other kind of file, undefined when nothing is there. */
function startOf(path: string, length: number): string | undefined {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  let fd: number | undefined;
  try {
    // Does not follow a link, and does not block on a pipe.
    fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    if (!fstatSync(fd).isFile()) return '';
    const start = Buffer.alloc(length);
    return start.toString('latin1', 0, readSync(fd, start, 0, length, 0));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : '';
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
