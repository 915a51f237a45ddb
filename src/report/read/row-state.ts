// Encodes the state of a report's row in one number, for millions of rows: last outcome, marks, day of completion, reasons.
import { actions } from '../../actions/action-table.ts';
import { type JobRecord, type LeftOutReason, leftOutReasons, type OutcomeName, outcomes } from '../../model.ts';

/** Bits with the index of the last outcome, from 1. */
const outcomeBits = 15;
/** Marks: the last outcome is ambiguous; the row was once done; the current manifest has the row; the row was sent after its last outcome. */
export const [flagged, once, met, sent] = [16, 32, 64, 128];
/** Position of the day of the last completion: 16 bits, days since 1970. */
const dayShift = 8;
const dayMask = 0xffff;
/** Position of one bit per reason why the row was left out since its last completion. */
const reasonShift = 24;

const dayMs = 86_400_000;

/**
 * A row counts as new if its date is at least this many days after its completion. Another zone or time of day in a job moves a date by
 * at most two days; a person who comes back stays longer.
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

/** The state with the day, if the last outcome is done. `time` is ISO 8601. */
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

/** The date that can make a row a new one; undefined for creations, which would be made twice. */
export function dateOf({ action, fields }: Pick<JobRecord, 'action' | 'fields'>): string | undefined {
  return actions[action].retry === 'creation' ? undefined : fields.notBefore;
}

/** Compares a row's date with its completion: well after it (the person came back and leaves again), too close to tell, or neither. */
export function renewal(state: number, notBefore: string | undefined): 'renewed' | 'close' | 'none' {
  if (notBefore === undefined || (state & once) === 0) return 'none';
  const days = Math.floor(Date.parse(notBefore) / dayMs) - ((state >>> dayShift) & dayMask);
  if (days > apart) return 'renewed';
  return days > 0 ? 'close' : 'none';
}

/** The outcome of a row that has this date now; undefined when the date makes it a new row. */
export function outcomeAt(state: number, notBefore: string | undefined): OutcomeName | undefined {
  const last = outcomeOf(state);
  if ((state & once) === 0) return last;
  const isRenewed = renewal(state, notBefore) === 'renewed';
  if (isDone(last)) return isRenewed ? undefined : last;
  return isRenewed ? last : 'done';
}
