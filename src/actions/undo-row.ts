// undoRow: a changed row → the rows that undo it, or the reason why there are none. Each action has its own `undo`, in its own file: that of an
// invitation is in invite-user.ts. Pure.
import type { Action, Undo } from './action.ts';
import { actions } from './action-table.ts';
import { madeIn } from './current-roles.ts';
import type { ActionName, Fields, OutcomeName } from '../model.ts';

/** What undo reads of a report's `row` line. */
export interface EndedRow {
  readonly row: number;
  readonly action: ActionName | null;
  readonly accountId: string | null;
  readonly email: string | null;
  readonly groupId: string | null;
  readonly groupName: string | null;
  readonly reference: string | null;
  readonly outcome: OutcomeName;
  readonly ambiguous?: boolean;
  readonly result: unknown;
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * The rows that undo one row, the reason why there are none, or undefined when the row changed nothing:
 * a read, or the outcome `already`.
 */
export function undoRow(line: EndedRow): Undo | string | undefined {
  if (line.action === null || actions[line.action].risk === 'reads') return undefined;
  if (line.outcome === 'unknown') return checkByHand(line);
  if (line.outcome === 'failed') return undoBroken(line, actions[line.action]);
  if (line.outcome === 'done') return undoWhole(line, actions[line.action]);
  const isDoubtful = line.ambiguous === true && line.outcome !== 'already';
  return isDoubtful ? 'an earlier run sent it, and it may have been applied; check, and change it by hand' : undefined;
}

/** The groups of an invitation are named too: whether one got a member decides whether it can be deleted. */
function checkByHand(line: EndedRow): string {
  const { groups = [] } = fieldsOf(line);
  const too = groups.length === 0 ? '' : `, also its groups ${groups.join(', ')}`;
  return `it is unknown whether it was received; check, and change it by hand${too}`;
}

function undoWhole(line: EndedRow, action: Action): Undo | string {
  return action.undo({ fields: fieldsOf(line), result: line.result });
}

/** A failed row: undoes the calls that succeeded, and names the call that may have been applied. */
function undoBroken(line: EndedRow, action: Action): Undo | string | undefined {
  const doubt = 'it failed, but an attempt may have been applied; check, unless a later row has settled it';
  if (madeIn(line.result) === undefined) return line.ambiguous === true ? doubt : undefined;
  const way = undoWhole(line, action);
  if (typeof way === 'string' || line.ambiguous !== true) return way;
  const lost = 'it stopped halfway, and its last call may have been applied; check, unless a later row has settled it';
  return { ...way, lost: [lost, ...(way.lost ?? [])] };
}

/** The fields of the record that a line is about, with the ids that were found. */
export function fieldsOf(line: EndedRow): Fields {
  const { accountId, email, groupId, groupName, reference } = line;
  const named = Object.entries({ accountId, email, groupId, groupName, reference });
  return { ...line.fields, ...Object.fromEntries(named.filter(([, value]) => value !== null)) };
}
