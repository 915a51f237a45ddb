// endingWithoutCall: the ending of a record that needs no call.
import type { PlannedRecord } from '../plan/verdict.ts';
import type { Ending } from './send-state.ts';

interface Facts {
  readonly dryRun: boolean;
  /** Ids of groups that this run creates, by folded name; undefined when the creation failed. */
  readonly created: ReadonlyMap<string, string | undefined>;
}

/** Undefined when the record is to be sent. */
export function endingWithoutCall(
  { verdict, sentBefore = false, pendingGroups: awaits = [] }: PlannedRecord,
  { dryRun, created }: Facts,
): Ending | undefined {
  const quiet = { attempts: 0, ambiguous: sentBefore };
  const message = 'message' in verdict && verdict.message !== undefined ? { message: verdict.message } : {};
  if (verdict.verdict === 'skip') return { ...quiet, outcome: 'skipped', reason: verdict.reason, ...message };
  if (verdict.verdict === 'held') return { ...quiet, outcome: 'held', ...message };
  if (verdict.verdict === 'failed')
    return { ...quiet, ...message, outcome: 'failed', status: verdict.status, error: verdict.error };
  if (verdict.verdict === 'already') return { ...quiet, outcome: 'already', ...message };
  if (verdict.verdict === 'settled') return { ...quiet, outcome: 'done', ambiguous: true, ...message };
  if (verdict.verdict === 'unknown') return { ...quiet, outcome: 'unknown', ambiguous: true, ...message };
  if (dryRun) return { ...quiet, outcome: 'planned', ...message };
  const missing = awaits.find((name) => created.get(name) === undefined);
  if (missing === undefined) return undefined;
  const blocked = `the row that creates group ${missing} did not succeed, or its id is not known`;
  return { ...quiet, outcome: 'skipped', reason: 'blocked', message: blocked };
}
