// The spec of `leavers inactive`: its arguments, help and start.
import { LeaversError } from '../../errors.ts';
import type { Command } from '../command.ts';

/** `leavers inactive`. */
export const command: Command = {
  args: '',
  least: 0,
  most: 0,
  summary: 'List people who have not been active for some days, as a manifest.',
  about:
    'A failed look-up never counts as inactivity. Admins, apps and protected people are left out; dates are up to 24 hours late.',
  examples: [
    ['inactive --days 90 --out idle.csv', 'review it, then: leavers run idle.csv'],
    ['inactive --days 90 --products confluence', 'people who do not use Confluence'],
    ['inactive --days 90 --product confluence --action release-product', 'take that access away'],
  ],
  start: async (call) => {
    const days = call.flag('days');
    if (days === undefined) throw new LeaversError('usage', 'inactive needs --days N, for example --days 90');
    const settings = await call.settings({ online: true, steps: false });
    const [action, product, products] = [settings.flag('action'), settings.flag('product'), settings.flag('products')];
    const out = settings.flag('out');
    if (action === 'release-product') {
      if (product === undefined || products.length > 0)
        throw new LeaversError('usage', 'release-product needs --product, for example --product confluence');
      const { releaseProduct } = await import('./release-product.ts');
      return releaseProduct({ ...settings, release: { days, product, out } }, call.context);
    }
    if (product !== undefined)
      throw new LeaversError(
        'usage',
        '--product works only with --action release-product; use --products to choose which activity counts',
      );
    const { inactive, refuseUnfit } = await import('./inactive.ts');
    refuseUnfit(action);
    const query = { days, action, products: products.length === 0 ? undefined : products, out };
    return inactive({ ...settings, inactive: query }, call.context);
  },
};
