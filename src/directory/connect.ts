// Which generation the organization serves and which directory is meant: asked once, before anything else.
import type { Address, Answer } from '../actions/action.ts';
import type { Client, Reply } from '../client/reply.ts';
import { LeaversError, StopError } from '../errors.ts';
import type { ApiSettings } from '../options.ts';

type Wanted = Pick<ApiSettings, 'org' | 'api' | 'directory'>;

interface DirectoryEntry {
  readonly id: string;
  readonly name: string;
}

/** Settles the address of all later calls. Throws LeaversError `config` when several directories are there and none is named. */
export async function connect(client: Client, wanted: Wanted): Promise<Address> {
  if (wanted.api === 'v1') return { generation: 'v1', org: wanted.org, directory: wanted.directory ?? '-' };
  if (wanted.api === 'v2' && wanted.directory !== undefined) {
    return { generation: 'v2', org: wanted.org, directory: wanted.directory };
  }
  const reply = await client.send({
    method: 'GET',
    path: ['v2', 'orgs', wanted.org, 'directories'],
    repeat: 'read',
    needsBody: true,
  });
  const answer = answerOf(reply, 'the list of directories');
  // Only a route that is not there speaks for the old generation; every other refusal, as of an unknown organization, is its own trouble.
  if (wanted.api === 'auto' && isRouteMissing(answer)) {
    return { generation: 'v1', org: wanted.org, directory: '-' };
  }
  return { generation: 'v2', org: wanted.org, directory: choose(directoriesIn(answer), wanted.directory) };
}

/** The answer of a read that everything depends on; a lost or unsent one stops the run. */
export function answerOf(reply: Reply, what: string): Answer {
  if (reply.kind === 'answer') return reply.answer;
  throw new StopError(
    'stopped',
    `${what} could not be read: ${reply.why}; nothing depends on guesses here, so run it again later`,
  );
}

function isRouteMissing({ status, code = '' }: Answer): boolean {
  return status === 410 || (status === 404 && !/^ADMIN-(UAM-)?404-2$/.test(code));
}

function directoriesIn(answer: Answer): DirectoryEntry[] {
  const data = (answer.body as { data?: unknown } | undefined)?.data;
  if (answer.status >= 300 || !Array.isArray(data)) {
    const said = answer.text ? `: ${answer.text}` : '';
    throw new LeaversError(
      'config',
      `the organization's directories can't be listed (HTTP ${answer.status}${said}); check --org-id and the key, or name the generation with --api v1`,
    );
  }
  return data.flatMap((each: { directoryId?: unknown; name?: unknown }) =>
    typeof each?.directoryId === 'string'
      ? [{ id: each.directoryId, name: typeof each.name === 'string' ? each.name : '' }]
      : [],
  );
}

function choose(directories: readonly DirectoryEntry[], wanted: string | undefined): string {
  const list = directories.map(({ id, name }) => `  ${id}  ${name}`).join('\n');
  if (wanted !== undefined) {
    if (directories.some(({ id }) => id === wanted)) return wanted;
    throw new LeaversError(
      'config',
      `--directory ${wanted} is not one of the organization's directories; use one of\n${list}`,
    );
  }
  const [only, ...others] = directories;
  if (only === undefined)
    throw new LeaversError(
      'config',
      'the organization shows this key no directory; use a key of an organization admin',
    );
  if (others.length > 0) {
    throw new LeaversError(
      'config',
      `the organization has ${directories.length} directories; choose one with --directory:\n${list}`,
    );
  }
  return only.id;
}
