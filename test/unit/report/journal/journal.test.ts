// The journal on real files: what is on disk after any crash, and what is said about a report that was touched.
import { copyFileSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { outcomes } from '../../../../src/model.ts';
import type { ReportLine } from '../../../../src/report/events.ts';
import { createJournal, resumeJournal } from '../../../../src/report/journal/journal.ts';
import { readReport } from '../../../../src/report/read/read-lines.ts';
import { verifyReport } from '../../../../src/report/read/verify-chain.ts';
import { folder } from '../../../support/spawn.ts';
import { world } from '../../../support/context.ts';
import { cutEverywhere, end, flipBits, key, start, touchLines, writeJournal } from '../../../torture/journals.ts';

const home = folder();
afterAll(() => home[Symbol.dispose]());
let files = 0;
const file = () => join(home.path, `report-${(files += 1)}.ndjson`);
async function lines(path: string): Promise<ReportLine[]> {
  const read: ReportLine[] = [];
  for await (const line of readReport(path)) read.push(line);
  return read;
}

describe('a report', () => {
  it('holds every line in order, each with time, event, run and schema, and its hash last', async () => {
    const path = file();
    await writeJournal(path, 3);
    const text = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect((await lines(path)).map(({ event }) => event)).toEqual([
      'run-start',
      ...Array.from({ length: 3 }, () => ['row-sent', 'row']).flat(),
    ]);
    for (const line of text)
      expect(line).toMatch(/^\{"time":"\d{4}-.*Z","runId":"r1","schema":1,"event":"[\w-]+".*,"h":"[0-9a-f]{32}"\}$/);
  });

  it('is for its owner alone, in folders made for its owner alone', async () => {
    const path = join(home.path, 'new', 'folder', 'report.ndjson');
    await writeJournal(path, 1);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(home.path, 'new')).mode & 0o777).toBe(0o700);
  });

  it('escapes what a terminal could take for more than text', async () => {
    const path = file();
    const journal = await createJournal({ path, runId: 'r1', context: world() });
    await journal.append(start);
    await journal.append(end(1, 'done', 'a\u009b31m\u202eb\u2028\u001b[0m'));
    await journal.close();
    const text = readFileSync(path, 'utf8');
    expect(['\u001b', '\u009b', '\u2028', '\u202e'].filter((char) => text.includes(char))).toEqual([]);
    expect((await lines(path)).at(-1)).toMatchObject({ reference: 'a\u009b31m\u202eb\u2028\u001b[0m' });
  });

  it('never shows what its gate takes out', async () => {
    const path = file();
    const journal = await createJournal({
      path,
      runId: 'r1',
      context: world(),
      redact: (line) => line.replaceAll('s3cret', '[key]'),
    });
    await journal.append({ ...start, operator: 's3cret' });
    await journal.close();
    expect(readFileSync(path, 'utf8')).not.toContain('s3cret');
    expect((await verifyReport(path)).ok).toBe(true);
  });
});

describe('the place of a report', () => {
  const refused = async (path: string) =>
    createJournal({ path, runId: 'r', context: world() }).then(
      () => 'made',
      (error: { kind: string; message: string }) => `${error.kind}: ${error.message.replace(path, 'FILE')}`,
    );

  it('is never overwritten, and never reached through a link', async () => {
    const [there, link] = [file(), file()];
    writeFileSync(there, 'mine');
    symlinkSync(there, link);
    expect(await refused(there)).toBe(
      'report: FILE exists; continue it with --resume, or name another file with --report',
    );
    expect(await refused(link)).toBe(
      'report: FILE is a symbolic link; reports never follow links; name the file itself',
    );
    expect(readFileSync(there, 'utf8')).toBe('mine');
  });

  it('is not changed by resume when it is something else', async () => {
    const [text, link] = [file(), file()];
    writeFileSync(text, 'action,email\nsuspend-user,a@example.com\n');
    symlinkSync(text, link);
    mkdirSync(`${text}.d`);
    for (const path of [text, link, `${text}.d`]) {
      await expect(resumeJournal({ path, runId: 'r', context: world() })).rejects.toMatchObject({ kind: 'report' });
    }
    expect(readFileSync(text, 'utf8')).toContain('a@example.com');
  });
});

describe('after a crash', () => {
  it('every byte prefix resumes: nothing that was whole is lost, and what was torn is cut', async () => {
    expect(await cutEverywhere(2)).toMatchObject({ wrong: 0 });
  });

  it.each([
    [outcomes.filter((name) => name !== 'done' && name !== 'already'), 'planned'],
    // A row is done, whatever was said of it while it had a later date.
    [['done', 'held'], 'done'],
  ] as const)('the last outcome of a row counts, and a row sent again is open again: %j', async (each, last) => {
    const path = file();
    const journal = await createJournal({ path, runId: 'r1', context: world() });
    await journal.append(start);
    for (const outcome of each) await journal.append(end(1, outcome));
    await journal.append({ event: 'row-sent', key: key(1), row: 1 });
    await journal.close();
    const { earlier } = await resumeJournal({ path, runId: 'r2', context: world() });
    expect(earlier.outcome({ key: key(1), action: 'suspend-user', fields: {} })).toBe(last);
    expect(earlier.isSentWithoutOutcome(key(1))).toBe(true);
    expect(earlier.sentOnlyCount).toBe(1);
  });
});

describe('a report that was touched', () => {
  const whole = file();
  const text = async () => {
    if (statSync(whole, { throwIfNoEntry: false }) === undefined) await writeJournal(whole, 8);
    return readFileSync(whole, 'utf8').trimEnd().split('\n');
  };
  const verified = async (changed: readonly string[]) => {
    const path = file();
    writeFileSync(path, `${changed.join('\n')}\n`);
    return verifyReport(path);
  };

  it('is found out for any flipped bit: never undetected, and never read as something else', async () => {
    expect(await flipBits(300)).toEqual({ flips: 300, undetected: 0 });
  });

  it('is found out for every line that is edited, dropped, swapped or added', async () => {
    expect(await touchLines(8)).toMatchObject({ undetected: 0 });
  });

  it('is refused by resume when a line in the middle is bad, with its place', async () => {
    await text();
    const path = file();
    copyFileSync(whole, path);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"row":3,"file"', '"row":4,"file"'));
    await expect(resumeJournal({ path, runId: 'r', context: world() })).rejects.toThrow(/:7: the line was changed/);
  });

  it.each([
    ['a dropped line', (all: string[]) => all.toSpliced(5, 1), 6],
    [
      'two swapped lines',
      (all: string[]) => [...all.slice(0, 4), all[5] as string, all[4] as string, ...all.slice(6)],
      6,
    ],
    ['an added line', (all: string[]) => all.toSpliced(5, 0, all[2] as string), 6],
    ['a dropped start', (all: string[]) => all.slice(1), 1],
  ])('is reported for %s, with the line', async (_, change, line) => {
    const found = await verified(change(await text()));
    expect(found.ok).toBe(false);
    expect(found.findings[0]?.line).toBe(line);
  });

  it('says whether the end is there', async () => {
    expect(await verified(await text())).toMatchObject({ ok: true, complete: false });
  });
});
