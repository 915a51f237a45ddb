// The spec of `leavers sandbox`: its arguments, help and start.
import type { Command } from '../command.ts';

/** `leavers sandbox`. */
export const command: Command = {
  args: '[state file]',
  least: 0,
  most: 1,
  summary: 'Serve the simulated organization for rehearsals and other tools.',
  examples: [
    ['sandbox --port 8080', 'the built-in organization on 127.0.0.1:8080'],
    [
      'sandbox org.json --rate-limit 100/10s --faults faults.json',
      'your own organization, with a strict limit and faults',
    ],
  ],
  handlesSignals: true,
  start: async (call) => (await import('./serve-sandbox.ts')).sandbox(call),
};
