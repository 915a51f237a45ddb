// The way back of a whole list in memory, as `leavers undo` writes it for reports: newest change first.
import type { ManifestRow } from '../../src/actions/action.ts';
import { type EndedRow, undoRow } from '../../src/actions/undo-row.ts';

interface Undone<Row extends EndedRow> {
  readonly rows: readonly ManifestRow[];
  readonly impossible: readonly { readonly line: Row; readonly why: string }[];
  /** What a row can't bring back. */
  readonly lost: readonly { readonly line: Row; readonly what: string }[];
}

export function undoRows<Row extends EndedRow>(lines: Iterable<Row>): Undone<Row> {
  const ended = [...lines].toReversed().map((line) => ({ line, undo: undoRow(line) }));
  return {
    rows: ended.flatMap(({ undo }) => (typeof undo === 'object' ? undo.rows : [])),
    impossible: ended.flatMap(({ line, undo }) => (typeof undo === 'string' ? [{ line, why: undo }] : [])),
    lost: ended.flatMap(({ line, undo }) =>
      typeof undo === 'object' ? (undo.lost ?? []).map((what) => ({ line, what })) : [],
    ),
  };
}
