// One drawing → static SVG, by Plot and without a browser; colours are the page's variables, so that it fits light and dark.
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { Markup } from './markup.ts';

/** A drawing with what it says in words, for those who can't see it. */
export interface Chart {
  readonly title: string;
  readonly words: string;
  readonly svg: Markup;
  /** The same as a table: its heads, then its rows. */
  readonly numbers: readonly (readonly (string | number)[])[];
}

type Options = NonNullable<Parameters<typeof Plot.plot>[0]>;

/** Small, so that the writing can still be read where a telephone shrinks it. */
const width = 440;

/** Draws; `words` are what a screen reader says. */
export function draw(words: string, options: Options): Markup {
  const { document } = parseHTML('<html><body></body></html>');
  const figure = Plot.plot({ width, height: 210, style: { background: 'none' }, ...options, document });
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

/** How many ticks an axis of whole numbers bears: no halves of a row. */
export function wholeTicks(values: readonly number[], most: number): number {
  return Math.min(
    most,
    values.reduce((longest, value) => Math.max(longest, value), 1),
  );
}
