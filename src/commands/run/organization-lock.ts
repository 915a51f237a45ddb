// lockOrganization: one run at a time for an organization on this machine, because two would double the rate and could change the same person.
import { chmodSync, statSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import type { Settings } from '../../config/settings.ts';
import type { Context } from '../../context.ts';
import { interruption, StopError } from '../../errors.ts';
import { type FileLock, readNote, tryLock } from '../../storage/file-lock.ts';
import { makeFolder } from '../../storage/make-folder.ts';
import { duration } from '../../text/phrases.ts';
import { neutralize } from '../../text/sanitize.ts';
import { print } from '../../terminal/output.ts';

/** Interval at which a waiting run tries the lock. */
const lookMs = 1000;

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
  const file = lockFile(api.org, context.env);
  if (file === undefined) return;
  const until = context.clock.monotonic() + (run.waitLockMs ?? 0);
  let isWaiting = false;
  for (;;) {
    const lock = await take(file, settings, context);
    if (lock === 'unusable') return;
    if (lock !== undefined) return stack.defer(() => lock.release());
    const remainingMs = until - context.clock.monotonic();
    const holder = `organization ${api.org} is in use by another run${describe(file)}`;
    if (remainingMs <= 0)
      throw new StopError('stopped', `${holder}; wait for it to end, or let this run wait with --wait-lock 30m`);
    if (!isWaiting) await print(context.stderr, neutralize(`${holder}; waiting up to ${duration(remainingMs)}`));
    isWaiting = true;
    await context.sleep(Math.min(lookMs, remainingMs), stop);
    if (stop.aborted) throw interruption(stop.reason);
  }
}

async function take(
  file: string,
  { run, job }: Settings,
  context: Context,
): Promise<FileLock | 'unusable' | undefined> {
  const { pid, hostname, clock } = context;
  const paths = run.job === undefined ? run.manifests : [run.job];
  const note = {
    pid,
    hostname,
    since: new Date(clock.now()).toISOString(),
    names: job?.name === undefined ? paths.map((path) => basename(path)) : [neutralize(job.name)],
  };
  try {
    return tryLock(file, note);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const warning = `warning: ${file} can't be locked (${code ?? message}), so another run for this organization would not be noticed`;
    await print(context.stderr, neutralize(warning));
    return 'unusable';
  }
}

function describe(file: string): string {
  const note = readNote(file);
  if (note === undefined) return '';
  const { pid, hostname, since, names = [] } = note;
  return ` (pid ${pid} on ${hostname}, since ${[since, ...names].join(', ')})`;
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
  return folder === undefined ? undefined : join(folder, `${org.trim().toLowerCase()}.lock`);
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
