// The section of freed seats: by product, what they cost a month, and who keeps one.
import { type Markup, markup } from '../../../page/markup.ts';
import { costWords, keptWords } from '../../seat-words.ts';
import type { RunSummary } from '../../summary.ts';

/** The section, or nothing when no seat was freed and none was kept. */
export function seatSection({ seats: { freed, kept }, prices, seatsCost }: RunSummary): Markup {
  const products = Object.keys(freed).toSorted();
  if (products.length === 0 && kept.length === 0) return markup``;
  const row = (name: string, of: Readonly<Record<string, number>>) => {
    const count = Object.values(of).reduce((sum, each) => sum + each, 0);
    const cost = seatsCost === undefined ? markup`` : markup`<td>${costWords(of, prices)}</td>`;
    return markup`<tr><th scope="row">${name}</th><td>${count}</td>${cost}</tr>`;
  };
  const rows = products.map((product) => row(product, { [product]: freed[product] ?? 0 }));
  const total = seatsCost === undefined ? [] : [row('Total', freed)];
  const month = seatsCost === undefined ? markup`` : markup`<th scope="col">Saved a month</th>`;
  const table = markup`<table class="seats"><thead><tr><th scope="col">Product</th><th scope="col">Freed</th>${month}</tr></thead><tbody>${[...rows, ...total]}</tbody></table>`;
  return markup`<h2>Seats</h2>${products.length === 0 ? '' : table}${kept.length === 0 ? '' : markup`<p>${keptWords(kept)}.</p>`}`;
}
