// The spec of `leavers doctor`: its arguments, help and start.
import type { Command } from '../command.ts';

/** `leavers doctor`. */
export const command: Command = {
  args: '',
  least: 0,
  most: 0,
  summary: 'Check key, organization, API generation, directories, clock, proxy and report folder.',
  examples: [['doctor', 'one verdict a line; exit code by the worst']],
  start: async (call) => {
    const settings = await call.settings({ online: true });
    return (await import('./doctor.ts')).doctor(settings, call.context);
  },
};
