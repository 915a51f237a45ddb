// Counts → static SVG. Drawn by Plot without a browser; colours are the page's variables, so that one drawing fits light and dark.
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { outcomes } from '../../record.ts';
import type { RunSummary } from '../summary.ts';
import type { Drawn } from './gather.ts';
import { Markup, markup } from './markup.ts';

/** A drawing with what it says in words, for those who can't see it. */
export interface Chart {
  readonly title: string;
  readonly words: string;
  readonly svg: Markup;
}

type Options = NonNullable<Parameters<typeof Plot.plot>[0]>;

const width = 520;

function draw(words: string, options: Options): Markup {
  const { document } = parseHTML('<html><body></body></html>');
  const figure = Plot.plot({ width, height: 220, style: { background: 'none' }, ...options, document });
  // The drawing speaks as a whole; its parts are no things of their own to a screen reader.
  for (const part of figure.querySelectorAll('[aria-label]')) {
    part.setAttribute('class', part.getAttribute('aria-label')?.includes('grid') ? 'grid' : 'part');
    part.removeAttribute('aria-label');
  }
  figure.setAttribute('role', 'img');
  figure.setAttribute('aria-label', words);
  // The page's policy allows its own styles only: what Plot would set in place is in the page's sheet.
  for (const style of figure.querySelectorAll('style')) style.remove();
  for (const element of [figure, ...figure.querySelectorAll('[style]')]) element.removeAttribute('style');
  return new Markup(figure.outerHTML);
}

/** Every chart that has something to show. */
export function renderCharts(summary: RunSummary, drawn: Drawn): readonly Chart[] {
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
  const names = Object.keys(counts);
  const words = `${rows} rows: ${bars.map(({ action, outcome, rows: n }) => `${action} ${outcome} ${n}`).join(', ')}.`;
  const svg = draw(words, {
    height: 46 + names.length * 26,
    marginLeft: 150,
    x: { label: 'rows', tickFormat: 'd', ticks: 5 },
    y: { label: null, domain: names },
    color: { domain: [...used], range: used.map((name) => `var(--${name})`) },
    marks: [
      Plot.barX(bars, { x: 'rows', y: 'action', fill: 'outcome', order: [...used], insetTop: 3, insetBottom: 3 }),
    ],
  });
  return {
    title: 'Outcomes by action',
    words: `${rows.toLocaleString('en')} rows, by what became of them.`,
    svg: markup`${svg}${legend(used)}`,
  };
}

function legend(names: readonly string[]): Markup {
  return markup`<p class="legend" aria-hidden="true">${names.map((name) => markup`<span class="mark ${name}">${name}</span> `)}</p>`;
}

function paceChart({ pace: { buckets, waits } }: Drawn): Chart | undefined {
  const [first, last] = [buckets[0], buckets.at(-1)];
  if (first === undefined || last === undefined || buckets.length < 2) return undefined;
  const seconds = (last.to - first.from) / 1000;
  const rows = buckets.reduce((sum, { done, other }) => sum + done + other, 0);
  const waited = Math.round(waits.reduce((sum, { ms }) => sum + ms, 0) / 1000);
  const told =
    waits.length === 0
      ? 'The limit was never hit.'
      : `It waited ${waited} s for the limit, in ${waits.length} pauses (shaded).`;
  const words = `${rows.toLocaleString('en')} rows in ${Math.round(seconds)} s: done in green, all others in grey. ${told}`;
  const bars = buckets.flatMap(({ from, to, done, other }) => [
    { from: new Date(from), to: new Date(to), low: 0, high: done, kind: 'done' },
    { from: new Date(from), to: new Date(to), low: done, high: done + other, kind: 'other' },
  ]);
  const svg = draw(words, {
    x: { type: 'utc', label: 'UTC', ticks: 5 },
    y: { label: `rows every ${(first.to - first.from) / 1000} s`, ticks: 4, grid: true },
    color: { domain: ['done', 'other'], range: ['var(--done)', 'var(--held)'] },
    marks: [
      Plot.rectX(waits, {
        x1: ({ at }: { at: number }) => new Date(at),
        x2: ({ at, ms }: { at: number; ms: number }) => new Date(at + ms),
        fill: 'var(--held)',
        fillOpacity: 0.25,
      }),
      Plot.rect(bars, { x1: 'from', x2: 'to', y1: 'low', y2: 'high', fill: 'kind', insetLeft: 0.5, insetRight: 0.5 }),
      Plot.ruleY([0]),
    ],
  });
  return { title: 'The run over time', words, svg };
}

/** Numbers in bins of the same width; what lies beyond the last bin is counted in it. */
function bins(values: readonly number[], { step, most, least }: { step: number; most: number; least: number }) {
  const counts = new Map<number, number>();
  for (const value of values) {
    const from = Math.floor(Math.min(Math.max(value, least), most - step / 2) / step) * step;
    counts.set(from, (counts.get(from) ?? 0) + 1);
  }
  return [...counts].map(([from, count]) => ({ from, to: from + step, count }));
}

function delayChart({ delays }: Drawn): Chart | undefined {
  if (delays.length === 0) return undefined;
  const late = delays.filter((delay) => delay > 24).length;
  const words = `Hours from the effective date to the end of access, for ${delays.length} people: ${delays.length - late} within 24 hours, ${late} later.`;
  const longest = delays.reduce((most, delay) => Math.max(most, delay), 0);
  const most = Math.min(168, Math.max(48, Math.ceil(longest / 24) * 24));
  const step = most / 24;
  const svg = draw(words, {
    x: { label: `hours${longest > most ? ` (${most} and more in the last)` : ''}`, domain: [Math.min(0, -step), most] },
    y: { label: 'people', tickFormat: 'd', ticks: 4, grid: true },
    marks: [
      Plot.rectY(bins(delays, { step, most, least: -step }), {
        x1: 'from',
        x2: 'to',
        y: 'count',
        fill: 'var(--accent)',
        inset: 0.5,
      }),
      Plot.ruleX([24], { stroke: 'var(--failed)', strokeWidth: 2, strokeDasharray: '4 3' }),
      Plot.text([24], {
        x: (hours: number) => hours,
        text: () => '24 h',
        frameAnchor: 'top',
        dx: 14,
        fill: 'var(--failed)',
      }),
      Plot.ruleY([0]),
    ],
  });
  return { title: 'From the effective date to the end of access', words, svg };
}

function inactiveChart({ inactive, inactiveLimit }: Drawn): Chart | undefined {
  if (inactive.length === 0) return undefined;
  const over = inactive.filter((days) => days > 90).length;
  const words = `Days since the last activity, for ${inactive.length} people: ${over} more than 90 days.`;
  const limit = inactiveLimit === undefined ? [] : [inactiveLimit];
  const svg = draw(words, {
    x: { label: 'days (720 and more in the last)', domain: [0, 720] },
    y: { label: 'people', tickFormat: 'd', ticks: 4, grid: true },
    marks: [
      Plot.rectY(bins(inactive, { step: 30, most: 720, least: 0 }), {
        x1: 'from',
        x2: 'to',
        y: 'count',
        fill: 'var(--accent)',
        inset: 0.5,
      }),
      Plot.ruleX(limit, { stroke: 'var(--failed)', strokeWidth: 2, strokeDasharray: '4 3' }),
      Plot.ruleY([0]),
    ],
  });
  return { title: 'Inactivity', words, svg };
}
