// Disks that fail at every write and every sync of a run, a real small disk where one can be mounted, and memory that is not synced.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { person, serveCompany } from '../support/organization.ts';
import { leavers, ndjson } from '../support/spawn.ts';
import { resume, Scene, timed } from './scene.ts';
import type { Figure } from './score.ts';

/** From the k-th line on, the report's disk takes half of what is written and then nothing. When that was is noted. */
const fullAt = `
const [write, at, path] = [fs.writeSync, Number(process.env.FAILS_AT), process.env.REPORT];
const isReport = (fd) => fs.fstatSync(fd).ino === fs.lstatSync(path, { throwIfNoEntry: false })?.ino;
const fails = (code) => Object.assign(new Error(code), { code });
const note = () => fs.existsSync(path + '.failed') || fs.writeFileSync(path + '.failed', String(Date.now()));
let lines = 0;
fs.writeSync = (fd, bytes, from = 0, ...more) => {
  if (!isReport(fd)) return write(fd, bytes, from, ...more);
  if (from === 0) lines += 1;
  if (lines < at) return write(fd, bytes, from, ...more);
  note();
  if (from > 0 || lines > at) throw fails('ENOSPC');
  return write(fd, bytes, 0, Math.floor(bytes.length / 2));
};`;

/** The k-th sync fails, as with a cable that is loose. */
const ioAt = `
const [sync, at, path] = [fs.fdatasync, Number(process.env.FAILS_AT), process.env.REPORT];
let syncs = 0;
fs.fdatasync = (fd, done) => {
  syncs += 1;
  if (syncs < at) return sync(fd, done);
  fs.existsSync(path + '.failed') || fs.writeFileSync(path + '.failed', String(Date.now()));
  setImmediate(() => done(Object.assign(new Error('EIO'), { code: 'EIO' })));
};`;

export interface DiskScore {
  runs: number;
  /** Runs that met their fault. The others made fewer writes or syncs than the k-th, because lines are written in groups. */
  reached: number;
  /** Ended with anything but 74, or but 0 where the fault was not reached. */
  otherwise: number;
  slowestMs: number;
  /** Calls whose announcement is not in the report. */
  unannounced: number;
  /** Calls that reached the organization later than what was on its way when the disk failed. */
  late: number;
  /** Rows that were not made exactly once after resume, or reports that do not verify. */
  unclean: number;
}

/** Fails each write and each sync of a run of so many rows, one after the other. */
export async function failDisks(rows: number): Promise<DiskScore> {
  const score: DiskScore = { runs: 0, reached: 0, otherwise: 0, slowestMs: 0, unannounced: 0, late: 0, unclean: 0 };
  for (const code of [fullAt, ioAt])
    for (let at = 1; at <= (code === fullAt ? 2 * rows + 2 : rows); at += 1) await failOne(score, { rows, code, at });
  return score;
}

const onTheirWayMs = 30;
/** Of an account id, what a path has as it is. */
const tail = (n: number) => person(n).accountId.split(':')[1] ?? '';

async function failOne(score: DiskScore, { rows, code, at }: { rows: number; code: string; at: number }) {
  using scene = new Scene();
  await using company = await serveCompany({ people: rows });
  const [manifest, report] = [scene.manifest(rows), scene.path('r.ndjson')];
  const env = { ...company.env, ...scene.preload(code), FAILS_AT: String(at), REPORT: report };
  const more = ['--rate', '100/s', '--concurrency', '4'];
  const { value, ms } = await timed(() => resume({ manifest, report, env, more }));
  const isReached = existsSync(`${report}.failed`);
  score.runs += 1;
  if (value.code !== (isReached ? 74 : 0)) score.otherwise += 1;
  if (!isReached) return;
  score.reached += 1;
  score.slowestMs = Math.max(score.slowestMs, ms);
  const text = readFileSync(report, 'utf8');
  const announced = new Set(
    [...text.matchAll(/"event":"row-sent".*?"row":(\d+)/g)].map(([, row]) => tail(Number(row) - 1)),
  );
  const failedAt = Number(readFileSync(`${report}.failed`, 'utf8'));
  const calls = company.changes();
  score.unannounced += calls.filter(({ path }) => ![...announced].some((id) => path.includes(id))).length;
  score.late += calls.filter((call) => call.at > failedAt + onTheirWayMs).length;
  const again = await resume({ manifest, report, env: company.env });
  const made = new Set(company.changes().map(({ path }) => path));
  const isClean = again.code === 0 && made.size === rows && company.changes().length === rows;
  if (!isClean || (await leavers(['verify', report])).code !== 0) score.unclean += 1;
}

/** A disk of so many kilobytes, or undefined where nothing can be mounted. */
function mount(at: string, kilobytes: number): { [Symbol.dispose](): void; grow(): void } | undefined {
  mkdirSync(at);
  const run = (...args: [string, ...string[]]) => execFileSync(args[0], args.slice(1), { stdio: 'ignore' });
  try {
    run('mount', '-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', at);
  } catch {
    return undefined;
  }
  return { grow: () => run('mount', '-o', 'remount,size=4m', at), [Symbol.dispose]: () => run('umount', at) };
}

/** Runs on real disks of 4 to 32 kB: how many ended with 73 or 74 and were clean after there was room. Undefined where none can be mounted. */
export async function fillDisks(): Promise<{ disks: number; wrong: number } | undefined> {
  const sizes = [4, 8, 12, 16, 20, 24, 28, 32];
  let wrong = 0;
  for (const kilobytes of sizes) {
    using scene = new Scene();
    await using company = await serveCompany({ people: 40 });
    const at = scene.path('disk');
    using disk = mount(at, kilobytes);
    if (disk === undefined) return undefined;
    const [manifest, report] = [scene.manifest(40), join(at, 'r.ndjson')];
    const { code } = await resume({ manifest, report, env: company.env });
    disk.grow();
    const again = await resume({ manifest, report, env: company.env });
    const once = company.changes().length === 40 && new Set(company.changes().map(({ path }) => path)).size === 40;
    if (![73, 74].includes(code ?? 0) || again.code !== 0 || !once) wrong += 1;
  }
  return { disks: sizes.length, wrong };
}

/** Loses promises: the k-th sync never comes back. How many runs ended with something but 70. */
export async function forget(times: number): Promise<{ runs: number; zeros: number; otherwise: number }> {
  const ends: (number | null)[] = [];
  for (let at = 1; at <= times; at += 1) {
    using scene = new Scene();
    await using company = await serveCompany({ people: 12 });
    const code = `
      const [sync, at] = [fs.fdatasync, ${at}];
      let syncs = 0;
      fs.fdatasync = (fd, done) => void ((syncs += 1) === at || sync(fd, done));`;
    const report = scene.path('r.ndjson');
    const env = { ...company.env, ...scene.preload(code) };
    // One after the other, so that there are enough syncs.
    const end = await resume({ manifest: scene.manifest(12), report, env, more: ['--concurrency', '1'] });
    ends.push(end.code);
    if (end.code === 0 && ndjson(report).at(-1)?.['event'] === 'run-end') ends.pop();
  }
  const zeros = ends.filter((code) => code === 0).length;
  return { runs: ends.length, zeros, otherwise: ends.filter((code) => code !== 70).length };
}

export async function diskFigures(rows: number): Promise<Figure[]> {
  const { runs, reached, otherwise, slowestMs, unannounced, late, unclean } = await failDisks(rows);
  const filled = await fillDisks();
  const seconds = (slowestMs / 1000).toFixed(2);
  // Where fewer faults than rows are reached, the harness no longer strikes.
  const isShort = reached < rows || otherwise + unannounced + late + unclean > 0 || slowestMs > 2000;
  return [
    {
      id: 'A8',
      name: 'disk fails at every write and sync',
      figure: `${reached} of ${runs} faults reached: ${otherwise} not 74, ${late} calls after, ${unannounced} unannounced, ${unclean} unclean resumes, ≤ ${seconds} s`,
      target: '0, 0, 0, 0, < 2 s',
      holds: !isShort,
    },
    {
      id: 'A8',
      name: 'real disks of 4 to 32 kB that fill',
      figure: filled === undefined ? 'no right to mount one here' : `${filled.wrong} of ${filled.disks} wrong`,
      target: '0',
      holds: (filled?.wrong ?? 0) === 0,
    },
  ];
}

export async function forgottenFigure(times: number): Promise<Figure> {
  const { runs, zeros, otherwise } = await forget(times);
  return {
    id: 'A13',
    name: 'exit 0 without the closing line',
    figure: `${zeros} of ${runs} forgotten promises (${otherwise} not 70)`,
    target: '0',
    holds: zeros + otherwise === 0,
  };
}
