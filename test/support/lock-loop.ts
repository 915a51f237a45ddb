// A child that takes and frees one lock many times, and fails when somebody else is inside. Usage: lock-loop.ts FILE TIMES
import { closeSync, openSync, rmSync } from 'node:fs';
import { tryLock } from '../../src/storage/file-lock.ts';

const [, , file = '', times = '0'] = process.argv;
let taken = 0;
while (taken < Number(times)) {
  const lock = tryLock(file, { pid: process.pid, hostname: 'here', since: '' });
  if (lock === undefined) continue;
  taken += 1;
  closeSync(openSync(`${file}.inside`, 'wx'));
  rmSync(`${file}.inside`);
  lock.release();
}
process.stdout.write(String(taken));
