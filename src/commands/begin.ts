// From a call to the commands that may reach the API: job file and settings are read, warnings told, then the command's own file begins.
import { actions } from '../actions/action-table.ts';
import { LeaversError } from '../errors.ts';
import type { ActionName } from '../model.ts';
import { type LoadedJob, type ResolvedSettings, resolveSettings } from '../config/resolve-settings.ts';
import { flagReader } from '../config/precedence.ts';
import type { Call } from './command.ts';
import { print } from '../terminal/output.ts';

/** `leavers run`. */
export async function beginRun(call: Call): Promise<number> {
  const url = call.flag('ping');
  if (url === undefined) return beginAll(call);
  return (await import('./run/ping.ts')).withPings(url, () => beginAll(call), call.context);
}

async function beginAll(call: Call): Promise<number> {
  const list = call.flag('organizations');
  if (list === undefined) return beginOne(call);
  return (await import('./run/organizations.ts')).runOrganizations(call, list, beginOne);
}

async function beginOne(call: Call): Promise<number> {
  const settings = await readWithManifests(call, true);
  return (await import('./run/run.ts')).run(settings, call.context);
}

/** `leavers plan`. */
export async function beginPlan(call: Call): Promise<number> {
  const offline = call.flag('offline');
  const settings = await readWithManifests(call, !offline);
  const { flag: look } = settings;
  const own = { out: look('out'), offline, detailedExitcode: look('detailed-exitcode') };
  return (await import('./plan/plan.ts')).printPlan({ ...settings, plan: own }, call.context);
}

/** `leavers inactive`. */
export async function beginInactive(call: Call): Promise<number> {
  const days = call.flag('days');
  if (days === undefined) throw new LeaversError('usage', 'inactive needs --days N, for example --days 90');
  const settings = await readGiven(call, true);
  const named = settings.flag('products');
  refuseOther(settings.flag('action'));
  const own = {
    days,
    action: settings.flag('action'),
    products: named.length === 0 ? undefined : named,
    out: settings.flag('out'),
  };
  return (await import('./inactive/inactive.ts')).inactive({ ...settings, inactive: own }, call.context);
}

/** Only what can be asked of somebody because of nothing but inactivity makes rows that run accepts. */
function refuseOther(action: ActionName): void {
  const fitting = Object.values(actions)
    .filter(({ needs, takes }) => needs.join() === 'user' && takes.includes('onlyIfInactiveDays'))
    .map(({ name }) => name);
  if (fitting.includes(action)) return;
  throw new LeaversError('usage', `--action ${action} has no use for inactive people; give ${fitting.join(' or ')}`);
}

/** `leavers doctor`. */
export async function beginDoctor(call: Call): Promise<number> {
  const settings = await readGiven(call, true);
  return (await import('./doctor/doctor.ts')).doctor(settings, call.context);
}

/** The settings of a call, with its job file; warnings go to stderr, and the key is hidden from then on. */
export async function readGiven(call: Call, online: boolean): Promise<ResolvedSettings> {
  const { args: words, context } = call;
  // The words of a call may stand for one of several organizations, so they are looked up anew.
  const path = flagReader(words, context.env)('job');
  const job: LoadedJob | undefined = path === undefined ? undefined : { path, job: await readJob(path, call) };
  const settings = await resolveSettings({ words, online, ...(job === undefined ? {} : { job }) }, context);
  call.hide(settings.api.key);
  for (const warning of settings.warnings) await print(context.stderr, `warning: ${warning}`);
  return settings;
}

async function readJob(path: string, { context }: Call): Promise<LoadedJob['job']> {
  return (await import('../manifest/job/job-file.ts')).readJobFile(path, context);
}

/** A job file may name the manifest itself, so that without one it is asked for before anything else. */
async function readWithManifests(call: Call, online: boolean): Promise<ResolvedSettings> {
  if (call.args.positionals.length === 0 && flagReader(call.args, call.context.env)('job') === undefined)
    throw noManifest(call);
  const settings = await readGiven(call, online);
  if (settings.run.manifests.length === 0) throw noManifest(call);
  return settings;
}

function noManifest({ name, flag: look }: Call): LeaversError {
  const state = look('sandbox');
  const eaten = `; "${state}" was read as the state file of --sandbox, so put the manifest before it`;
  return new LeaversError(
    'usage',
    `${name} needs a manifest: a file, or - for stdin${typeof state === 'string' ? eaten : ''}`,
  );
}
