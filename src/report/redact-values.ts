// Copies values of reports that contain no names: dates, products, prices. Anything that may be a name is left out.
import type { Prices } from './events.ts';

const isDate = (value: unknown) =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value)) && /^[\dTZ:.+-]+$/.test(value);

/** The last-active dates in a row's result, in total and by product. */
export function datesOf(result: object): object {
  const { products, lastActive, addedToOrg } = result as Readonly<Record<string, unknown>>;
  const shown = Array.isArray(products) ? { products: products.map(productOf) } : {};
  const dates = Object.entries({ lastActive, addedToOrg }).filter(([, value]) => isDate(value));
  return { ...shown, ...Object.fromEntries(dates) };
}

function productOf(product: unknown): object {
  const { key, lastActive } = (product ?? {}) as Readonly<Record<string, unknown>>;
  return { key: productName(key), lastActive: isDate(lastActive) ? lastActive : null };
}

/** Prices of products; a currency that is not a code may be any text. */
export function pricesOf({ currency, perSeat }: Prices): Prices {
  const known = Object.entries(perSeat).filter(([name]) => /^[a-z-]{1,40}$/i.test(name));
  return { ...(/^[A-Z]{3}$/.test(currency ?? '') ? { currency } : {}), perSeat: Object.fromEntries(known) };
}

/** The key of a product; anything else may be a name. */
export function productName(key: unknown): string {
  return typeof key === 'string' && /^[a-z-]{1,40}$/.test(key) ? key : 'product';
}
