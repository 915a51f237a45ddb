// The spec of `leavers plan`: its arguments, help and start.
import type { Call, Command } from '../command.ts';

/** `leavers plan`. */
export const command: Command = {
  args: '<manifest...>',
  least: 0,
  most: 1000,
  summary: 'Check every row, look people up, and print what run would do and why.',
  examples: [
    ['plan leavers.csv', 'who would be changed, who is left out and why'],
    ['plan leavers.csv --all', 'the same, with every row'],
    ['plan leavers.csv --html plan.html', 'a page for the person who approves it'],
    ['plan leavers.csv --out plan.ndjson', 'save it with ids resolved, for run'],
    ['plan export.csv --job jobs/hr-offboarding.json --offline', 'check an export without any call'],
  ],
  start: async (call) => {
    const list = call.flag('organizations');
    if (list === undefined) return planOne(call);
    return (await import('../organizations.ts')).runOrganizations(call, list, planOne);
  },
};

async function planOne(call: Call): Promise<number> {
  const offline = call.flag('offline');
  const settings = await call.settings({ online: !offline, manifests: true });
  const { flag } = settings;
  const plan = {
    out: flag('out'),
    html: flag('html'),
    offline,
    all: flag('all'),
    detailedExitcode: flag('detailed-exitcode'),
    explain: flag('explain'),
  };
  const { diskContext } = await import('../disk-context.ts');
  return (await import('./plan.ts')).printPlan({ ...settings, plan }, await diskContext(settings, call.context));
}
