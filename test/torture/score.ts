// What the scoreboard is made of: figures with the target that they are held to, and how often each accident happens.

/** A row of the scoreboard. */
export interface Figure {
  /** As in the list of figures that the project holds itself to. */
  readonly id: string;
  readonly name: string;
  readonly figure: string;
  readonly target: string;
  readonly holds: boolean;
}

/** How often. The full bars; the suite runs the same code with smaller numbers. */
export const full = {
  kills: 1000,
  lost: 5000,
  rows: 12,
  flips: 3000,
  tails: 500,
  starts: 200,
  edits: 500,
  steps: 200,
  forgotten: 12,
  repeats: 50,
  calls: 10_000,
  mutations: 10_000,
  lines: 1_000_000,
  signals: 20,
};
export type Amounts = Readonly<Record<keyof typeof full, number>>;

/** Accidents that are made together, and the figures they give. */
export interface Trial {
  readonly ids: readonly string[];
  run(amounts: Amounts, tell: (words: string) => void): Promise<Figure[]>;
}

/** A row whose target is none at all. */
export function none(id: string, name: string, count: number, of: string): Figure {
  return { id, name, figure: `${count} of ${of}`, target: '0', holds: count === 0 };
}
