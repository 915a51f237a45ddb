// leftOutReason: why a row leaves a person with access that should have ended.
import { actions } from '../actions/action-table.ts';
import { type LeftOutReason, leftOutReasons } from '../model.ts';
import type { RowEnd } from './events.ts';

/** The reason why a row's person was left out and keeps access; undefined for every other row. */
export function leftOutReason({
  action,
  outcome,
  reason,
}: Pick<RowEnd, 'action' | 'outcome' | 'reason'>): LeftOutReason | undefined {
  // A report of a newer version may have actions that this version does not know.
  if (outcome !== 'skipped' || action === null || !(action in actions)) return undefined;
  const { needs, risk, givesBack } = actions[action];
  if (!needs.includes('user') || risk === 'reads' || givesBack !== undefined) return undefined;
  return leftOutReasons.find((each) => each === reason);
}

/** The reasons that a run accepts, as its first line has them; none in reports of versions before it. */
export function acceptedReasons(settings: Readonly<Record<string, unknown>> | undefined): readonly unknown[] {
  const accept = settings?.['accept'];
  return Array.isArray(accept) ? accept : [];
}
