// Which person and which group a record is about: what its order depends on.
import { foldName } from '../directory/directory.ts';
import type { Planned } from '../plan.ts';

/** Keys of the lanes that a record runs in. A group has one key by name and id as soon as both are known. */
export function subjectsOf({ record, target, awaits }: Planned): string[] {
  const { fields } = record;
  const person = target.accountId ?? fields.email;
  const name = fields.groupName === undefined ? undefined : foldName(fields.groupName);
  return [
    ...(person === undefined ? [] : [`person ${person}`]),
    ...(name === undefined ? [] : [`group ${name}`]),
    ...(target.groupId === undefined || awaits !== undefined ? [] : [`group ${target.groupId}`]),
  ];
}
