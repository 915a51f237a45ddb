// What the table of mounts says: volumes whose locks keep out runs on this machine only, and volumes that refuse them.
import { describe, expect, it } from 'vitest';
import { localLocks, refusesLocks } from '../../../src/storage/volume-locks.ts';

const mount = (point: string, type: string, words: string) =>
  `36 35 0:31 / ${point} rw,relatime shared:1 - ${type} server:/export rw,${words}`;
const root = mount('/', 'ext4', 'errors=remount-ro');

describe('the locks of a volume', () => {
  it.each([
    ['nfs', 'vers=3,nolock,local_lock=all', 'nolock'],
    ['nfs', 'vers=3,local_lock=all', 'local_lock=all'],
    ['nfs', 'vers=3,local_lock=posix', 'local_lock=posix'],
    ['nfs', 'vers=3,local_lock=none', undefined],
    ['nfs', 'vers=3,local_lock=flock', undefined],
    ['nfs4', 'vers=4.2,local_lock=none', undefined],
    ['cifs', 'vers=3.1.1,nobrl', 'nobrl'],
    ['cifs', 'vers=3.1.1', undefined],
    ['lustre', 'localflock', 'localflock'],
    ['lustre', 'flock', undefined],
    ['fuse.sshfs', 'user_id=0', 'fuse.sshfs'],
    ['ext4', 'nolock', undefined],
  ])('of type %s with %s are local because of %s', (type, words, found) => {
    expect(localLocks('/', [root, mount('/', type, words)].join('\n'))).toBe(found);
  });

  it.each([
    ['cifs', 'vers=3.1.1', true],
    ['smb3', 'vers=3.1.1', true],
    ['cifs', 'vers=3.1.1,nobrl', false],
    ['nfs', 'vers=3', false],
  ])('of type %s with %s are refused: %s', (type, words, refused) => {
    expect(refusesLocks('/', mount('/', type, words))).toBe(refused);
  });

  it('are those of the innermost mount that holds the folder, with escaped names', () => {
    const outer = mount('/tmp', 'nfs', 'nolock');
    expect(localLocks('/tmp', [root, outer, mount('/tmpfs', 'ext4', 'x')].join('\n'))).toBe('nolock');
    expect(localLocks('/tmp/not/there', [root, outer].join('\n'))).toBe('nolock');
    expect(localLocks('/', [root, outer, mount('/a\\040b', 'cifs', 'nobrl')].join('\n'))).toBeUndefined();
  });

  it('are not known without a table of mounts', () => {
    expect(localLocks('/', '')).toBeUndefined();
    expect(localLocks('/')).toBeUndefined();
  });
});
