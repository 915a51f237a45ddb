// Two runs that are started together, again and again, and a run that is started right after a kill.
import { serveCompany } from '../support/organization.ts';
import { ndjson } from '../support/spawn.ts';
import { begin, resume, Scene, suspend, timed, until } from './scene.ts';
import { type Figure, none } from './score.ts';

export interface StartScore {
  starts: number;
  /** Runs that began inside of another. */
  inside: number;
  /** Pairs of which none ran, or one ended with anything but 0 and 75. */
  odd: number;
  /** Pairs whose second started so late that the first had ended. */
  inTurn: number;
  /** How long being turned away took at worst, in ms. */
  slowestMs: number;
}

/** Longer than a run that waits its turn is patient, so that two never come one after the other. */
const callMs = 700;

/** Starts two runs on one report, so many times. */
export async function startTogether(starts: number): Promise<StartScore> {
  const score: StartScore = { starts: 0, inside: 0, odd: 0, inTurn: 0, slowestMs: 0 };
  using scene = new Scene();
  const faults = [{ match: { path: 'suspend' }, kind: 'slow', delayMs: callMs } as const];
  await using company = await serveCompany({ people: starts }, { faults });
  for (; score.starts < starts; score.starts += 1) {
    const [manifest, report] = [scene.manifest([suspend(score.starts)]), scene.path('r.ndjson')];
    const one = () => timed(() => resume({ manifest, report, env: company.env }));
    const both = await Promise.all([one(), one()]);
    const away = both.filter(({ value }) => value.code === 75);
    const ran = both.filter(({ value }) => value.code === 0);
    if (ran.length === 0 || away.length + ran.length < 2) score.odd += 1;
    if (ran.length === 2) score.inTurn += 1;
    score.slowestMs = Math.max(score.slowestMs, ...away.map(({ ms }) => ms));
    // One chain, whose runs follow one another: a start is never inside of another run.
    score.inside += ndjson(report).filter(
      ({ event }, at, lines) => event === 'run-start' && at > 0 && lines[at - 1]?.['event'] !== 'run-end',
    ).length;
  }
  score.inside += company.changes().length - starts;
  return score;
}

/** How long after a kill the next run makes its first change, in ms, at worst of so many. */
export async function restart(times: number): Promise<number> {
  let slowest = 0;
  for (let time = 0; time < times; time += 1) {
    using scene = new Scene();
    await using company = await serveCompany({ people: 30 });
    const run = { manifest: scene.manifest(30), report: scene.path('r.ndjson'), env: company.env };
    const first = begin({ ...run, more: ['--rate', '20/s'] });
    await until(() => company.changes().length >= 2);
    first.child.kill('SIGKILL');
    await first.ended;
    const before = company.changes().length;
    const { ms } = await timed(async () => {
      const next = begin(run);
      await until(() => company.changes().length > before);
      next.child.kill('SIGKILL');
      await next.ended;
    });
    slowest = Math.max(slowest, ms);
  }
  return slowest;
}

export async function lockFigures(starts: number): Promise<Figure[]> {
  const { inside, odd, inTurn, slowestMs } = await startTogether(starts);
  const restartMs = await restart(Math.ceil(starts / 20));
  return [
    none(
      'A10',
      'both of two runs, or none of them',
      inside + odd,
      `${starts} starts of two runs (${inTurn} came in turn)`,
    ),
    {
      id: 'A10',
      name: 'the second run ends with 75 after',
      figure: `≤ ${(slowestMs / 1000).toFixed(2)} s`,
      target: '< 1 s',
      holds: slowestMs < 1000,
    },
    {
      id: 'A10',
      name: 'first change of a run after kill -9',
      figure: `≤ ${(restartMs / 1000).toFixed(2)} s`,
      target: '< 1 s',
      holds: restartMs < 1000,
    },
  ];
}
