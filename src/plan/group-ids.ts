// groupIdsOf(): the ids behind the groups that an invitation names.
import type { DirectoryResult } from '../directory/directory.ts';
import { foldName, isUuid } from '../model.ts';

type Ids = ReadonlyMap<string, string | null | undefined>;
const none: Ids = new Map();

/** Ids by name or id: null for a group that an earlier row creates, undefined for one that is not there. */
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
