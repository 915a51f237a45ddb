// Reads the data for undo before a record's first call, and adds it to the result.
import { actions } from '../actions/action-table.ts';
import { StopError } from '../errors.ts';
import type { PlannedRecord } from '../plan/verdict.ts';
import type { Ending, SendContext, SendState } from './send-state.ts';

/** Sends the action's reads for undo. The row does not depend on them: after a refusal, nothing is stored. */
export async function readSnapshot(
  planned: PlannedRecord,
  { client, directory }: SendContext,
): Promise<object | undefined> {
  const { record, target, verdict } = planned;
  const action = actions[record.action];
  // On a resumed row the current state may already be our change. A person still to be removed is unchanged.
  if (verdict.verdict === 'run' && verdict.ambiguous && action.snapshots === undefined) return undefined;
  const steps = action.readBefore?.(target, directory.address);
  if (steps === undefined) return undefined;
  try {
    let step = steps.next();
    while (!step.done) {
      const reply = await client.send(step.value);
      step = steps.next(reply.kind === 'answer' ? reply.answer : { status: 0, body: undefined });
    }
    return step.value;
  } catch (error) {
    // The read may have arrived when the run stopped, but nothing of the change was sent.
    throw error instanceof StopError ? new StopError(error.kind, error.message) : error;
  }
}

/** The calls of an unfinished record that succeeded, which undo reverts. */
export function partDone({ callsDone, stepsDone, snapshotRoles }: SendState): object {
  return callsDone === 0 ? {} : { ...snapshotRoles, made: stepsDone };
}

/** The state that the call destroyed. */
export function destroyed({ snapshotPerson, snapshotRoles }: SendState): object {
  return snapshotPerson === undefined ? {} : { ...snapshotRoles, before: snapshotPerson };
}

/** The result has one last-active date for all seats. */
function withoutDate(seat: NonNullable<PlannedRecord['seats']>[number]) {
  const { lastActive: _, ...rest } = seat;
  return rest;
}

/** Adds the state before, the last-active date and the freed seats to the result of a change, or of a call that may have made one. */
export function withSnapshot(ending: Ending, state: SendState, seats: PlannedRecord['seats'] = []): Ending {
  const { outcome, ambiguous, result } = ending;
  const dates = seats.flatMap(({ lastActive: at }) => at ?? []).toSorted();
  const mayBeChanged = outcome === 'done' || outcome === 'unknown' || ambiguous;
  const kept = {
    ...(outcome === 'done' ? state.snapshotRoles : {}),
    ...(outcome === 'failed' ? partDone(state) : {}),
    ...(mayBeChanged ? destroyed(state) : {}),
    ...(mayBeChanged && dates.length > 0 ? { lastActive: dates.at(-1) } : {}),
    ...(outcome === 'done' && seats.length > 0 ? { seats: seats.map(withoutDate) } : {}),
  };
  return Object.keys(kept).length === 0
    ? ending
    : { ...ending, result: { ...(result as object | undefined), ...kept } };
}
