// Runs killed at random moments and resumed until they are done, against the ledger of the organization, which is the truth.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RowEnd } from '../../src/report/events.ts';
import { group, person, serveCompany } from '../setup/company.ts';
import { ndjson, start } from '../setup/program.ts';

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
  readonly row: object;
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

/** Kills until `kills` is reached, a batch of 300 rows after the other, 8 in flight. */
export async function torture(kills: number, tell: (score: KillScore) => void = () => {}): Promise<KillScore> {
  const score: KillScore = {
    kills: 0,
    batches: 0,
    rows: 0,
    lost: 0,
    repeated: 0,
    unflagged: 0,
    doubled: 0,
    worst: 0,
    unknown: 0,
  };
  while (score.kills < kills) {
    await batch(score, kills);
    tell(score);
  }
  return score;
}

async function batch(score: KillScore, kills: number): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'leavers-torture-'));
  await using company = await serveCompany({ people: 300 });
  const [manifest, report] = [join(home, 'manifest.ndjson'), join(home, 'report.ndjson')];
  writeFileSync(manifest, changes.map(({ row }) => `${JSON.stringify(row)}\n`).join(''));
  const args = [
    'run',
    manifest,
    '--report',
    report,
    '--resume',
    '--yes',
    '--allow',
    'invite-user',
    '--quiet',
    '--api',
    'v2',
  ];
  for (let code: number | null = null; code === null; ) {
    const before = repeats(company.sandbox.ledger);
    const { child, ended } = start(args, { env: company.env });
    const timer = score.kills < kills ? setTimeout(() => child.kill('SIGKILL'), 150 + Math.random() * 350) : undefined;
    const end = await ended;
    clearTimeout(timer);
    if (end.signal === 'SIGKILL') score.kills += 1;
    else if (end.code !== 0 && end.code !== 3) throw new Error(`exit ${end.code}: ${end.stderr}`);
    else code = end.code;
    score.worst = Math.max(score.worst, repeats(company.sandbox.ledger) - before);
  }
  count(score, company.sandbox.ledger, ndjson(report) as unknown as RowEnd[]);
  rmSync(home, { recursive: true });
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

function count(score: KillScore, ledger: Ledger, lines: readonly RowEnd[]): void {
  const calls = accepted(ledger);
  const last = new Map(lines.filter(({ event }) => event === 'row').map((line) => [line.reference, line]));
  const flagged = new Set(
    lines.filter(({ event, ambiguous }) => event === 'row' && ambiguous).map(({ reference }) => reference),
  );
  score.batches += 1;
  for (const { row, is, creates } of changes) {
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
