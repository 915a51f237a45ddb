// What undo needs of a record: read before its first call, and kept beside its result.
import { actions } from '../actions/action-table.ts';
import { StopError } from '../errors.ts';
import type { PlannedRecord } from '../plan/verdict.ts';
import type { Ending, SendContext, SendState } from './send-state.ts';

/** Reads what the action asks for before it changes something. The row does not depend on it: after a refusal nothing is kept. */
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
    // A read that met the end of the run may have arrived, but nothing of the change has left.
    throw error instanceof StopError ? new StopError(error.kind, error.message) : error;
  }
}

/** How many calls of a record that broke off hold, counted from the first; undo reverts these. */
export function partDone({ callsDone, stepsDone, snapshotRoles }: SendState): object {
  return callsDone === 0 ? {} : { ...snapshotRoles, made: stepsDone };
}

/** What the call destroyed. */
export function destroyed({ snapshotPerson, snapshotRoles }: SendState): object {
  return snapshotPerson === undefined ? {} : { ...snapshotRoles, before: snapshotPerson };
}

/** The dates of all seats are one date in the result. */
function withoutDate(seat: NonNullable<PlannedRecord['seats']>[number]) {
  const { lastActive: _, ...rest } = seat;
  return rest;
}

/** Adds the state from before, when the person was last active, and the seats that are free, to the result of a change or of a possible change. */
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
