// Reads the API key from a file, stdin or the environment, and refuses two sources. Its format is checked in secret.ts.
import type { Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { warnExpiry } from './profiles/key-expiry.ts';
import type { Profile } from './profiles/profile.ts';
import { parseKey, type Secret } from './secret.ts';
import type { Context } from '../context.ts';
import { LeaversError } from '../errors.ts';

/** Sources of a key: `fileFlag` is a flag, the others are in the environment. */
export interface KeyPlaces {
  readonly file: { readonly path: string; readonly where: string } | undefined;
  readonly stdin: boolean;
  /** Used when no other source has a key. */
  readonly profile?: Profile | undefined;
}

/** Most bytes of a key file or stream. */
const most = 16_384;
const how =
  'run leavers init, set ATLASSIAN_API_KEY_FILE (or --api-key-file FILE), ATLASSIAN_API_KEY, or pipe it in with --api-key-stdin';

/** The key, and warnings about its source. Throws LeaversError `config` when there is none or two, `missing` when the file can't be read. */
export async function readKey(places: KeyPlaces, context: Context): Promise<{ key: Secret; warnings: string[] }> {
  const variable = context.env['ATLASSIAN_API_KEY'] ?? '';
  const named = [
    ...(places.stdin ? ['--api-key-stdin'] : []),
    ...(places.file === undefined ? [] : [places.file.where]),
    ...(variable === '' ? [] : ['ATLASSIAN_API_KEY']),
  ];
  if (named.length === 0) return readProfileKey(places.profile, context);
  if (named.length > 1)
    throw new LeaversError('config', `${named.join(' and ')} both give an API key; keep one of them`);
  if (places.stdin) return { key: parseKey(await readStream(context.stdin), 'stdin'), warnings: [] };
  if (places.file !== undefined) return readFrom(places.file.path);
  return { key: parseKey(variable, 'ATLASSIAN_API_KEY'), warnings: [] };
}

/** The key of a profile, with a warning when it expires soon. */
async function readProfileKey(
  profile: Profile | undefined,
  context: Context,
): Promise<{ key: Secret; warnings: string[] }> {
  if (profile === undefined) throw new LeaversError('config', `no API key; ${how}`);
  const { name, apiKeyFile, apiKeyCommand } = profile;
  const ends = warnExpiry(profile, context.clock.now());
  if (apiKeyCommand !== undefined) {
    const { runKeyCommand } = await import('./profiles/key-command.ts');
    const where = `the output of ${apiKeyCommand[0]} (profile ${name})`;
    return { key: parseKey(await runKeyCommand(apiKeyCommand, context), where), warnings: ends };
  }
  if (apiKeyFile === undefined)
    throw new LeaversError(
      'config',
      `profile ${name} does not say where its API key is; run leavers init --profile ${name}`,
    );
  const { key, warnings } = await readFrom(apiKeyFile);
  return { key, warnings: [...warnings, ...ends] };
}

async function readFrom(path: string): Promise<{ key: Secret; warnings: string[] }> {
  try {
    await using file = await open(path);
    const warnings = isShared(await file.stat()) ? [`${path} can be read by others on this machine; chmod 600 it`] : [];
    // A pipe has no positions to read at, so the file is read as a stream.
    return { key: parseKey(await readStream(file.createReadStream({ autoClose: false })), path), warnings };
  } catch (error) {
    if (error instanceof LeaversError) throw error;
    throw new LeaversError(
      'missing',
      `${path}: the key file can't be read (${(error as NodeJS.ErrnoException).code ?? 'error'}); check the path and its permissions`,
    );
  }
}

/** Whether others can read the key. A mounted Kubernetes Secret belongs to root and the container's group, which the user can't change, so it is accepted. */
function isShared(stats: Stats): boolean {
  const isMounted = stats.uid === 0 && (stats.mode & 0o337) === 0;
  return stats.isFile() && (stats.mode & 0o077) !== 0 && !isMounted;
}

async function readStream(stream: AsyncIterable<Buffer | string>): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream) {
    const bytes = Buffer.from(part);
    parts.push(bytes);
    size += bytes.length;
    if (size > most) break;
  }
  return Buffer.concat(parts).toString('utf8');
}
