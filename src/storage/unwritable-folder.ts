// unwritableFolder: why a folder refuses new files, with its owner, our own user and the remedy.
import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { getegid, geteuid } from 'node:process';
import { nearestFolder } from './temp-folder.ts';

/**
 * The reason why no file can be created beside `path`, with a remedy; undefined if the permissions of its folder, or of the first one above
 * it that exists, are not the reason.
 */
export function unwritableFolder(path: string): string | undefined {
  const folder = nearestFolder(dirname(path));
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return reason(folder, (error as NodeJS.ErrnoException).code);
  }
}

function reason(folder: string, code: string | undefined): string | undefined {
  if (code === 'EROFS')
    return `${folder} is on a read-only file system; mount a writable volume there, or name another place with --report`;
  if (code !== 'EACCES') return undefined;
  const found = statSync(folder, { throwIfNoEntry: false });
  const [uid, gid] = [geteuid?.(), getegid?.()];
  if (found === undefined || uid === undefined) return undefined;
  const mode = (found.mode & 0o777).toString(8);
  return (
    `${folder} belongs to user ${found.uid} and group ${found.gid} (mode ${mode}), and this process runs as user ${uid} and group ${gid}; ` +
    `run \`chown ${uid}:${gid} ${folder}\` as its owner or root (in Kubernetes: fsGroup ${gid}), or name another place with --report`
  );
}
