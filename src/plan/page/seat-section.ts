// `seatSection`: the seats that a plan frees and takes, by product, their monthly cost, and who keeps one.
import { type Markup, markup } from '../../page/markup.ts';
import type { Prices } from '../../report/events.ts';
import { costWords, keptWords, monthlyCost } from '../../report/seat-words.ts';
import { manyGrouped } from '../../text/phrases.ts';
import type { PlanSummary } from '../plan-summary.ts';

interface Seats {
  readonly summary: PlanSummary;
  /** Prices of seats, from the job. */
  readonly prices: Prices | undefined;
}

/** The section, or nothing when no seat changes. */
export function seatSection({ summary, prices }: Seats): Markup {
  const { seats, seatsTaken, seatsKept, toRun } = summary;
  const products = [...new Set([...Object.keys(seats), ...Object.keys(seatsTaken)])].toSorted();
  const restored = toRun['restore-user'] ?? 0;
  if (products.length === 0 && restored === 0 && seatsKept.length === 0) return markup``;
  const restoredNote = `${manyGrouped(restored, 'restored person takes their', 'restored people take their')} earlier seats again, which are not counted here.`;
  return markup`<h2>Seats</h2>${products.length === 0 ? '' : table(products, { summary, prices })}${seatsKept.length === 0 ? '' : markup`<p>${keptWords(seatsKept)}.</p>`}${restored === 0 ? '' : markup`<p class="soft">${restoredNote}</p>`}`;
}

function table(products: readonly string[], { summary: { seats, seatsTaken }, prices }: Seats): Markup {
  const isPriced = monthlyCost(seats, prices) !== undefined;
  const cost = (freed: Readonly<Record<string, number>>) =>
    isPriced ? markup`<td>${costWords(freed, prices)}</td>` : markup``;
  const row = (product: string) => {
    const freed = seats[product] ?? 0;
    return markup`<tr><th scope="row">${product}</th><td>${freed}</td><td>${seatsTaken[product] ?? 0}</td>${cost({ [product]: freed })}</tr>`;
  };
  const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((all, each) => all + each, 0);
  const total = isPriced
    ? markup`<tr><th scope="row">Total</th><td>${sum(seats)}</td><td>${sum(seatsTaken)}</td>${cost(seats)}</tr>`
    : markup``;
  const month = isPriced ? markup`<th scope="col">Saved a month</th>` : markup``;
  return markup`<table class="seats"><thead><tr><th scope="col">Product</th><th scope="col">Freed</th><th scope="col">Taken, at most</th>${month}</tr></thead><tbody>${products.map(row)}${total}</tbody></table>`;
}
