// The spec of `leavers verify`: its arguments, help and start.
import type { Command } from '../command.ts';

/** `leavers verify`. */
export const command: Command = {
  args: '<report...>',
  least: 1,
  most: 1000,
  summary: 'Check the hash chain of reports: what was edited, dropped, swapped or added.',
  about:
    'The end of a run prints a seal. Without a seal kept elsewhere, the chain reveals accidental changes, not forgery; --head checks it.',
  examples: [
    ['verify reports/leavers.ndjson', 'is the chain intact and the report complete?'],
    ['verify reports/leavers.ndjson --head sha256:HASH', 'does it still contain everything that was sealed?'],
    ['verify reports/leavers.ndjson --live', 'are people in the state that it reports?'],
    [
      'verify night.ndjson --audit-log --key-label offboarding',
      "does the organization's audit log confirm each change?",
    ],
    ['verify night.ndjson --live --audit-log --record', 'keep the findings in the report, for its evidence'],
  ],
  start: async (call) => (await import('./verify.ts')).verify(call),
};
