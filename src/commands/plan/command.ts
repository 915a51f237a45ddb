// The spec of `leavers plan`: its arguments, help and start.
import type { Command } from '../command.ts';

/** `leavers plan`. */
export const command: Command = {
  args: '<manifest...>',
  least: 0,
  most: 1000,
  summary: 'Check every row, look people up, and print what run would do and why.',
  examples: [
    ['plan leavers.csv', 'who would be changed, who is left out and why'],
    ['plan leavers.csv --out plan.ndjson', 'save it with ids resolved, for run'],
    ['plan export.csv --job jobs/hr-offboarding.json --offline', 'check an export without a call'],
  ],
  start: async (call) => {
    const offline = call.flag('offline');
    const settings = await call.settings({ online: !offline, manifests: true });
    const { flag } = settings;
    const plan = { out: flag('out'), offline, detailedExitcode: flag('detailed-exitcode'), explain: flag('explain') };
    const { diskContext } = await import('../disk-context.ts');
    return (await import('./plan.ts')).printPlan({ ...settings, plan }, await diskContext(settings, call.context));
  },
};
