// makeFolder: the folder of a report, with those above it.
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../../src/storage/make-folder.ts';
import { folder } from '../../support/spawn.ts';

describe('makeFolder', () => {
  it('makes the missing folders for this user alone, and leaves existing ones as they are', () => {
    using home = folder();
    const [above, below] = [join(home.path, 'a'), join(home.path, 'a', 'b')];
    makeFolder(below);
    makeFolder(below);
    expect([above, below].map((each) => statSync(each).mode & 0o777)).toEqual([0o700, 0o700]);
  });

  it('throws where a file is in the way', () => {
    using home = folder();
    writeFileSync(join(home.path, 'a'), '');
    expect(() => makeFolder(join(home.path, 'a', 'b'))).toThrow(/ENOTDIR|EEXIST/);
  });

  it.runIf(existsSync('/proc/self'))('ends with an error in a folder that takes no new ones', () => {
    expect(() => makeFolder('/proc/leavers/reports')).toThrow(/ENOENT/);
  });
});
