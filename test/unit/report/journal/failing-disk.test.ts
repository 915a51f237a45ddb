// The journal on a disk that fails: what is rejected, what stays in the file, and who hears of it when.
import { readFileSync, renameSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Context } from '../../../../src/context.ts';
import { createJournal, type Journal } from '../../../../src/report/journal/journal.ts';
import { type Disk, systemDisk } from '../../../../src/storage/disk.ts';
import { world } from '../../../support/context.ts';
import { path } from '../../../support/scenario.ts';
import { end, start } from '../../../torture/journals.ts';

const failure = (code: string) => Object.assign(new Error(code), { code });

async function open(disk: Partial<Disk> = {}, context: Partial<Context> = {}) {
  const report = path('r.ndjson');
  const whole = world({ disk: { ...systemDisk, ...disk }, ...context });
  const journal = await createJournal({ path: context.stdout ? '-' : report, runId: 'r1', context: whole });
  const heard: string[] = [];
  journal.onFailure(({ message }) => heard.push(message));
  return { report, journal, heard };
}

/** The message that an append is rejected with, or undefined. */
async function refusal(journal: Journal): Promise<string | undefined> {
  return journal.append(end(1, 'done')).then(
    () => undefined,
    (error: Error) => error.message,
  );
}

const count = (report: string) => readFileSync(report, 'utf8').split('\n').length - 1;

describe('a journal whose', () => {
  it.each([
    ['ENOSPC', 'the disk is full'],
    ['EIO', 'EIO'],
  ])('sync fails with %s rejects this line and all after it, and is closed all the same', async (code, words) => {
    let syncs = 0;
    const sync: Disk['sync'] = (fd, done) => ((syncs += 1) > 1 ? done(failure(code)) : systemDisk.sync(fd, done));
    const { journal, heard } = await open({ sync });
    await journal.append(start);
    const first = await refusal(journal);
    expect(first).toContain(`can't be written (${words}); no further call was made`);
    expect([await refusal(journal), journal.failure?.kind, heard, syncs]).toEqual([first, 'disk', [first], 2]);
    await journal.close();
  });

  it('write fails tells of it before any promise does, and keeps whole lines only', async () => {
    let left = 2000;
    const write: Disk['write'] = (fd, bytes, offset) => {
      const taken = Math.min(left, bytes.length - offset);
      left -= taken;
      if (taken === 0) throw failure('ENOSPC');
      return writeSync(fd, bytes, offset, taken);
    };
    const { report, journal, heard } = await open({ write });
    await journal.append(start);
    const appended = Array.from({ length: 8 }, () => refusal(journal));
    expect(await Promise.all(appended)).toEqual([undefined, ...Array.from({ length: 7 }, () => heard[0])]);
    expect(readFileSync(report, 'utf8')).toMatch(/\}\n$/);
    expect([heard.length, count(report) >= 2]).toEqual([1, true]);
    await journal.close();
  });

  it('lines come while a sync is under way writes them together after it', async () => {
    const [waiting, sizes]: [(() => void)[], number[]] = [[], []];
    const sync: Disk['sync'] = (_fd, done) => void waiting.push(() => done(null));
    const write: Disk['write'] = (...call) => (sizes.push(call[1].length), systemDisk.write(...call));
    const { journal } = await open({ sync, write });
    const all = [journal.append(start), journal.append(end(1, 'done')), journal.append(end(2, 'done'))];
    expect([sizes.length, waiting.length]).toEqual([1, 1]);
    waiting[0]?.();
    expect([sizes.length, waiting.length]).toEqual([2, 2]);
    waiting[1]?.();
    await Promise.all(all);
    await journal.close();
  });

  it.each([
    ['moved', (report: string) => renameSync(report, `${report}.old`), /was moved or removed/],
    ['cut', (report: string) => truncateSync(report, 10), /cut by another process/],
    ['written to', (report: string) => writeFileSync(report, 'x', { flag: 'a' }), /was written to/],
    ['replaced', (report: string) => (renameSync(report, `${report}.old`), writeFileSync(report, '')), /was moved/],
  ])('file is %s during the run takes no further line', async (_, touch, words) => {
    const { report, journal, heard } = await open();
    await journal.append(start);
    touch(report);
    expect(await refusal(journal)).toMatch(words);
    expect(heard).toHaveLength(1);
    await journal.close();
  });

  it('stream is closed fails like a full disk', async () => {
    const stdout = new Writable({ write: (_chunk, _encoding, done) => done(failure('EPIPE')) }).on('error', () => {});
    const { journal, heard } = await open({}, { stdout });
    expect(await refusal(journal)).toBe('standard output is closed (EPIPE); no further call was made');
    expect([await refusal(journal), heard.length, journal.failure?.kind]).toEqual([heard[0], 1, 'disk']);
    await journal.close();
  });
});
