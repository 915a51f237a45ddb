// localLocks, refusesLocks: whether locks work on a folder's volume, according to the table of mounts.
import { readFileSync, realpathSync } from 'node:fs';
import { nearestFolder } from './temp-folder.ts';

/** Mount options that keep locks on this machine, by type of file system. Sources: nfs(5), mount.cifs(8), mount.lustre(8). */
const localOptions: readonly (readonly [type: RegExp, option: RegExp])[] = [
  [/^nfs4?$/, /^(?:nolock|local_lock=(?:all|posix))$/],
  [/^(?:cifs|smb3)$/, /^nobrl$/],
  [/^lustre$/, /^(?:localflock|noflock)$/],
];
/** File systems of FUSE that pass no locks to their server, so the kernel keeps them to itself. */
const localTypes = /^fuse\.(?:sshfs|s3fs|gcsfuse|rclone)$/;

/**
 * The cause (`nolock`, `fuse.sshfs` …) if a lock in this folder only excludes runs on this machine, else undefined. `mounts` has the form of
 * /proc/self/mountinfo; systems without it get no answer.
 */
export function localLocks(folder: string, mounts = mountInfo()): string | undefined {
  const { type, options } = mountOf(folder, mounts);
  if (localTypes.test(type)) return type;
  return options.find((word) => localOptions.some(([name, option]) => name.test(type) && option.test(word)));
}

/** True on SMB with its own locks: they can't be raised from read to write, as SQLite does, so not even the first run gets one. */
export function refusesLocks(folder: string, mounts = mountInfo()): boolean {
  const { type, options } = mountOf(folder, mounts);
  return (type === 'cifs' || type === 'smb3') && !options.includes('nobrl');
}

interface Mount {
  /** Empty if unknown. */
  readonly type: string;
  readonly options: readonly string[];
}

/** The innermost mount that contains the folder. A line is "36 35 0:31 /root /mount/point rw,noatime shared:1 - type source rw,option". */
function mountOf(folder: string, mounts: string): Mount {
  const path = realPath(folder);
  let inner = { point: '', after: '' };
  for (const line of mounts.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const point = unescapeOctal(before.split(' ')[4] ?? '');
    const isAbove = path === point || path.startsWith(point.endsWith('/') ? point : `${point}/`);
    // A later line covers an earlier one on the same folder.
    if (isAbove && point.length >= inner.point.length) inner = { point, after };
  }
  const [type = '', , options = ''] = inner.after.split(' ');
  return { type, options: options.split(',') };
}

const unescapeOctal = (text: string) =>
  text.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));

function mountInfo(): string {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    return '';
  }
}

function realPath(folder: string): string {
  const nearest = nearestFolder(folder);
  try {
    return realpathSync(nearest);
  } catch {
    return nearest;
  }
}
