// Changed rows → the rows that take them back, newest first. Pure; what can't be undone is said with its reason.
import type { ManifestRow } from './actions/action.ts';
import { actions } from './actions/actions.ts';
import { isChange } from './guards.ts';
import type { Fields } from './record.ts';
import type { RowEnd } from './report/events.ts';

export interface Undone {
  /** Newest change first. */
  readonly rows: readonly ManifestRow[];
  readonly impossible: readonly { readonly line: RowEnd; readonly why: string }[];
  /** What a row can't bring back. */
  readonly lost: readonly { readonly line: RowEnd; readonly what: string }[];
}

/** The inverse of the rows that changed something. Rows that were `already` so changed nothing and stay as they are. */
export function undoRows(lines: Iterable<RowEnd>): Undone {
  const [rows, impossible, lost]: [ManifestRow[], { line: RowEnd; why: string }[], { line: RowEnd; what: string }[]] = [[], [], []];
  for (const line of [...lines].toReversed()) {
    if (line.outcome !== 'done' || line.action === null || !isChange(line.action)) continue;
    const undo = actions[line.action].undo({ fields: fieldsOf(line), result: line.result });
    if (typeof undo === 'string') {
      impossible.push({ line, why: undo });
      continue;
    }
    rows.push(...undo.rows);
    if (undo.lost !== undefined) lost.push({ line, what: undo.lost });
  }
  return { rows, impossible, lost };
}

/** The fields of the record that a line is about, with the ids that were found. */
export function fieldsOf(line: RowEnd): Fields {
  const named = {
    accountId: line.accountId,
    email: line.email,
    groupId: line.groupId,
    groupName: line.groupName,
    reference: line.reference,
  };
  const given = Object.entries(named).filter(([, value]) => value !== null);
  return { ...(line.fields as Fields), ...Object.fromEntries(given) };
}
