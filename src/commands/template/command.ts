// The spec of `leavers template`: its arguments, help and start.
import type { Command } from '../command.ts';

/** `leavers template`. */
export const command: Command = {
  args: '[action or job]',
  least: 0,
  most: 1,
  summary:
    'Print a CSV to fill in, with the columns of an action or a job; without one, list actions and shipped jobs.',
  examples: [
    ['template suspend-user > leavers.csv', 'the columns of one action'],
    ['template hr-offboarding', 'the headers that a shipped job reads'],
    ['template', 'all actions and shipped jobs'],
  ],
  start: async (call) => (await import('./template.ts')).template(call),
};
