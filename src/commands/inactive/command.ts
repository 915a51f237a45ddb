// The spec of `leavers inactive`: its arguments, help and start.
import type { Command } from '../command.ts';

/** `leavers inactive`. */
export const command: Command = {
  args: '',
  least: 0,
  most: 0,
  summary: 'List people who have not been active for some days, as a manifest.',
  about:
    'A failed look-up is never inactivity. Admins, apps and protected people are left out; dates are up to 24 hours late.',
  examples: [
    ['inactive --days 90 --out idle.csv', 'review it, then: leavers run idle.csv'],
    ['inactive --days 90 --products confluence', 'who does not use Confluence'],
  ],
  start: async (call) => (await import('../begin.ts')).beginInactive(call),
};
