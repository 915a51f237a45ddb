// The spec of `leavers report`: its arguments, help and start.
import type { Command } from '../command.ts';

/** `leavers report`. */
export const command: Command = {
  args: '<report...>',
  least: 1,
  most: 1000,
  summary: 'Sum up one or more reports, as text, page, table, evidence or retry manifest.',
  examples: [
    ['report reports/leavers.ndjson', 'how the run went'],
    ['report reports/*.ndjson --html week.html', 'a page of several runs'],
    ['report night.ndjson --evidence out.csv', 'a line a leaver, for an auditor'],
    ['report night.ndjson --retry again.csv', 'a manifest of what did not succeed'],
  ],
  start: async (call) => (await import('./report.ts')).report(call),
};
