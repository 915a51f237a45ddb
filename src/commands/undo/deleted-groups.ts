// DeletedGroups: groups that a report deleted. Undo rows of other changes must not name them.
import { foldName } from '../../model.ts';
import type { ManifestRow, Undo } from '../../actions/action.ts';
import type { Snapshot } from '../../actions/remove-user.ts';
import type { EndedRow } from '../../actions/undo-row.ts';

export class DeletedGroups {
  readonly #ids = new Set<string>();
  readonly #names = new Set<string>();

  /** Records a row of a report. A deletion with an unknown outcome counts too. */
  add({ action, outcome, groupId, groupName }: EndedRow): void {
    if (action !== 'delete-group' || (outcome !== 'done' && outcome !== 'already' && outcome !== 'unknown')) return;
    if (groupId !== null) this.#ids.add(groupId.toLowerCase());
    if (groupName !== null) this.#names.add(foldName(groupName));
  }

  /** The undo of a row without these groups, with a sentence for each that it leaves out. */
  leaveOut({ rows, lost = [] }: Undo, { result }: Pick<EndedRow, 'result'>): Undo {
    if (this.#ids.size + this.#names.size === 0) return { rows, lost };
    // A deletion may name a group by id, while an invitation has the name from before the removal.
    for (const { id, name } of groupsBefore(result))
      if (this.#ids.has(id.toLowerCase())) this.#names.add(foldName(name));
    const deletedNames = new Set<string>();
    const kept = rows.flatMap((row): ManifestRow[] => {
      if (this.#isAbout(row)) {
        deletedNames.add(row.groupName ?? row.groupId ?? '');
        return [];
      }
      const { groups, ...rest } = row;
      if (groups === undefined) return [row];
      const remainingNames = groups.filter((name) => !this.#isGone(name));
      for (const name of groups) if (!remainingNames.includes(name)) deletedNames.add(name);
      return [remainingNames.length === 0 ? rest : { ...rest, groups: remainingNames }];
    });
    return {
      rows: kept,
      lost: [...lost, ...[...deletedNames].map((name) => `group ${name} was deleted and is not created again`)],
    };
  }

  #isAbout({ groupId, groupName }: ManifestRow): boolean {
    if (groupId !== undefined) return this.#ids.has(groupId.toLowerCase());
    return groupName !== undefined && this.#names.has(foldName(groupName));
  }

  #isGone(nameOrId: string): boolean {
    return this.#ids.has(nameOrId.toLowerCase()) || this.#names.has(foldName(nameOrId));
  }
}

/** The groups that a person lost by a removal, from the report. */
function groupsBefore(result: unknown): readonly { readonly id: string; readonly name: string }[] {
  return (result as { before?: Snapshot } | null | undefined)?.before?.groups ?? [];
}
