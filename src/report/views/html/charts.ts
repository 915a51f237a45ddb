// `renderCharts`: outcomes by action, the run over time, and the histograms.
import * as Plot from '@observablehq/plot';
import { actionNames, outcomes } from '../../../model.ts';
import type { RunSummary } from '../../summary.ts';
import { type Chart, draw, wholeTicks } from './svg.ts';
import type { ChartData } from './chart-data.ts';
import { delayChart, inactiveChart } from './histograms.ts';
import { type Markup, markup } from '../../../page/markup.ts';
import { manyGrouped } from '../../../text/phrases.ts';

/** All charts that have data. */
export function renderCharts(summary: RunSummary, drawn: ChartData): readonly Chart[] {
  return [outcomeChart(summary), paceChart(drawn), delayChart(drawn), inactiveChart(drawn)].filter(
    (chart) => chart !== undefined,
  );
}

function outcomeChart({ counts, rows }: RunSummary): Chart | undefined {
  const bars = Object.entries(counts).flatMap(([action, of]) =>
    outcomes.flatMap((outcome) => ((of[outcome] ?? 0) > 0 ? [{ action, outcome, rows: of[outcome] ?? 0 }] : [])),
  );
  if (bars.length === 0) return undefined;
  const used = outcomes.filter((name) => bars.some(({ outcome }) => outcome === name));
  const names = actionsOf(counts);
  const totals = names.map((action) => ({
    action,
    rows: bars.reduce((sum, bar) => sum + (bar.action === action ? bar.rows : 0), 0),
  }));
  const words = `${rows} rows: ${bars.map(({ action, outcome, rows: n }) => `${action} ${outcome} ${n}`).join(', ')}.`;
  const svg = draw(words, {
    height: 40 + names.length * 28,
    marginLeft: 155,
    marginRight: 40,
    x: {
      label: null,
      tickFormat: (n: number) => n.toLocaleString('en'),
      ticks: wholeTicks(
        totals.map((of) => of.rows),
        4,
      ),
      grid: true,
    },
    y: { label: null, domain: [...names], tickSize: 0 },
    color: { domain: [...used], range: used.map((name) => `var(--${name})`) },
    marks: [
      Plot.barX(bars, { x: 'rows', y: 'action', fill: 'outcome', order: [...used], insetTop: 3, insetBottom: 3 }),
      Plot.text(totals, {
        x: 'rows',
        y: 'action',
        text: (of: { rows: number }) => of.rows.toLocaleString('en'),
        textAnchor: 'start',
        dx: 5,
        fill: 'currentColor',
      }),
    ],
  });
  return {
    title: 'Outcomes by action',
    words: `${manyGrouped(rows, 'row')} by outcome`,
    svg: markup`${svg}${legend(used.map((name) => [name, name]))}`,
    numbers: [
      ['action', ...used],
      ...names.map((action) => [action, ...used.map((name) => counts[action]?.[name] ?? 0)]),
    ],
  };
}

/** In the order of the action table. */
function actionsOf(counts: RunSummary['counts']): string[] {
  const order: readonly string[] = [...actionNames, 'invalid'];
  return Object.keys(counts).toSorted((a, b) => order.indexOf(a) - order.indexOf(b));
}

function legend(entries: readonly (readonly [style: string, name: string])[]): Markup {
  return markup`<p class="legend" aria-hidden="true">${entries.map(([style, name]) => markup`<span class="mark ${style}">${name}</span> `)}</p>`;
}

/** Allowed steps of a time axis, in seconds. */
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];

/** At most six round times of a span (epoch ms), and how they are written: seconds only where they differ. */
function clockTicks(from: number, to: number): { ticks: readonly Date[]; format: (at: Date) => string } {
  const step = 1000 * (steps.find((seconds) => (to - from) / (1000 * seconds) <= 5) ?? Math.ceil((to - from) / 5000));
  const first = Math.ceil(from / step) * step;
  const ticks = Array.from({ length: Math.floor((to - first) / step) + 1 }, (_, n) => new Date(first + n * step));
  const [start, end] = step < 60_000 ? [11, 19] : step < 43_200_000 ? [11, 16] : [5, 16];
  return { ticks, format: (at) => at.toISOString().slice(start, end).replace('T', ' ') };
}

const clock = (at: number) => new Date(at).toISOString().slice(11, 19);

function paceChart({ pace: { buckets, waits } }: ChartData): Chart | undefined {
  const [first, last] = [buckets[0], buckets.at(-1)];
  if (first === undefined || last === undefined || buckets.length < 2) return undefined;
  const seconds = Math.round((last.to - first.from) / 1000);
  const rows = buckets.reduce((sum, { done, other }) => sum + done + other, 0);
  const waited = Math.round(waits.reduce((sum, { ms }) => sum + ms, 0) / 1000);
  const waitSentence =
    waits.length === 0
      ? 'The limit was never hit.'
      : `It waited ${waited} s for the limit, in ${manyGrouped(waits.length, 'pause')}.`;
  const words = `${manyGrouped(rows, 'row')} in ${manyGrouped(seconds, 'second')}. ${waitSentence}`;
  const every = (first.to - first.from) / 1000;
  const bars = buckets.flatMap(({ from, to, done, other }) => [
    { from: new Date(from), to: new Date(to), low: 0, high: done, kind: 'done' },
    { from: new Date(from), to: new Date(to), low: done, high: done + other, kind: 'other' },
  ]);
  const { ticks, format } = clockTicks(first.from, last.to);
  const svg = draw(words, {
    marginRight: 30,
    x: { type: 'utc', label: null, ticks, tickFormat: format },
    y: {
      label: `rows every ${every === 1 ? 'second' : `${every} s`}`,
      tickFormat: 'd',
      ticks: wholeTicks(
        buckets.map(({ done, other }) => done + other),
        4,
      ),
      grid: true,
    },
    color: { domain: ['done', 'other'], range: ['var(--done)', 'var(--held)'] },
    marks: [
      Plot.rect(bars, { x1: 'from', x2: 'to', y1: 'low', y2: 'high', fill: 'kind', insetLeft: 0.5, insetRight: 0.5 }),
      // Drawn over the bars, because a pause may begin and end within the time of a bar.
      Plot.rectX(waits, {
        x1: ({ at }: { at: number }) => new Date(at),
        x2: ({ at, ms }: { at: number; ms: number }) => new Date(at + ms),
        fill: 'var(--skipped)',
        fillOpacity: 0.35,
      }),
      Plot.ruleY([0]),
    ],
  });
  const kinds: (readonly [string, string])[] = [
    ['done', 'done or unchanged'],
    ['held', 'all others'],
    ...(waits.length === 0 ? [] : [['skipped', 'waiting for the rate limit'] as const]),
  ];
  return {
    title: 'The run over time (UTC)',
    words,
    svg: markup`${svg}${legend(kinds)}`,
    numbers: [
      ['from', 'done or unchanged', 'all others'],
      ...buckets.map(({ from, done, other }) => [clock(from), done, other]),
    ],
  };
}
