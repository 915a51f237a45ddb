// Charts of people by a number: hours until access ended, days without activity.
import * as Plot from '@observablehq/plot';
import { type Chart, draw, wholeTicks } from './svg.ts';
import type { ChartData } from './chart-data.ts';
import type { Markup } from '../../../page/markup.ts';
import { manyGrouped } from '../../../text/phrases.ts';

/** Numbers in bins of equal width; numbers beyond count in the outermost bins. */
function bins(values: readonly number[], { step, max, min }: { step: number; max: number; min: number }) {
  const all = Array.from({ length: Math.round((max - min) / step) }, (_, n) => ({
    from: min + n * step,
    to: min + (n + 1) * step,
    count: 0,
  }));
  for (const value of values) {
    const bin = all[Math.min(all.length - 1, Math.max(0, Math.floor((value - min) / step)))];
    if (bin !== undefined) bin.count += 1;
  }
  return all;
}

type Bin = ReturnType<typeof bins>[number];

/** A histogram of people, with a line at the limit if there is one. */
function histogram(words: string, of: { all: readonly Bin[]; label: string; line?: number | undefined }): Markup {
  const line = of.line === undefined ? [] : [of.line];
  return draw(words, {
    marginBottom: 44,
    x: {
      label: of.label,
      labelAnchor: 'center',
      labelArrow: 'none',
      labelOffset: 38,
      domain: [of.all[0]?.from ?? 0, of.all.at(-1)?.to ?? 1],
      ticks: 7,
    },
    y: {
      label: 'people',
      tickFormat: 'd',
      ticks: wholeTicks(
        of.all.map(({ count }) => count),
        4,
      ),
      grid: true,
    },
    marks: [
      Plot.rectY(of.all, {
        x1: 'from',
        x2: 'to',
        y: 'count',
        fill: 'var(--accent)',
        inset: 0.5,
      }),
      Plot.ruleX(line, { stroke: 'currentColor', strokeWidth: 1.5, strokeDasharray: '4 3' }),
      Plot.text(line, {
        x: (at: number) => at,
        text: (at: number) => `${at} days`,
        frameAnchor: 'top',
        textAnchor: 'start',
        dx: 5,
        dy: -12,
        fill: 'currentColor',
      }),
      Plot.ruleY([0]),
    ],
  });
}

const numbersOf = (all: readonly Bin[], unit: string) => [
  [unit, 'people'],
  ...all.filter(({ count }) => count > 0).map(({ from, to, count }) => [`${from} to ${to}`, count]),
];

/** From the effective date to the end of access. */
export function delayChart({ delays }: ChartData): Chart | undefined {
  if (delays.length === 0) return undefined;
  const late = delays.filter((delay) => delay > 24).length;
  const words = `Hours from the effective date to the end of access, for ${manyGrouped(delays.length, 'person', 'people')}: ${(delays.length - late).toLocaleString('en')} within 24 hours, ${late.toLocaleString('en')} later.`;
  const longest = delays.reduce((longestYet, delay) => Math.max(longestYet, delay), 0);
  const max = Math.min(168, Math.max(48, Math.ceil(longest / 24) * 24));
  const step = max / 24;
  const early = delays.some((delay) => delay < 0);
  const all = bins(delays, { step, max, min: early ? -step : 0 });
  const label = `hours${longest > max ? ` (${max} and more in the last)` : ''}`;
  return {
    title: 'From the effective date to the end of access',
    words,
    svg: histogram(words, { all, label }),
    numbers: numbersOf(all, 'hours'),
  };
}

/** Days since the last activity, with a line only if the rows have a limit. */
export function inactiveChart({ inactive, inactiveLimit }: ChartData): Chart | undefined {
  if (inactive.length === 0) return undefined;
  const over = inactive.filter((days) => days > (inactiveLimit ?? Number.POSITIVE_INFINITY)).length;
  const beyond = inactiveLimit === undefined ? '' : `: ${over.toLocaleString('en')} more than ${inactiveLimit} days`;
  const words = `Days since the last activity, for ${manyGrouped(inactive.length, 'person', 'people')}${beyond}.`;
  const longest = inactive.reduce((longestYet, days) => Math.max(longestYet, days), 0);
  const max = Math.min(720, Math.max(180, Math.ceil((longest + 1) / 90) * 90));
  const all = bins(inactive, { step: 30, max, min: 0 });
  const label = `days${longest > max ? ` (${max} and more in the last)` : ''}`;
  return {
    title: 'Inactivity',
    words,
    svg: histogram(words, { all, label, line: inactiveLimit }),
    numbers: numbersOf(all, 'days'),
  };
}
