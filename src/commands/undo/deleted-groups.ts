// DeletedGroups: groups that a report deleted, which the way back of its other rows must not name.
import { foldName } from '../../model.ts';
import type { ManifestRow, Undo } from '../../actions/action.ts';
import type { Snapshot } from '../../actions/remove-user.ts';
import type { EndedRow } from '../../actions/undo-row.ts';

export class DeletedGroups {
  readonly #ids = new Set<string>();
  readonly #names = new Set<string>();

  /** Notes a row of a report; a deletion counts also when nobody knows whether it arrived. */
  add({ action, outcome, groupId, groupName }: EndedRow): void {
    if (action !== 'delete-group' || (outcome !== 'done' && outcome !== 'already' && outcome !== 'unknown')) return;
    if (groupId !== null) this.#ids.add(groupId.toLowerCase());
    if (groupName !== null) this.#names.add(foldName(groupName));
  }

  /** The way back of a row without these groups, and in words which of them it leaves out. */
  leaveOut({ rows, lost = [] }: Undo, { result }: Pick<EndedRow, 'result'>): Undo {
    if (this.#ids.size + this.#names.size === 0) return { rows, lost };
    // A deletion may name a group by id, and an invitation names it as it was read before the removal.
    for (const { id, name } of groupsBefore(result))
      if (this.#ids.has(id.toLowerCase())) this.#names.add(foldName(name));
    const gone = new Set<string>();
    const kept = rows.flatMap((row): ManifestRow[] => {
      if (this.#isAbout(row)) {
        gone.add(row.groupName ?? row.groupId ?? '');
        return [];
      }
      const { groups, ...rest } = row;
      if (groups === undefined) return [row];
      const left = groups.filter((name) => !this.#isGone(name));
      for (const name of groups) if (!left.includes(name)) gone.add(name);
      return [left.length === 0 ? rest : { ...rest, groups: left }];
    });
    return {
      rows: kept,
      lost: [...lost, ...[...gone].map((name) => `group ${name} was deleted, and is not brought back`)],
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

/** The groups that a removal took, as its report keeps them. */
function groupsBefore(result: unknown): readonly { readonly id: string; readonly name: string }[] {
  return (result as { before?: Snapshot } | null | undefined)?.before?.groups ?? [];
}
