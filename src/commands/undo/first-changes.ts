// FirstChanges: of several changes to one subject, keeps only the undo of the first, which restores the state before all of them.
import type { ManifestRow } from '../../actions/action.ts';
import { effectsOf } from '../../actions/effects.ts';
import { KeyTable } from '../../storage/key-table.ts';

export class FirstChanges {
  readonly #taken = new KeyTable('wide');
  /** Rows that were left out. */
  left = 0;

  /** Drops undo rows whose subject an older change already restores. Call it for the oldest change first. */
  keep(rows: readonly ManifestRow[]): ManifestRow[] {
    const kept = rows.flatMap((row) => this.#keep(row));
    for (const subject of kept.flatMap(subjectsOf)) this.#taken.setOnce(subject, 1);
    return kept;
  }

  #keep(row: ManifestRow): ManifestRow[] {
    const isTaken = (each: ManifestRow) => subjectsOf(each).some((subject) => this.#taken.get(subject) !== 0);
    if (!isTaken(row)) return [row];
    const roles = (row.roles ?? []).filter((role) => !isTaken({ ...row, roles: [role] }));
    if (roles.length > 0) return [{ ...row, roles }];
    this.left += 1;
    return [];
  }
}

/** The subjects of a row. With an id, the name does not count: it may belong to another person by now. */
function subjectsOf({ action, ...fields }: ManifestRow): string[] {
  const { email: _, ...byAccount } = fields;
  const identified = fields.accountId === undefined ? fields : byAccount;
  const { groupName: __, ...byId } = identified;
  return effectsOf({ action, fields: identified.groupId === undefined ? identified : byId })
    .filter(({ sets, excludes }) => sets !== undefined && excludes.length > 0)
    .map(({ subject }) => subject);
}
