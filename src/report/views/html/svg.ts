// draw: renders a chart as static SVG with Plot, without a browser. Colours are the page's CSS variables, for light and dark.
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { Markup } from '../../../page/markup.ts';

/** A chart and its description for screen readers. */
export interface Chart {
  readonly title: string;
  readonly words: string;
  readonly svg: Markup;
  /** The figures as a table: the heads, then the rows. */
  readonly numbers: readonly (readonly (string | number)[])[];
}

type Options = NonNullable<Parameters<typeof Plot.plot>[0]>;

/** Small, so that text stays readable when a phone shrinks the chart. */
const width = 440;

/** Draws a chart; `words` are its description. */
export function draw(words: string, options: Options): Markup {
  const { document } = parseHTML('<html><body></body></html>');
  const figure = Plot.plot({ width, height: 210, style: { background: 'none' }, ...options, document });
  // Screen readers read the description; the parts are hidden.
  for (const part of figure.querySelectorAll('[aria-label]')) {
    part.setAttribute('class', part.getAttribute('aria-label')?.includes('grid') ? 'grid' : 'part');
    part.removeAttribute('aria-label');
  }
  figure.setAttribute('role', 'img');
  figure.setAttribute('aria-label', words);
  // The page's policy forbids inline styles, so Plot's are in the stylesheet.
  for (const style of figure.querySelectorAll('style')) style.remove();
  for (const element of [figure, ...figure.querySelectorAll('[style]')]) element.removeAttribute('style');
  return new Markup(figure.outerHTML);
}

/** The number of ticks of an axis of whole numbers. */
export function wholeTicks(values: readonly number[], most: number): number {
  return Math.min(
    most,
    values.reduce((longest, value) => Math.max(longest, value), 1),
  );
}
