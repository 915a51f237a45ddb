// `targetOf`: a record's fields with the ids that the look-up found.
import type { Target } from '../actions/action.ts';
import type { Group, JobRecord, Person } from '../model.ts';

/** Results of the look-up; null and undefined as in LookupResult. */
interface ResolvedIds {
  readonly person: Person | null | undefined;
  readonly group: Group | null | undefined;
  readonly groupIds: ReadonlyMap<string, string | null | undefined>;
}

/** Ids where the action needs ids. A group that an earlier record creates has none yet. */
export function targetOf({ fields }: JobRecord, { person, group, groupIds }: ResolvedIds): Target {
  const accountId = fields.accountId ?? person?.accountId;
  const groupId = fields.groupId ?? group?.groupId;
  const { groups, ...rest } = fields;
  return {
    ...rest,
    ...(accountId === undefined ? {} : { accountId }),
    ...(groupId === undefined ? {} : { groupId }),
    ...(groups === undefined ? {} : groupsOf(groups, groupIds)),
  };
}

function groupsOf(names: readonly string[], ids: ResolvedIds['groupIds']): Pick<Target, 'groups' | 'groupNames'> {
  const found = names.flatMap((name) => {
    const id = ids.get(name);
    return typeof id === 'string' ? [[id, name] as const] : [];
  });
  return { groups: found.map(([id]) => id), groupNames: Object.fromEntries(found) };
}
