// `seatSection`: seats that a plan frees and takes, by product, and what they cost a month.
import { type Markup, markup } from '../../page/markup.ts';
import type { PlanSummary } from '../plan-summary.ts';
import { manyGrouped } from '../../text/phrases.ts';

/** What a seat costs a month, by product. */
export interface Prices {
  readonly currency: string | undefined;
  readonly perSeat: Readonly<Record<string, number>>;
}

interface Seats {
  readonly summary: PlanSummary;
  readonly prices: Prices | undefined;
}

/** The section, or nothing when no seat changes. */
export function seatSection({ summary, prices }: Seats): Markup {
  const { seats, seatsTaken, toRun } = summary;
  const products = [...new Set([...Object.keys(seats), ...Object.keys(seatsTaken)])].toSorted();
  const restored = toRun['restore-user'] ?? 0;
  if (products.length === 0 && restored === 0) return markup``;
  const row = (product: string) => {
    const [freed, taken] = [seats[product] ?? 0, seatsTaken[product] ?? 0];
    return markup`<tr><th scope="row">${product}</th><td>${freed}</td><td>${taken}</td>${prices === undefined ? '' : markup`<td>${costOf(product, freed - taken, prices)}</td>`}</tr>`;
  };
  const again =
    restored === 0
      ? ''
      : `${manyGrouped(restored, 'restored person takes', 'restored people take')} their earlier seats again, which are not counted here.`;
  const month = prices === undefined ? '' : markup`<th scope="col">Saved a month</th>`;
  const table =
    products.length === 0
      ? markup``
      : markup`<table class="seats"><thead><tr><th scope="col">Product</th><th scope="col">Freed</th><th scope="col">Taken, at most</th>${month}</tr></thead><tbody>${products.map(row)}</tbody></table>`;
  return markup`<h2>Seats</h2>${table}<p class="soft">${again}</p>`;
}

/** The price of this many seats; a product without a price has none. */
function costOf(product: string, count: number, { currency, perSeat }: Prices): string {
  const price = priceOf(product, perSeat);
  if (price === undefined) return 'no price given';
  return [(count * price).toFixed(2), currency].filter((part) => part !== undefined).join(' ');
}

/** The API spells one product in several ways (`jira-service-desk`, `jira-servicedesk`). */
function priceOf(product: string, perSeat: Prices['perSeat']): number | undefined {
  const fold = (name: string) => name.toLowerCase().replaceAll('-', '');
  return Object.entries(perSeat).find(([name]) => fold(name) === fold(product))?.[1];
}
