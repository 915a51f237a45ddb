// The spec of `leavers undo`: its arguments, help and start.
import type { Command } from '../command.ts';

/** `leavers undo`. */
export const command: Command = {
  args: '<report...>',
  least: 1,
  most: 1000,
  summary: "Print the inverse manifest, newest change first, and list what can't be undone and why.",
  about:
    'A removed person is invited again, with the groups and (API v2) direct roles that were read before the removal. Everything that no row can restore is listed.',
  examples: [
    ['undo night.ndjson --out back.ndjson', 'write it, review it, then: leavers run back.ndjson'],
    ['undo night.ndjson | leavers plan -', 'what the undo would change'],
  ],
  start: async (call) => (await import('./undo.ts')).undo(call),
};
