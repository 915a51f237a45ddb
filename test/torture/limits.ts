// What the tool does to an organization: calls under a known limit, calls in an outage, calls with a key that is refused.
import type { Fault } from '../../src/sandbox/faults.ts';
import { person, serveCompany } from '../support/organization.ts';
import { ndjson } from '../support/spawn.ts';
import { begin, resume, Scene, timed, until } from './scene.ts';
import type { Figure } from './score.ts';

const perSecond = 200;

/** So many calls at the limit that the organization has, as it counts strictly: over any second. */
export async function keepLimit(calls: number): Promise<{ throttled: number; most: number; seconds: number }> {
  using scene = new Scene();
  const rate = { limit: perSecond, windowMs: 1000, kind: 'sliding' } as const;
  await using company = await serveCompany({ people: calls }, { rate });
  const rows = Array.from({ length: calls }, (_, n) => ({
    action: 'get-last-active',
    accountId: person(n).accountId,
  }));
  const manifest = scene.manifest(rows);
  const more = ['--rate', `${perSecond}/s`, '--max-changes', String(calls)];
  const { value, ms } = await timed(() => resume({ manifest, report: scene.path('r.ndjson'), env: company.env, more }));
  if (value.code !== 0) throw new Error(`exit ${value.code}: ${value.stderr}`);
  const { ledger } = company.sandbox;
  let [from, most] = [0, 0];
  for (const [to, { at }] of ledger.entries()) {
    while ((ledger[from]?.at ?? at) <= at - 1000) from += 1;
    most = Math.max(most, to - from + 1);
  }
  return { throttled: ledger.filter(({ status }) => status === 429).length, most, seconds: ms / 1000 };
}

export interface OutageScore {
  code: number | null;
  calls: number;
  /** Rows whose call left. */
  rows: number;
  /** From the first call that failed to the end. */
  seconds: number;
  /** Calls of the pace in that time. */
  paced: number;
}

/** A run at 3 calls a second, whose organization answers everything with 503 once five changes are made. */
export async function meetOutage(): Promise<OutageScore> {
  using scene = new Scene();
  await using company = await serveCompany({ people: 200 });
  const report = scene.path('r.ndjson');
  const env = { ...company.env, LEAVERS_RATE: '180/m' };
  const { ended } = begin({ manifest: scene.manifest(200), report, env });
  await until(() => company.changes().length >= 5);
  const faults: Fault[] = [{ kind: 'status', status: 503 }];
  const control = company.url.replace(/\/admin$/, '/_sandbox/faults');
  const headers = { 'content-type': 'application/json' };
  await fetch(control, { method: 'POST', body: JSON.stringify(faults), headers });
  const { code } = await ended;
  const calls = company.sandbox.ledger.filter(({ status }) => status === 503);
  const seconds = (Date.now() - (calls[0]?.at ?? 0)) / 1000;
  const rows = new Set(calls.map(({ path }) => path)).size;
  if (ndjson(report).at(-1)?.['outcome'] !== 'stopped') throw new Error('the report does not say that it was stopped');
  return { code, calls: calls.length, rows, seconds, paced: Math.ceil(seconds * 3) };
}

/** Calls that a refused key costs, and the exit code, at planning and in the middle of a run. */
export async function refuseKey(status: 401 | 403, where: string) {
  using scene = new Scene();
  await using company = await serveCompany(
    { people: 40 },
    { faults: [{ match: { path: where }, kind: 'status', status }] },
  );
  const { code } = await resume({ manifest: scene.manifest(40), report: scene.path('r.ndjson'), env: company.env });
  return { code, calls: company.sandbox.ledger.filter((call) => call.status === status).length };
}

export async function limitFigure(calls: number): Promise<Figure> {
  const { throttled, most, seconds } = await keepLimit(calls);
  return {
    id: 'B4',
    name: `429s of our own making at ${perSecond}/s`,
    figure: `${throttled} of ${calls}; ≤ ${most} in a second, ${(calls / seconds).toFixed(0)}/s`,
    target: `≤ 0.1 %, ≤ ${perSecond}`,
    holds: throttled <= calls / 1000 && most <= perSecond,
  };
}

export async function outageFigures(): Promise<Figure[]> {
  const { code, calls, rows, seconds, paced } = await meetOutage();
  return [
    {
      id: 'B5',
      name: 'calls in a full outage, by the pace and by the row',
      figure: `${(calls / paced).toFixed(2)}× (${calls} of ${paced}), ${(calls / rows).toFixed(2)} a row (${rows})`,
      target: '≤ 1.1×',
      holds: calls <= 1.1 * paced,
    },
    {
      id: 'B5',
      name: 'a full outage stops the run',
      figure: `exit ${code} after ${seconds.toFixed(1)} s`,
      target: '75, ≤ 30 s',
      holds: code === 75 && seconds <= 30.5,
    },
  ];
}

export async function keyFigures(): Promise<Figure[]> {
  const early = await refuseKey(401, '');
  const late = await refuseKey(401, 'suspend');
  const forbidden = await refuseKey(403, '');
  return [
    {
      id: 'B6',
      name: 'calls with a key that meets 401, at first and later',
      figure: `${early.calls} and ${late.calls}, exit ${early.code} and ${late.code}`,
      target: '1 and ≤ 8 (under way), 77',
      holds: early.calls === 1 && late.calls <= 8 && early.code === 77 && late.code === 77,
    },
    {
      id: 'B6',
      name: 'calls with a key that meets 403',
      figure: `${forbidden.calls}, exit ${forbidden.code}`,
      target: '≤ 5, 77',
      holds: forbidden.calls <= 5 && forbidden.code === 77,
    },
  ];
}
