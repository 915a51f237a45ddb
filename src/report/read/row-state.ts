// The state of a report's row in one number, for tables of millions of rows: its last outcome, marks, and the day of it.
import { actions } from '../../actions/action-table.ts';
import { type JobRecord, type LeftOutReason, leftOutReasons, type OutcomeName, outcomes } from '../../model.ts';

/** Place of the last outcome, from 1. */
const outcomeBits = 15;
/** Marks: the last outcome is ambiguous; the row was done once; the manifest of now has the row; the row was sent after its outcome. */
export const [flagged, once, met, sent] = [16, 32, 64, 128];
/** From here on, in 16 bits, the day on which it was done last, since 1970. */
const dayShift = 8;
const dayMask = 0xffff;
/** From here on a bit for each reason for which the row was left out since it was done last. */
const reasonShift = 24;

const dayMs = 86_400_000;

/**
 * How many days a date must lie after the day on which its row was done to be a new one. A job's other zone or time of day moves a date by
 * two at the most; somebody who comes back stays longer.
 */
export const apart = 3;

export function outcomeOf(state: number): OutcomeName | undefined {
  return outcomes[(state & outcomeBits) - 1];
}

export function withOutcome(state: number, outcome: OutcomeName): number {
  return (state & ~outcomeBits) | (outcomes.indexOf(outcome) + 1);
}

function isDone(outcome: OutcomeName | undefined): boolean {
  return outcome === 'done' || outcome === 'already';
}

/** Keeps the day when the last outcome says that the row is done. `time` is ISO 8601. */
export function withDay(state: number, time: string): number {
  if (!isDone(outcomeOf(state))) return state;
  return (state & ((1 << dayShift) - 1)) | once | (Math.floor(Date.parse(time) / dayMs) << dayShift);
}

/** Marks that the row was left out for this reason. */
export function withLeftOut(state: number, reason: LeftOutReason): number {
  return (state | (1 << (reasonShift + leftOutReasons.indexOf(reason)))) >>> 0;
}

/** Whether the row was left out for this reason since it was done last. */
export function wasLeftOut(state: number, reason: LeftOutReason): boolean {
  return (state & (1 << (reasonShift + leftOutReasons.indexOf(reason)))) !== 0;
}

/** The date that may make a row a new one; never one of what would be there twice, like an invitation. */
export function dateOf({ action, fields }: Pick<JobRecord, 'action' | 'fields'>): string | undefined {
  return actions[action].retry === 'creation' ? undefined : fields.notBefore;
}

/** How a row's date lies to the day on which it was done: well after it (somebody came back and leaves again), too close to tell, or not. */
export function renewal(state: number, notBefore: string | undefined): 'renewed' | 'close' | 'none' {
  if (notBefore === undefined || (state & once) === 0) return 'none';
  const days = Math.floor(Date.parse(notBefore) / dayMs) - ((state >>> dayShift) & dayMask);
  if (days > apart) return 'renewed';
  return days > 0 ? 'close' : 'none';
}

/** The outcome of a row that now has this date. A date that went back to what it was when the row was done leaves it done. */
export function outcomeAt(state: number, notBefore: string | undefined): OutcomeName | undefined {
  const last = outcomeOf(state);
  if ((state & once) === 0) return last;
  const isRenewed = renewal(state, notBefore) === 'renewed';
  if (isDone(last)) return isRenewed ? undefined : last;
  return isRenewed ? last : 'done';
}
