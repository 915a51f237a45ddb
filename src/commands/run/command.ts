// The spec of `leavers run`: its arguments, help and start.
import type { Call, Command } from '../command.ts';
import type { Figures, MetricsFiles } from '../metrics.ts';

/** `leavers run`. */
export const command: Command = {
  args: '<manifest...>',
  least: 0,
  most: 1000,
  summary: 'Plan, confirm, execute and report the rows of manifests.',
  about:
    'Several manifests are one run, in the order given; - is stdin. Settings: flag over environment over job file over profile over default.',
  examples: [
    ['run leavers.csv --dry-run', 'what would happen; nothing is changed'],
    ['run leavers.csv --allow remove-user', 'apply it, after confirmation'],
    ['run leavers.csv --report night.ndjson --resume --yes', 'a cron line: continue where the last run ended'],
    ['run export.csv --job jobs/hr-offboarding.json', 'an export of another system, with a job file'],
    ['run leavers.csv --sandbox', 'rehearse it on the simulated organization'],
  ],
  handlesSignals: true,
  refused: async (call, error) => (await import('../metrics.ts')).writeRefusal(call, error),
  start: async (call) => (await import('../metrics.ts')).monitored(call, (metrics) => startAll(call, metrics)),
};

/** Runs one organization or a list. */
async function startAll(call: Call, metrics: MetricsFiles): Promise<number> {
  const runOne = (one: Call) => metrics.observe(one, (figures) => startOne(one, figures));
  const list = call.flag('organizations');
  if (list === undefined) return await runOne(call);
  return await (await import('../organizations.ts')).runOrganizations(call, list, runOne);
}

async function startOne(call: Call, figures: Figures): Promise<number> {
  const settings = await call.settings({ online: true, manifests: true });
  figures.path = settings.run.metricsFile;
  const { diskContext, warnOfLocalLocks } = await import('../disk-context.ts');
  await warnOfLocalLocks(settings, call.context);
  return (await import('./run.ts')).run(settings, await diskContext(settings, call.context), figures);
}
