// Runs killed at random moments and resumed until they are done, against the ledger of the organization, which is the truth.
import type { ChildProcess } from 'node:child_process';
import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import type { RowEnd } from '../../src/report/events.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import { group, person, serveCompany } from '../support/organization.ts';
import { ndjson } from '../support/spawn.ts';
import { begin, pause, type Row, Scene, until } from './scene.ts';
import { type Figure, none } from './score.ts';

/** What many kills came to. Rows, not calls, unless it says so. */
export interface KillScore {
  kills: number;
  batches: number;
  rows: number;
  /** Not carried out although the report says so, or never reported. */
  lost: number;
  /** Carried out more than once. */
  repeated: number;
  /** Of those, not marked ambiguous. */
  unflagged: number;
  /** Invitations and groups sent twice without anybody saying so. */
  doubled: number;
  /** Most repeats that one kill caused. */
  worst: number;
  unknown: number;
}

interface Change {
  readonly row: Row;
  /** Finds the row's calls in the ledger. */
  readonly is: (entry: { method: string; path: string; body: unknown }) => boolean;
  readonly creates: boolean;
}

const suspend = (n: number): Change => ({
  row: { action: 'suspend-user', accountId: person(n).accountId, reference: `s${n}` },
  is: ({ method, path }) =>
    method === 'POST' && path.includes(encodeless(person(n).accountId)) && path.includes('suspend'),
  creates: false,
});
const leave = (n: number): Change => ({
  row: {
    action: 'remove-user-from-group',
    accountId: person(n).accountId,
    groupId: group(0).groupId,
    reference: `l${n}`,
  },
  is: ({ method, path }) =>
    method === 'DELETE' && path.includes(encodeless(person(n).accountId)) && path.includes('memberships'),
  creates: false,
});
const invite = (n: number): Change => ({
  row: { action: 'invite-user', email: `new${n}@example.com`, sendNotification: false, reference: `i${n}` },
  is: ({ path, body }) => path.endsWith('/users/invite') && JSON.stringify(body).includes(`"new${n}@example.com"`),
  creates: true,
});

/** Paths of the ledger may have the colon either way. */
function encodeless(id: string): string {
  return id.slice(id.indexOf(':') + 1);
}

const changes: readonly Change[] = Array.from({ length: 300 }, (_, n) =>
  n % 10 === 9 ? invite(n) : n % 3 === 0 ? leave(n) : suspend(n),
);

/** Some calls are slow, so that a run that is killed has calls on their way that are carried out after the next one has looked. */
const slow: Fault = { match: { path: 'suspend|memberships|invite' }, kind: 'slow', delayMs: 900 };
const faults: Fault[] = [{ ...slow, match: { ...slow.match, every: 5 } }];

/** How runs are killed. */
export interface Killing {
  readonly kills: number;
  /** Rows of a batch, 300 by itself. */
  readonly rows?: number;
  /** As by a power cut: with the process goes what was not synced, or a part of it. */
  readonly power?: boolean;
  readonly tell?: (score: KillScore) => void;
}

/** Kills until `kills` is reached, a batch of rows after the other, 8 in flight. */
export async function torture({ kills, rows = 300, power = false, tell = () => {} }: Killing): Promise<KillScore> {
  const names = ['kills', 'batches', 'rows', 'lost', 'repeated', 'unflagged', 'doubled', 'worst', 'unknown'] as const;
  const score = Object.fromEntries(names.map((name) => [name, 0])) as unknown as KillScore;
  while (score.kills < kills) {
    await batch(score, { kills, rows, power });
    tell(score);
  }
  return score;
}

/** Writes down, in one write, how many bytes of the report are on disk. */
const noteSynced = `
const [sync, out] = [fs.fdatasync, fs.openSync(process.env.SYNCED, 'a')];
fs.fdatasync = (fd, done) => {
  const { size } = fs.fstatSync(fd);
  sync(fd, (error) => {
    fs.writeSync(out, String(size).padStart(16));
    done(error);
  });
};`;

/** Takes from the report what a power cut may take. */
function cutPower(report: string, synced: string): void {
  const { size = 0 } = statSync(report, { throwIfNoEntry: false }) ?? {};
  const kept = Number(readFileSync(synced, 'latin1').slice(-16));
  if (size > kept) truncateSync(report, Math.random() < 0.5 ? kept : kept + Math.floor(Math.random() * (size - kept)));
}

/** Kills a fifth of the runs at any moment, and the others once they are at work. */
async function killSoon(child: ChildProcess, isAtWork: () => boolean): Promise<void> {
  const isEarly = Math.random() < 0.2;
  await until(() => isEarly || isAtWork() || child.exitCode !== null);
  await pause(Math.random() * (isEarly ? 400 : 150));
  child.kill('SIGKILL');
}

async function batch(score: KillScore, { kills, rows, power }: Required<Omit<Killing, 'tell'>>): Promise<void> {
  const wanted = changes.slice(0, rows);
  using scene = new Scene();
  await using company = await serveCompany({ people: 300 }, { faults });
  const [manifest, report] = [scene.manifest(wanted.map(({ row }) => row)), scene.path('report.ndjson')];
  const more = ['--allow', 'invite-user', '--api', 'v2'];
  for (let code: number | null = null; code === null; ) {
    const before = repeats(company.sandbox.ledger);
    const synced = scene.path('synced');
    writeFileSync(synced, String(statSync(report, { throwIfNoEntry: false })?.size ?? 0).padStart(16));
    const env = { ...company.env, SYNCED: synced, ...(power ? scene.preload(noteSynced) : {}) };
    const { child, ended } = begin({ manifest, report, env, more });
    const made = company.changes().length;
    if (score.kills < kills) void killSoon(child, () => company.changes().length > made);
    const end = await ended;
    if (end.signal === 'SIGKILL') score.kills += 1;
    else if (end.code !== 0 && end.code !== 3) throw new Error(`exit ${end.code}: ${end.stderr}`);
    else code = end.code;
    if (end.signal === 'SIGKILL' && power) cutPower(report, synced);
    score.worst = Math.max(score.worst, repeats(company.sandbox.ledger) - before);
  }
  await pause(1000);
  count(score, { wanted, ledger: company.sandbox.ledger, lines: ndjson(report) as unknown as RowEnd[] });
}

type Ledger = readonly {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly status: number;
}[];
const accepted = (ledger: Ledger) =>
  ledger.filter(({ status, method, path }) => status < 300 && method !== 'GET' && !path.endsWith('/search'));

/** How often a row was carried out beyond the first time, over all rows. */
function repeats(ledger: Ledger): number {
  const calls = accepted(ledger);
  return (
    calls.length - new Set(calls.map(({ method, path, body }) => `${method} ${path} ${JSON.stringify(body)}`)).size
  );
}

interface Truth {
  readonly wanted: readonly Change[];
  readonly ledger: Ledger;
  readonly lines: readonly RowEnd[];
}

function count(score: KillScore, { wanted, ledger, lines }: Truth): void {
  const calls = accepted(ledger);
  const last = new Map(lines.filter(({ event }) => event === 'row').map((line) => [line.reference, line]));
  const flagged = new Set(
    lines.filter(({ event, ambiguous }) => event === 'row' && ambiguous).map(({ reference }) => reference),
  );
  score.batches += 1;
  for (const { row, is, creates } of wanted) {
    const { reference } = row as { reference: string };
    const times = calls.filter(is).length;
    const line = last.get(reference);
    score.rows += 1;
    if (line === undefined || (times === 0 && line.outcome !== 'unknown')) score.lost += 1;
    if (line?.outcome === 'unknown') score.unknown += 1;
    if (times > 1) score.repeated += 1;
    if (times > 1 && !flagged.has(reference)) score.unflagged += 1;
    if (times > 1 && creates) score.doubled += 1;
  }
}

/** The figures of many kills. */
export function figuresOf(score: KillScore): Figure[] {
  const { kills, rows, lost, repeated, worst, unflagged, doubled, unknown } = score;
  const each = (repeated / Math.max(1, kills)).toFixed(2);
  return [
    none('A1', 'rows lost by SIGKILL', lost, `${rows} rows, ${kills} kills`),
    {
      id: 'A2',
      name: 'rows carried out twice per kill, 8 in flight',
      figure: `${each} in the mean, ${worst} at worst`,
      target: '≤ 8',
      holds: worst <= 8,
    },
    none('A3', 'of those, not marked ambiguous', unflagged, String(repeated)),
    none('A4', 'invitations doubled by kills', doubled, `${kills} kills (${unknown} left unknown for a person)`),
  ];
}
