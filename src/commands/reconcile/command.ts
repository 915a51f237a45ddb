// The spec of `leavers reconcile`: its arguments, help and start.
import type { Figures } from '../metrics.ts';
import type { Call, Command } from '../command.ts';

/** `leavers reconcile`. */
export const command: Command = {
  args: '<people...>',
  least: 0,
  most: 1000,
  summary: 'Compare a list of people with the directory: who has left and still has access.',
  about:
    'Nothing is changed. Exits 0 when list and directory agree, 2 when they differ, 78 when the list seems to be incomplete, and then no file is written.',
  examples: [
    ['reconcile staff.csv --domains example.com', 'everybody who works here is on the list'],
    ['reconcile staff.csv --domains example.com --out gone.csv', 'a manifest of those who left, to review and run'],
    ['reconcile hr.csv --job staff-reconciliation --domains example.com', "HR's own export"],
    ['reconcile left.csv --list leavers', 'everybody on the list has left'],
  ],
  handlesSignals: true,
  refused: async (call, error) => (await import('../metrics.ts')).writeRefusal(call, error),
  start: async (call) =>
    (await import('../metrics.ts')).monitored(call, (metrics) =>
      metrics.observe(call, (figures) => startOne(call, figures)),
    ),
};

async function startOne(call: Call, figures: Figures): Promise<number> {
  const [{ reconcile }, { refuseUnfit }, { asciiDomain }] = await Promise.all([
    import('./reconcile.ts'),
    import('./write-manifest.ts'),
    import('./people-list.ts'),
  ]);
  const action = refuseUnfit(call.flag('action'));
  const settings = await call.settings({ online: true, manifests: true, steps: false });
  const { flag } = settings;
  figures.path = settings.run.metricsFile;
  const wanted = {
    list: flag('list'),
    domains: new Set(flag('domains').map(asciiDomain)),
    action,
    tokens: flag('tokens'),
    out: flag('out'),
    html: flag('html'),
  };
  const { diskContext } = await import('../disk-context.ts');
  return reconcile({ ...settings, reconcile: wanted }, await diskContext(settings, call.context), figures);
}
