// The spec of `leavers undo`: its arguments, help and start.
import type { Command } from '../command.ts';

/** `leavers undo`. */
export const command: Command = {
  args: '<report...>',
  least: 1,
  most: 1000,
  summary: 'Print the inverse manifest, newest change first; say what cannot be undone and why.',
  about:
    'A removed person is invited again, with the groups and (API v2) the roles of their own that were read before. Whatever no row brings back is said.',
  examples: [
    ['undo night.ndjson --out back.ndjson', 'write it, look at it, then: leavers run back.ndjson'],
    ['undo night.ndjson | leavers plan -', 'what the way back would do'],
  ],
  start: async (call) => (await import('./undo.ts')).undo(call),
};
