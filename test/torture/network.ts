// The hostile network, many times over: every fault on every kind of request, every style of 429, lost answers to invitations.
import { cases, meet, ways } from '../support/hostile-api.ts';
import { styles, waitOut } from '../support/rate-limit-styles.ts';
import { closeWires } from '../support/raw-server.ts';
import { closeClients } from '../support/jumping-clock.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import { serveCompany } from '../support/organization.ts';
import { ndjson } from '../support/spawn.ts';
import { resume, Scene } from './scene.ts';
import { type Figure, none } from './score.ts';

const together = 64;

/** Does the work for each, some at a time; sockets are closed in between. */
async function forEach<T>(all: readonly T[], work: (each: T) => Promise<void>): Promise<void> {
  for (let from = 0; from < all.length; from += together) {
    await Promise.all(all.slice(from, from + together).map(work));
    closeWires();
    await closeClients();
  }
}

/** Meets each fault so many times with each kind of request. */
export async function meetFaults(repeats: number) {
  const score = { met: 0, crashes: 0, misread: 0, falseSuccesses: 0, slowestMs: 0 };
  const all = cases.flatMap((each) => ways.map((over) => ({ each, over })));
  const many = Array.from({ length: repeats }, () => all).flat();
  await forEach(many, async ({ each, over }) => {
    const from = performance.now();
    const { outcome, isError, attempts, arrived } = await meet(each, over).catch((error: unknown) => {
      score.crashes += 1;
      return { outcome: String(error), isError: true, attempts: 0, arrived: 0 };
    });
    score.met += 1;
    score.slowestMs = Math.max(score.slowestMs, performance.now() - from);
    if (outcome !== each.outcome || attempts !== arrived) score.misread += 1;
    if (!isError && !each.outcome.startsWith('answer')) score.falseSuccesses += 1;
  });
  return score;
}

/** Meets a 429 in each style so many times. */
export async function meetStyles(repeats: number) {
  const score = { met: 0, early: 0, late: 0 };
  await forEach(Array.from({ length: repeats }, () => styles).flat(), async ([, seconds, headers]) => {
    const { waitedMs } = await waitOut(headers);
    score.met += 1;
    if (waitedMs < seconds * 1000) score.early += 1;
    if (waitedMs > seconds * 1100 + 1000) score.late += 1;
  });
  return score;
}

/** Invites so many people while the answers, or the calls, are lost: every other of them. */
export async function loseInvitations(calls: number) {
  using scene = new Scene();
  const lost = (n: number, fault: Partial<Fault>): Fault => ({
    match: { path: 'invite', every: n },
    kind: 'reset',
    ...fault,
  });
  const kinds = ['reset', 'close', 'garbled', 'truncate', 'empty', 'html', 'status'] as const;
  // Primes, so that faults meet all over; the first that fits strikes.
  const faults = [3, 5, 7, 11, 13, 17, 19].flatMap((every, at) => [
    lost(every, { kind: kinds[at] ?? 'reset', after: at % 2 === 0 }),
    lost(every + 1, { kind: kinds[at] ?? 'reset', after: at % 2 === 1 }),
  ]);
  await using company = await serveCompany({ people: 1 }, { faults });
  const rows = Array.from({ length: calls }, (_, n) => ({
    action: 'invite-user',
    email: `new${n}@example.com`,
    sendNotification: false,
  }));
  const [manifest, report] = [scene.manifest(rows), scene.path('r.ndjson')];
  const more = ['--allow', 'invite-user', '--max-changes', String(calls), '--timeout', '2s'];
  const { code, stderr } = await resume({ manifest, report, env: company.env, more });
  if (code !== 0 && code !== 3) throw new Error(`exit ${code}: ${stderr}`);
  await resume({ manifest, report, env: company.env, more });
  const sent = company.sandbox.ledger.filter(({ path }) => path.endsWith('/invite'));
  const made = company.changes().map(({ body }) => JSON.stringify(body));
  const ends = ndjson(report).filter(({ event }) => event === 'row');
  return {
    lost: sent.filter(({ status }) => status === 0 || status >= 500).length,
    doubled: sent.length - new Set(sent.map(({ body }) => JSON.stringify(body))).size,
    claimed: ends.filter(
      ({ outcome, email }) => outcome === 'done' && !made.some((body) => body.includes(JSON.stringify(email))),
    ).length,
    unknown: ends.filter(({ outcome }) => outcome === 'unknown').length,
  };
}

export async function faultFigures(repeats: number): Promise<Figure[]> {
  const { met, crashes, misread, falseSuccesses, slowestMs } = await meetFaults(repeats);
  const of = `${met} (${cases.length / 4} faults × 4 kinds of call × 2 transports × ${repeats})`;
  return [
    none('B1', 'faults: crashes', crashes, of),
    none('B1', 'faults: read otherwise than the table says', misread, of),
    {
      id: 'B1',
      name: 'faults: longest, deadline after 0.3 s',
      figure: `${(slowestMs / 1000).toFixed(2)} s`,
      target: '≤ deadline + 1 s',
      holds: slowestMs <= 1300,
    },
    none('B2', 'false successes', falseSuccesses, of),
  ];
}

export async function styleFigures(repeats: number): Promise<Figure[]> {
  const { met, early, late } = await meetStyles(repeats);
  const of = `${met} (${styles.length} styles of header)`;
  return [
    none('B3', '429: waits shorter than stated', early, of),
    none('B3', '429: waits longer than stated + 10 % + 1 s', late, of),
  ];
}

export async function lostFigures(calls: number): Promise<Figure[]> {
  const { lost, doubled, claimed, unknown } = await loseInvitations(calls);
  return [
    none('A4', 'invitations sent twice', doubled, `${calls}, ${lost} of them ambiguous (${unknown} unknown)`),
    none('A4', 'invitations said to be done that are not', claimed, String(calls)),
  ];
}
