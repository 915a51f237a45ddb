// The spec of `leavers run`: its arguments, help and start.
import type { Call, Command } from '../command.ts';

/** `leavers run`. */
export const command: Command = {
  args: '<manifest...>',
  least: 0,
  most: 1000,
  summary: 'Plan, confirm, execute and report the rows of manifests.',
  about:
    'Several manifests are one run, in the order given; - is stdin. Settings: flag over environment over job file over default.',
  examples: [
    ['run leavers.csv --dry-run', 'what would happen; nothing is changed'],
    ['run leavers.csv --allow remove-user', 'do it, after a question'],
    ['run leavers.csv --report night.ndjson --resume --yes', 'a cron line: go on where the last run ended'],
    ['run export.csv --job jobs/hr-offboarding.json', "somebody else's export, by a job file"],
    ['run leavers.csv --sandbox', 'rehearse it on the embedded organization'],
  ],
  handlesSignals: true,
  start: async (call) => {
    const url = call.flag('ping');
    if (url === undefined) return startAll(call);
    return (await import('./ping.ts')).withPings(url, () => startAll(call), call.context);
  },
};

async function startAll(call: Call): Promise<number> {
  const list = call.flag('organizations');
  if (list === undefined) return startOne(call);
  return (await import('./organizations.ts')).runOrganizations(call, list, startOne);
}

async function startOne(call: Call): Promise<number> {
  const settings = await call.settings({ online: true, manifests: true });
  const { diskContext } = await import('../disk-context.ts');
  return (await import('./run.ts')).run(settings, await diskContext(settings, call.context));
}
