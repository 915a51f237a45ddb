// The spec of `leavers template`: its arguments, help and start.
import type { Command } from '../command.ts';

/** `leavers template`. */
export const command: Command = {
  args: '[action or job]',
  least: 0,
  most: 1,
  summary: 'Print a CSV to fill in, with the columns of an action or a job file.',
  examples: [
    ['template suspend-user > leavers.csv', 'the columns of one action'],
    ['template jobs/hr-offboarding.json', 'the headers that a job reads'],
  ],
  start: async (call) => (await import('./template.ts')).template(call),
};
