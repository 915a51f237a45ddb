// The groups of a row: the ids behind the names of an invitation, and all groups that were read.
import type { Directory, DirectoryResult } from '../directory/directory.ts';
import { foldName, type Group, isUuid, type JobRecord } from '../model.ts';
import type { FoundAll } from './mismatch.ts';

type Ids = ReadonlyMap<string, string | null | undefined>;
const none: Ids = new Map();

/** Ids by name or id: null for a group that an earlier row creates, undefined for one that does not exist. */
export function groupIdsOf(
  names: readonly string[] | undefined,
  found: DirectoryResult | undefined,
  created: ReadonlySet<string>,
): Ids {
  return names === undefined ? none : new Map(names.map((name) => [name, idOfGroup(name, found, created)]));
}

function idOfGroup(
  nameOrId: string,
  found: DirectoryResult | undefined,
  created: ReadonlySet<string>,
): string | null | undefined {
  if (found === undefined) return nameOrId;
  const name = foldName(nameOrId);
  return found.groups.get(name)?.groupId ?? (created.has(name) ? null : isUuid(nameOrId) ? nameOrId : undefined);
}

/** The groups that a row changes or that an invitation names, as far as they were read. */
export function groupsOf({ fields }: Pick<JobRecord, 'fields'>, found: FoundAll | undefined): Group[] {
  if (found === undefined) return [];
  const { groupId, groupName, groups = [] } = fields;
  const own = groupId === undefined ? found.groups.get(foldName(groupName ?? '')) : byId(groupId, found);
  return [own, ...groups.map((name) => found.groups.get(foldName(name)) ?? byId(name, found))].filter(
    (group) => group !== undefined,
  );
}

function byId(id: string, { groupsById }: FoundAll): Group | undefined {
  return groupsById.get(id.toLowerCase());
}

/** The directory, reading each group by id once. */
export function rememberGroups(directory: Directory): Directory {
  const groups = new Map<string, Group | undefined>();
  const groupsById: Directory['groupsById'] = async (groupIds) => {
    const ids = [...new Set([...groupIds].map((id) => id.toLowerCase()))];
    const fresh = ids.filter((id) => !groups.has(id));
    for (const id of fresh) groups.set(id, undefined);
    const found = fresh.length === 0 ? [] : await directory.groupsById(fresh);
    for (const group of found) groups.set(group.groupId.toLowerCase(), group);
    return ids.flatMap((id) => groups.get(id) ?? []);
  };
  return { ...directory, groupsById };
}
