// How close a paced run comes to its rate, and how many calls are refused, against servers that count in four ways, with and without jitter.
import { openServer } from '../child.ts';
import type { Figure } from '../figure.ts';
import { type LimitKind, limitKinds } from '../limits.ts';
import { writeRows } from '../rows.ts';
import { run } from './unpaced.ts';

const rows = 1000;
const jitters = [0, 40];

interface Case {
  readonly kind: LimitKind;
  readonly jitterMs: number;
  readonly speed: number;
  /** What the server allows, as a share of the rate. */
  readonly allowed: number;
  readonly tells?: boolean;
}

/** Makespan against the rate that bounds it, and what the server counted. */
async function pacedRun({ kind, jitterMs, speed, allowed, tells = false }: Case) {
  const count = 100;
  const windowMs = (count * 1000) / (speed * allowed);
  const server = await openServer({ latencyMs: 5, jitterMs, tells, limit: { kind, count, windowMs } });
  const manifest = writeRows('ids', rows);
  await run(manifest, server, ['--rate', `${speed * 60}/m`, '--concurrency', '32']);
  const { calls, refused, early, spanMs } = await server.report();
  server.stop();
  const passed = calls - refused;
  const bound = Math.min(speed, speed * allowed);
  const ratio = spanMs / (((passed - 1) * 1000) / bound);
  const counts = `${refused} of ${calls} refused, ${early} while shut`;
  process.stderr.write(`  ${kind}, ${jitterMs} ms, ${speed}/s: ${ratio.toFixed(3)}, ${counts}\n`);
  return { kind, jitterMs, ratio, refused, calls, early };
}

/** Runs at most `side` at a time: each of them waits far more than it works. */
async function sideBySide(cases: readonly Case[], side: number) {
  const left = [...cases];
  const found: Awaited<ReturnType<typeof pacedRun>>[] = [];
  const work = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) found.push(await pacedRun(next));
  };
  await Promise.all(Array.from({ length: side }, work));
  return found;
}

const every = (speed: number, allowed: number, tells = false): Case[] =>
  limitKinds.flatMap((kind) => jitters.map((jitterMs) => ({ kind, jitterMs, speed, allowed, tells })));

/** At speeds that cost next to no CPU, so that all cases run side by side. */
export function pace(_rounds: number): Promise<Figure[]> {
  return pacedAt([3, 10]);
}

/** At a speed that does, two at a time. */
export function quick(_rounds: number): Promise<Figure[]> {
  return pacedAt([100]);
}

/** Calls a second; the server allows 2 % more, counted over windows of 100 calls. */
async function pacedAt(speeds: readonly number[]): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const speed of speeds) {
    const found = await sideBySide(every(speed, 1.02), speed > 50 ? 2 : 8);
    const note = `${rows} rows at ${speed}/s, four kinds of server × 0 and 40 ms of jitter`;
    figures.push(
      {
        group: 'pace',
        name: `makespan at ${speed}/s ÷ ideal`,
        ...worst(found, note),
        bar: { atMost: 1.03 },
      },
      {
        group: 'pace',
        name: `calls refused at ${speed}/s`,
        value: sum(found.map(({ refused }) => refused)),
        bar: { atMost: 0 },
        note,
      },
    );
  }
  return figures;
}

/** A rate that the server does not allow: it allows four fifths of it. */
export async function slower(_rounds: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const tells of [false, true]) {
    const found = await sideBySide(every(10, 0.8, tells), 8);
    const how = tells ? 'that tells what is left' : 'that only refuses';
    const note = `${rows} rows at 10/s where 8/s pass, a server ${how}, four kinds × 0 and 40 ms of jitter`;
    const share = (100 * sum(found.map(({ refused }) => refused))) / sum(found.map(({ calls }) => calls));
    figures.push(
      {
        group: 'pace',
        name: `makespan against a server ${how} ÷ ideal`,
        ...worst(found, note),
        bar: { atMost: 1.05 },
      },
      { group: 'pace', name: `calls refused by one ${how}, %`, value: share, bar: { atMost: 1 }, note },
      {
        group: 'pace',
        name: `calls to one ${how} while the gate is shut`,
        value: sum(found.map(({ early }) => early)),
        bar: { atMost: 0 },
        note,
      },
    );
  }
  return figures;
}

/** The worst of all cases, because every one of them has to hold. */
function worst(found: readonly { kind: LimitKind; jitterMs: number; ratio: number }[], note: string) {
  const [last] = found.toSorted((a, b) => b.ratio - a.ratio);
  const least = Math.min(...found.map(({ ratio }) => ratio));
  const spread = [least, last?.ratio ?? Number.NaN] as const;
  return { value: spread[1], spread, note: `${note}; the worst: ${last?.kind}, ${last?.jitterMs} ms` };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
