// What goes wrong in a seed: how often the network fails in which way, and the one incident of each run.
import type { SignalName } from '../../src/context.ts';
import type { Random } from './random.ts';

/** What becomes of one request. `arrives`: the organization carries it out. */
export const fates = {
  /** No connection: it certainly did not arrive. */
  refused: { arrives: false },
  /** The connection breaks before the request is there; nobody can tell that. */
  cut: { arrives: false },
  /** It is carried out and the answer is lost. */
  lost: { arrives: true },
  /** No answer ever, the request carried out. */
  silent: { arrives: true },
  /** No answer ever, the request not carried out. */
  swallowed: { arrives: false },
  /** It is carried out after everybody has stopped waiting for it. */
  late: { arrives: true },
  /** A proxy sends it twice. */
  doubled: { arrives: true },
  /** 5xx in place of the answer. */
  error: { arrives: true },
  /** 5xx, not carried out. */
  unavailable: { arrives: false },
  /** Half of the answer's body. */
  garbled: { arrives: true },
  /** The body breaks off. */
  truncated: { arrives: true },
  /** A web page under a 200. */
  page: { arrives: false },
  /** The key is refused. */
  unauthorized: { arrives: false },
} as const;
export type Fate = keyof typeof fates;

/** Where a run breaks. `at` counts writes, syncs or requests of the run. */
export type Incident =
  | { readonly kind: 'none' }
  | { readonly kind: 'crash'; readonly on: 'write' | 'request'; readonly at: number; readonly after: boolean }
  | { readonly kind: 'disk'; readonly on: 'write' | 'sync'; readonly at: number }
  | { readonly kind: 'signal'; readonly signal: SignalName; readonly at: number; readonly twice: boolean };

export interface Trouble {
  /** Chance of each fate; the rest of the requests goes well. */
  readonly chances: readonly (readonly [Fate, number])[];
  /** Spans of virtual ms in which every request is answered with 429. */
  readonly storms: readonly { readonly from: number; readonly to: number }[];
  /** Moments at which the wall clock steps, by how many ms. */
  readonly steps: readonly { readonly at: number; readonly ms: number }[];
  /** Moments at which another admin changes somebody. */
  readonly meddling: readonly number[];
  /** One for each troubled run. */
  readonly incidents: readonly Incident[];
}

export function chooseTrouble(random: Random): Trouble {
  const kinds = (Object.keys(fates) as Fate[]).filter(() => random.chance(0.25));
  const heavy = random.chance(0.3) ? 0.25 : 0.08;
  const storms = random.chance(0.3) ? random.int(1, 3) : 0;
  const many = (chance: number, most: number) =>
    Array.from({ length: random.chance(chance) ? random.int(1, most) : 0 });
  return {
    chances: kinds.map((kind) => [kind, kind === 'unauthorized' ? 0.01 : random.next() * heavy] as const),
    storms: Array.from({ length: storms }, () => {
      const from = random.int(0, 60_000);
      return { from, to: from + random.int(500, 40_000) };
    }),
    steps: many(0.3, 4).map(() => ({ at: random.int(0, 90_000), ms: random.int(-7_200_000, 7_200_000) })),
    meddling: many(0.3, 4).map(() => random.int(0, 20_000)),
    incidents: Array.from({ length: random.int(1, 4) }, () => chooseIncident(random)),
  };
}

function chooseIncident(random: Random): Incident {
  const at = random.int(1, random.pick([5, 15, 40]));
  const kind = random.int(0, 9);
  if (kind < 5) return { kind: 'crash', on: random.chance(0.5) ? 'write' : 'request', at, after: random.chance(0.5) };
  if (kind < 7) return { kind: 'disk', on: random.chance(0.6) ? 'write' : 'sync', at };
  if (kind < 9)
    return {
      kind: 'signal',
      signal: random.pick(['SIGHUP', 'SIGINT', 'SIGTERM'] as const),
      at,
      twice: random.chance(0.2),
    };
  return { kind: 'none' };
}
