// discover: detects the API generation and the directory of the organization, once, before anything else.
import type { Address, Answer } from '../actions/action.ts';
import type { Client } from '../client/client.ts';
import { LeaversError } from '../errors.ts';
import type { ApiSettings } from '../config/settings.ts';
import { listPages } from './list-pages.ts';

type DirectoryChoice = Pick<ApiSettings, 'org' | 'api' | 'directory'>;

interface DirectoryEntry {
  readonly id: string;
  readonly name: string;
}

/** Returns the address of all later calls. Throws LeaversError `config` when there are several directories and none is named. */
export async function discover(client: Client, wanted: DirectoryChoice): Promise<Address> {
  if (wanted.api === 'v1') return { generation: 'v1', org: wanted.org, directory: wanted.directory ?? '-' };
  if (wanted.api === 'v2' && wanted.directory !== undefined) {
    return { generation: 'v2', org: wanted.org, directory: wanted.directory };
  }
  const path = ['v2', 'orgs', wanted.org, 'directories'];
  let [isFirst, isOld] = [true, false];
  const pages = listPages(client, {
    name: 'the list of directories',
    request: (cursor) => ({
      method: 'GET',
      path,
      retry: 'read',
      needsBody: true,
      ...(cursor ? { query: { cursor } } : {}),
    }),
    entriesOf: ({ answer }) => {
      // Only a missing route means the old generation; any other refusal, such as an unknown organization, is an error.
      isOld = isFirst && wanted.api === 'auto' && isRouteMissing(answer);
      isFirst = false;
      return isOld ? [] : directoriesIn(answer);
    },
  });
  const directories = (await Array.fromAsync(pages)).flat();
  if (isOld) return { generation: 'v1', org: wanted.org, directory: '-' };
  return { generation: 'v2', org: wanted.org, directory: choose(directories, wanted.directory) };
}

function isRouteMissing({ status, code = '' }: Answer): boolean {
  return status === 410 || (status === 404 && !/^ADMIN-(UAM-)?404-2$/.test(code));
}

function directoriesIn(answer: Answer): DirectoryEntry[] {
  const data = (answer.body as { data?: unknown } | undefined)?.data;
  if (answer.status >= 300 || !Array.isArray(data)) {
    const apiText = answer.text ? `: ${answer.text}` : '';
    throw new LeaversError(
      'config',
      `the organization's directories can't be listed (HTTP ${answer.status}${apiText}); check --org-id and the key, or name the generation with --api v1`,
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
      'this key sees no directory of the organization; use the key of an organization admin',
    );
  if (others.length > 0) {
    throw new LeaversError(
      'config',
      `the organization has ${directories.length} directories; choose one with --directory:\n${list}`,
    );
  }
  return only.id;
}
