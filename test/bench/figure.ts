// The result of a benchmark, as a line for people. The groups measure.

/** One figure: a ratio or a count against what it is held to. */
export interface Figure {
  readonly group: string;
  readonly name: string;
  readonly value: number;
  /** Least and most of the rounds; absent for what was counted once. */
  readonly spread?: readonly [number, number];
  readonly bar: { readonly atMost: number } | { readonly atLeast: number } | undefined;
  /** What the number was made of. */
  readonly note: string;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** Median, least and most of ratios that were formed round by round. */
export function ratios(values: readonly number[]): Pick<Figure, 'value' | 'spread'> {
  return { value: median(values), spread: [Math.min(...values), Math.max(...values)] };
}

export function holds({ value, bar }: Figure): boolean | undefined {
  if (bar === undefined) return undefined;
  return 'atMost' in bar ? value <= bar.atMost : value >= bar.atLeast;
}

/** A number with three significant digits, and no more. */
export function short(value: number): string {
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

/** A Markdown table; docs/benchmarks.md holds it as it is. */
export function renderFigures(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { group, name, value, spread, bar, note } = figure;
    const range = spread === undefined ? '' : ` (${short(spread[0])}–${short(spread[1])})`;
    const wanted = bar === undefined ? '' : 'atMost' in bar ? `≤ ${bar.atMost}` : `≥ ${bar.atLeast}`;
    const verdict = { true: '', false: ' **short**', undefined: '' }[String(holds(figure)) as 'true'];
    return `| ${group} | ${name} | ${short(value)}${range}${verdict} | ${wanted} | ${note} |`;
  });
  return ['| | figure | median (least–most) | bar | made of |', '|---|---|---|---|---|', ...rows].join('\n');
}
