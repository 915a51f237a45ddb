// lockOrganization: one run at a time for an organization on this machine, because two would double the rate and could change the same person.
import { chmodSync, statSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import type { Settings } from '../../config/settings.ts';
import type { Context } from '../../context.ts';
import { interruption, StopError } from '../../errors.ts';
import { type FileLock, type LockNote, readNote, tryLock } from '../../storage/file-lock.ts';
import { type MachineLock, readMachineNote, tryMachineLock } from '../../storage/machine-lock.ts';
import { makeFolder } from '../../storage/make-folder.ts';
import { duration } from '../../text/phrases.ts';
import { neutralize } from '../../text/sanitize.ts';
import { print } from '../../terminal/output.ts';

/** Interval at which a waiting run tries the lock. */
const lookMs = 1000;

/** Where runs of one organization exclude each other. */
interface LockPlace {
  /** Excludes other runs of this user, also in a container that shares the folder; undefined when no folder can keep it. */
  file: string | undefined;
  /** Excludes runs of all users of this machine, for the same server. */
  readonly name: string;
}

/**
 * Takes the organization's lock; the stack releases it. Waits for `--wait-lock`, then throws StopError `stopped` that names the other
 * run. Rehearsals and dry runs need no lock. Without a folder for the lock, it prints a warning and the run continues.
 */
export async function lockOrganization(
  settings: Settings,
  context: Context,
  { stack, stop }: { readonly stack: AsyncDisposableStack; readonly stop: AbortSignal },
): Promise<void> {
  const { api, run } = settings;
  if (run.sandbox !== false || run.dryRun) return;
  const org = api.org.trim().toLowerCase();
  const place: LockPlace = {
    file: lockFile(org, context.env),
    name: `${context.hostname} ${api.baseUrl.origin} ${org}`,
  };
  const until = context.clock.monotonic() + (run.waitLockMs ?? 0);
  let isWaiting = false;
  for (;;) {
    const lock = await take(place, settings, context);
    if (lock !== undefined) return stack.defer(() => lock.release());
    const remainingMs = until - context.clock.monotonic();
    const holder = `organization ${api.org} is in use by another run${await describeHolder(place)}`;
    if (remainingMs <= 0)
      throw new StopError('stopped', `${holder}; wait for it to end, or let this run wait with --wait-lock 30m`);
    if (!isWaiting) await print(context.stderr, neutralize(`${holder}; waiting up to ${duration(remainingMs)}`));
    isWaiting = true;
    await context.sleep(Math.min(lookMs, remainingMs), stop);
    if (stop.aborted) throw interruption(stop.reason);
  }
}

/** Both locks, or undefined when another run holds one of them. */
async function take(place: LockPlace, { run, job }: Settings, context: Context): Promise<MachineLock | undefined> {
  const { pid, hostname, clock } = context;
  const since = new Date(clock.now()).toISOString();
  const paths = run.job === undefined ? run.manifests : [run.job];
  const names = job?.name === undefined ? paths.map((path) => basename(path)) : [neutralize(job.name)];
  const file = await takeFile(place, { pid, hostname, since, names }, context);
  if (file === undefined) return undefined;
  // Other users read this note, so it has no names. Only Linux has such locks.
  const name = await tryMachineLock(place.name, { pid, since }).catch((): MachineLock => ({ release: async () => {} }));
  if (name === undefined) file.release();
  return name && { release: () => name.release().finally(() => file.release()) };
}

async function takeFile(place: LockPlace, note: LockNote, context: Context): Promise<FileLock | undefined> {
  const { file } = place;
  if (file === undefined) return { release: () => {} };
  try {
    return tryLock(file, note);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const warning = `warning: ${file} can't be locked (${code ?? message}), so another run for this organization may not be noticed`;
    await print(context.stderr, neutralize(warning));
    place.file = undefined;
    return { release: () => {} };
  }
}

async function describeHolder({ file, name }: LockPlace): Promise<string> {
  const note = file === undefined ? undefined : readNote(file);
  if (note !== undefined) {
    const { pid, hostname, since, names = [] } = note;
    return ` (pid ${pid} on ${hostname}, since ${[since, ...names].join(', ')})`;
  }
  const { pid, since } = ((await readMachineNote(name)) ?? {}) as Readonly<Record<string, unknown>>;
  if (!Number.isSafeInteger(pid) || Number.isNaN(Date.parse(String(since)))) return '';
  return ` (pid ${String(pid)} on this machine, since ${new Date(String(since)).toISOString()})`;
}

/**
 * The lock's path, in a folder of this user alone; undefined when the environment names none. The state folder comes first: a cron job
 * has no XDG_RUNTIME_DIR, but must use the same lock as an interactive run.
 */
function lockFile(org: string, env: Context['env']): string | undefined {
  const { HOME, XDG_STATE_HOME, XDG_RUNTIME_DIR } = env;
  const state = XDG_STATE_HOME || (HOME && join(HOME, '.local', 'state'));
  const folders = [state, XDG_RUNTIME_DIR].flatMap((base) => (base && isAbsolute(base) ? [join(base, 'leavers')] : []));
  const folder = folders.find(isOwn) ?? folders[0];
  return folder === undefined ? undefined : join(folder, `${org}.lock`);
}

/**
 * Creates the folder if needed, and removes access by other users: two runs with different folders would not see each other's lock.
 * False when that can't be done.
 */
function isOwn(folder: string): boolean {
  try {
    makeFolder(folder);
    if ((statSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700);
    return true;
  } catch {
    return false;
  }
}
