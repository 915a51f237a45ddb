// The spec of `leavers verify`: its arguments, help and start.
import type { Command } from '../command.ts';

/** `leavers verify`. */
export const command: Command = {
  args: '<report...>',
  least: 1,
  most: 1000,
  summary: 'Check the hash chain of reports: what was edited, dropped, swapped or added.',
  examples: [
    ['verify reports/leavers.ndjson', 'is it as it was written, and complete?'],
    ['verify reports/leavers.ndjson --live', 'and are people in the state that it claims?'],
  ],
  start: async (call) => (await import('./verify.ts')).verify(call),
};
