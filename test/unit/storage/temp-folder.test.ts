// The folder for temporary files: on disk even if the system's own is in memory.
import { existsSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isInMemory, tempFolder } from '../../../src/storage/temp-folder.ts';
import { unwritableFolder } from '../../../src/storage/unwritable-folder.ts';
import { folder } from '../../support/spawn.ts';

const only =
  (...folders: string[]) =>
  (path: string) =>
    folders.includes(path);

describe('the folder for temporary files', () => {
  it('is the one of the system if that is on disk', () => {
    expect(tempFolder('/tmp', '/data', only())).toEqual({ path: '/tmp' });
  });

  it('is the folder of the report if the one of the system is in memory', () => {
    using home = folder();
    expect(tempFolder('/tmp', home.path, only('/tmp'))).toEqual({
      path: home.path,
      note: `/tmp is in memory, so temporary files go to ${home.path}`,
    });
  });

  it('is above the folder of the report if that does not exist yet', () => {
    using home = folder();
    expect(tempFolder('/tmp', join(home.path, 'reports', 'hr'), only('/tmp')).path).toBe(home.path);
  });

  it('stays in memory with a warning if the folder of the report is in memory too', () => {
    using home = folder();
    const { path, note } = tempFolder('/tmp', home.path, only('/tmp', home.path));
    expect(path).toBe('/tmp');
    expect(note).toMatch(/^warning: \/tmp is in memory and \S+ is in memory too: .*set TMPDIR to a folder on disk$/);
  });

  it('is distinguished from a disk by the type of its file system', () => {
    expect(isInMemory('/nonexistent')).toBe(false);
    const shared = existsSync('/dev/shm') ? '/dev/shm' : '/';
    expect(isInMemory(shared)).toBe(process.platform === 'linux' && statfsSync(shared).type === 0x01021994);
  });
});

describe('an unwritable folder', () => {
  it('has no reason to tell if it can be written', () => {
    using home = folder();
    expect(unwritableFolder(join(home.path, 'r.ndjson'))).toBeUndefined();
  });

  it('has no reason to tell if it is missing in a folder that can be written', () => {
    using home = folder();
    expect(unwritableFolder(join(home.path, 'reports', 'r.ndjson'))).toBeUndefined();
  });
});
