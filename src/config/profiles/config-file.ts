// The configuration file of this user: profiles, without secrets. `init` writes it, every command that calls the API reads it.
import { closeSync, type Stats } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { z } from 'zod';
import type { Context } from '../../context.ts';
import { LeaversError } from '../../errors.ts';
import { openInput, readOpened } from '../../storage/input-file.ts';
import { makeFolder } from '../../storage/make-folder.ts';
import { replaceFile } from '../../storage/replace-file.ts';
import type { configSchema } from './config-schema.ts';

/** The profiles, and the name of the default one. */
export type Config = Readonly<z.infer<typeof configSchema>>;
export type ProfileEntry = Config['profiles'][string];

/** The folder of configuration and stored keys; undefined without HOME and XDG_CONFIG_HOME. */
export function configFolder({ HOME, XDG_CONFIG_HOME }: Context['env']): string | undefined {
  const base = [XDG_CONFIG_HOME, HOME && join(HOME, '.config')].find((each) => each && isAbsolute(each));
  return base ? join(base, 'leavers') : undefined;
}

/** The path of the configuration file, for messages too. */
export function configPath(env: Context['env']): string {
  return join(configFolder(env) ?? '~/.config/leavers', 'config.json');
}

/** Reads the file; without one there are no profiles. Throws LeaversError `config` when it can't be used. */
export async function readConfig({ env, uid }: Pick<Context, 'env' | 'uid'>): Promise<Config> {
  if (configFolder(env) === undefined) return { profiles: {} };
  const path = configPath(env);
  const content = await readText(path, uid);
  if (content === undefined) return { profiles: {} };
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    throw new LeaversError('config', `${path}: is not valid JSON; correct it, or move it away and run leavers init`);
  }
  // Lazy import: a schema takes time to load.
  const { configSchema } = await import('./config-schema.ts');
  const parsed = configSchema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const { describeSchemaError } = await import('../../manifest/job/schema-errors.ts');
  const otherwise = 'is not a configuration; it starts with {"profiles": {…}}, as leavers init writes it';
  throw new LeaversError(
    'config',
    describeSchemaError(parsed.error.issues, { path, text: content, shape: configSchema, otherwise }),
  );
}

async function readText(path: string, uid: Context['uid']): Promise<string | undefined> {
  try {
    // Opened once, so that the file that is checked is the file that is read.
    const file = openInput(path);
    const danger = whyUntrusted(file, uid);
    if (danger === undefined) return (await readOpened(file)).toString('utf8');
    closeSync(file.fd);
    throw new LeaversError('config', `${path}: ${danger}`);
  } catch (error) {
    if (error instanceof LeaversError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new LeaversError('config', `${path}: can't be read (${code})`);
  }
}

/**
 * Why a file that names a command to run can't be trusted; undefined when only this user and root can change it. `uid` is this user's.
 */
export function whyUntrusted(found: Pick<Stats, 'mode' | 'uid'>, uid: Context['uid']): string | undefined {
  if (uid !== undefined && found.uid !== uid && found.uid !== 0)
    return `belongs to another user (uid ${found.uid}), who could name a command to run; take it over with chown, or remove it`;
  return (found.mode & 0o022) === 0 ? undefined : 'can be changed by others on this machine; chmod 600 it';
}

/** Replaces a file of the configuration with mode 0600. Throws LeaversError `config` when it can't be written. */
export async function writePrivate(path: string, content: string, context: Pick<Context, 'cwd'>): Promise<void> {
  try {
    makeFolder(dirname(path));
    await replaceFile(path, (draft) => writeFile(draft, content, { mode: 0o600, flag: 'wx' }), context);
    await chmod(path, 0o600);
  } catch (error) {
    throw new LeaversError('config', `${path}: can't be written (${(error as NodeJS.ErrnoException).code})`);
  }
}
