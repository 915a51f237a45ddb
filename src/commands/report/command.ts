// The spec of `leavers report`: its arguments, help and start.
import type { Command } from '../command.ts';

/** `leavers report`. */
export const command: Command = {
  args: '<report...>',
  least: 1,
  most: 1000,
  summary: 'Summarize one or more reports as text, page, table, evidence or retry manifest.',
  examples: [
    ['report reports/leavers.ndjson', 'how the run went'],
    ['report reports/*.ndjson --html week.html', 'a page of several runs'],
    ['report night.ndjson --evidence out.csv', 'one line per leaver, for an auditor'],
    ['report night.ndjson --retry again.csv', 'a manifest of the rows that did not succeed'],
  ],
  start: async (call) => (await import('./report.ts')).report(call),
};
