// The spec of `leavers doctor`: its arguments, help and start.
import type { Call, Command } from '../command.ts';
import type { Checked } from './doctor.ts';

/** `leavers doctor`. */
export const command: Command = {
  args: '',
  least: 0,
  most: 0,
  summary: 'Check key, organization, API generation, directories, audit log, clock, proxy and report folder.',
  examples: [
    ['doctor', 'one verdict per line; the worst sets the exit code'],
    ['doctor --record answers.json', 'compare the API with its specification, for the maintainers'],
  ],
  start: async (call) => (await checkSettings(call)).code,
};

/** Checks the settings of a call, for `init` too. */
export async function checkSettings(call: Call): Promise<Checked> {
  const { doctor } = await import('./doctor.ts');
  const { missingSettings } = await import('../../config/resolve-settings.ts');
  const isRehearsal = call.flag('sandbox') !== undefined;
  const missing = isRehearsal ? {} : await missingSettings(call.flag, call.context);
  const online = Object.keys(missing).length === 0;
  const record = call.flag('record');
  const settings = await call.settings({ online });
  return doctor({ ...settings, record: record === true ? undefined : record }, missing, call.context);
}
