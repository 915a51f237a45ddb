// The spec of `leavers actions`: its arguments, help and start.
import type { Command } from '../command.ts';

/** `leavers actions`. */
export const command: Command = {
  args: '',
  least: 0,
  most: 0,
  summary: 'List the actions, their columns, risk and endpoints.',
  examples: [
    ['actions', 'as a table'],
    ['actions --json', 'as JSON, for a program'],
  ],
  start: async (call) => (await import('./actions.ts')).actions(call),
};
