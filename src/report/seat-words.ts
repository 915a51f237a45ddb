// Phrases about seats: those freed, their monthly cost, and who keeps one.
import { many } from '../text/phrases.ts';
import type { Prices, RunStart } from './events.ts';
import type { KeptSeat } from './seat-ledger.ts';

/** `3 × confluence, 2 × jira-software (31.05 EUR a month)`; products without a price are named. */
export function seatWords(seats: Readonly<Record<string, number>>, prices: Prices | undefined): string {
  const list = Object.entries(seats).map(([product, count]) => `${count} × ${product}`);
  const cost = monthlyCost(seats, prices);
  if (cost === undefined) return list.join(', ');
  const amount = [cost.amount.toFixed(2), cost.currency].filter((part) => part !== undefined).join(' ');
  const unpriced = cost.unpriced.length === 0 ? '' : `, without ${cost.unpriced.join(', ')}`;
  return `${list.join(', ')} (${amount} a month${unpriced})`;
}

/** People that are shown by name. */
const shown = 5;

/** `2 people keep a seat: ada@example.com (confluence, through contractors), …`. */
export function keptWords(kept: readonly KeptSeat[]): string {
  const people = kept
    .slice(0, shown)
    .map(({ who, product, groups }) => `${who} (${product}, through ${groups.join(' and ')})`);
  const more = kept.length > shown ? ', …' : '';
  return `${many(kept.length, 'person keeps', 'people keep')} a seat: ${people.join(', ')}${more}`;
}

export interface Cost {
  readonly amount: number;
  readonly currency: string | undefined;
  /** Products that have no price. */
  readonly unpriced: readonly string[];
}

/** The monthly cost of seats; undefined when none has a price. */
export function monthlyCost(seats: Readonly<Record<string, number>>, prices: Prices | undefined): Cost | undefined {
  const priced = Object.entries(seats).map(([product, count]) => ({ product, count, price: priceOf(product, prices) }));
  if (priced.every(({ price }) => price === undefined)) return undefined;
  const cents = priced.reduce((sum, { count, price = 0 }) => sum + Math.round(count * price * 100), 0);
  const unpriced = priced.filter(({ price }) => price === undefined).map(({ product }) => product);
  return { amount: cents / 100, currency: prices?.currency, unpriced };
}

/** The API spells one product in several ways (`jira-service-desk`, `jira-servicedesk`). */
function priceOf(product: string, prices: Prices | undefined): number | undefined {
  const fold = (name: string) => name.toLowerCase().replaceAll('-', '');
  return Object.entries(prices?.perSeat ?? {}).find(([name]) => fold(name) === fold(product))?.[1];
}

/** The last prices of each organization's runs; undefined when two organizations pay differently, because one sum would be wrong. */
export function pricesOf(starts: readonly Pick<RunStart, 'org' | 'prices'>[]): Prices | undefined {
  const byOrg = new Map(starts.flatMap(({ org, prices }) => (prices === undefined ? [] : [[org, prices] as const])));
  const different = new Set([...byOrg.values()].map((prices) => JSON.stringify(prices)));
  return different.size === 1 ? [...byOrg.values()][0] : undefined;
}

/** The monthly cost of freed seats; names products without a price. */
export function costWords(freed: Readonly<Record<string, number>>, prices: Prices | undefined): string {
  const cost = monthlyCost(freed, prices);
  if (cost === undefined) return 'no price given';
  const amount = [cost.amount.toFixed(2), cost.currency].filter((part) => part !== undefined).join(' ');
  return cost.unpriced.length === 0 ? amount : `${amount}, without ${cost.unpriced.join(', ')}`;
}
