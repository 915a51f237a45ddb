// The ending of a record that was in progress when its run had to stop.
import { actions } from '../actions/action-table.ts';
import type { StopError } from '../errors.ts';
import type { PlannedRecord } from '../plan/verdict.ts';
import type { Ending } from './send-state.ts';

/** Whether the run stopped before anything of the record was sent. */
export function isUnsent({ call }: StopError): boolean {
  return call.attempts === 0 && !call.mayHaveArrived && Object.keys(call.part ?? {}).length === 0;
}

/** The ending of a record that was in progress. Resume runs it again, except a creation that may have arrived. */
export function stoppedEnding({ record, verdict }: PlannedRecord, { call, message }: StopError): Ending {
  const ambiguous = call.mayHaveArrived || (verdict.verdict === 'run' && verdict.ambiguous);
  const isLost = call.mayHaveArrived && actions[record.action].retry === 'creation';
  const part = Object.keys(call.part ?? {}).length === 0 ? {} : { result: call.part };
  return { outcome: isLost ? 'unknown' : 'failed', attempts: call.attempts, ambiguous, message, ...part };
}
