// The state of a report's row in one number, for tables of millions of rows: its last outcome, marks, and the day of it.
import { type OutcomeName, outcomes } from '../record.ts';

/** Place of the last outcome, from 1. */
const outcomeBits = 15;
/** Marks: the last outcome is ambiguous; the manifest of now has the row; the row was sent after its outcome. */
export const [flagged, met, sent] = [16, 64, 128];
/** From here on the day of the outcome, since 1970. */
const dayShift = 8;

const dayMs = 86_400_000;

/**
 * How many days a date must lie after the day on which its row was done to be a new one. A job's other zone or time of day moves a date by
 * two at the most; somebody who comes back stays longer.
 */
const apart = 3;

export function outcomeOf(state: number): OutcomeName | undefined {
  return outcomes[(state & outcomeBits) - 1];
}

export function withOutcome(state: number, outcome: OutcomeName): number {
  return (state & ~outcomeBits) | (outcomes.indexOf(outcome) + 1);
}

/** `time` is ISO 8601. */
export function withDay(state: number, time: string): number {
  return (state & ((1 << dayShift) - 1)) | (Math.floor(Date.parse(time) / dayMs) << dayShift);
}

/** The row was done, and its date now lies well after that: somebody came back and leaves again. */
export function isRenewed(state: number, notBefore: string | undefined): boolean {
  const outcome = outcomeOf(state);
  if (notBefore === undefined || (outcome !== 'done' && outcome !== 'already')) return false;
  return Math.floor(Date.parse(notBefore) / dayMs) - (state >>> dayShift) > apart;
}
