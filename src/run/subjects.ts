// Which person and which group a record is about: what its order depends on.
import type { PlannedRecord } from '../plan/verdict.ts';
import { foldName } from '../model.ts';

/** Keys of the lanes that a record runs in. A person and a group have one key by name and one by id, as soon as both are known. */
export function subjectsOf({ record, target }: PlannedRecord): string[] {
  const { fields } = record;
  const people = [target.accountId, fields.email].filter((name) => name !== undefined).map((name) => `person ${name}`);
  const groups = [fields.groupName, ...(fields.groups ?? []), target.groupId, ...(target.groups ?? [])];
  const named = groups.filter((name) => name !== undefined).map((name) => `group ${foldName(name)}`);
  return [...new Set([...people, ...named])];
}
