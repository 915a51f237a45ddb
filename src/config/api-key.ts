// Reads the API key from a flag, the environment or the profile. Its format is checked in secret.ts.
import { type OpenedInput, openInput, streamInput } from '../storage/input-file.ts';
import { warnExpiry } from './profiles/key-expiry.ts';
import type { Profile } from './profiles/profile.ts';
import { parseKey, type Secret } from './secret.ts';
import type { Context } from '../context.ts';
import { LeaversError } from '../errors.ts';

/** Sources of a key beside ATLASSIAN_API_KEY. `isTyped`: a flag, not a variable, names the file. */
export interface KeyPlaces {
  readonly file: { readonly path: string; readonly isTyped: boolean } | undefined;
  readonly stdin: boolean;
  /** Used when no other source has a key. */
  readonly profile?: Profile | undefined;
}

/** Most bytes of a key file or stream. */
const maxBytes = 16_384;
const advice =
  'run leavers init, set ATLASSIAN_API_KEY_FILE (or --api-key-file FILE), ATLASSIAN_API_KEY, or pipe it in with --api-key-stdin';

/**
 * The key, and warnings about its source: a flag goes before a variable, a variable before the profile. Throws LeaversError `config` when there is none, or
 * when two flags or two variables give one, and `missing` when the file can't be read.
 */
export async function readKey(places: KeyPlaces, context: Context): Promise<{ key: Secret; warnings: string[] }> {
  const { file, stdin, profile } = places;
  const variable = context.env['ATLASSIAN_API_KEY'] ?? '';
  const typed = [...(stdin ? ['--api-key-stdin'] : []), ...(file?.isTyped === true ? ['--api-key-file'] : [])];
  const variables = [
    ...(file?.isTyped === false ? ['ATLASSIAN_API_KEY_FILE'] : []),
    ...(variable === '' ? [] : ['ATLASSIAN_API_KEY']),
  ];
  const named = typed.length > 0 ? typed : variables;
  if (named.length === 0) return readProfileKey(profile, context);
  if (named.length > 1)
    throw new LeaversError('config', `${named.join(' and ')} both give an API key; keep one of them`);
  if (stdin) return { key: parseKey(await readStream(context.stdin), 'stdin'), warnings: [] };
  if (file !== undefined) return readFrom(file.path);
  return { key: parseKey(variable, 'ATLASSIAN_API_KEY'), warnings: [] };
}

/** The key of a profile, with a warning when it expires soon. */
async function readProfileKey(
  profile: Profile | undefined,
  context: Context,
): Promise<{ key: Secret; warnings: string[] }> {
  if (profile === undefined) throw new LeaversError('config', `no API key; ${advice}`);
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
    const opened = openInput(path);
    const warnings = isShared(opened) ? [`${path} can be read by others on this machine; chmod 600 it`] : [];
    return { key: parseKey(await readStream(streamInput(opened)), path), warnings };
  } catch (error) {
    if (error instanceof LeaversError) throw error;
    throw new LeaversError(
      'missing',
      `${path}: the key file can't be read (${(error as NodeJS.ErrnoException).code ?? 'error'}); check the path and its permissions`,
    );
  }
}

/** Whether others can read the key. A mounted Kubernetes Secret belongs to root and the container's group, which the user can't change, so it is accepted. */
function isShared({ isFile, mode, uid }: OpenedInput): boolean {
  const isMounted = uid === 0 && (mode & 0o337) === 0;
  return isFile && (mode & 0o077) !== 0 && !isMounted;
}

async function readStream(stream: AsyncIterable<Buffer | string>): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream) {
    const bytes = Buffer.from(part);
    parts.push(bytes);
    size += bytes.length;
    if (size > maxBytes) break;
  }
  return Buffer.concat(parts).toString('utf8');
}
