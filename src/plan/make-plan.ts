// A whole plan: every row prepared and counted, and the guards asked. What it finds is data, printed by commands.
import { type Refusal, refusals } from './guards.ts';
import type { Row } from '../manifest/rows/row.ts';
import { type Planner, prepare } from './plan-rows.ts';
import { resolveGuards } from './protected-ids.ts';
import { Contradictions } from './conflicts-by-id.ts';
import type { Entry } from '../storage/spool.ts';
import { PlanCount, type PlanSummary } from './plan-summary.ts';

export interface Plan {
  readonly summary: PlanSummary;
  readonly refusals: readonly Refusal[];
  /** Guard entries that match nobody in the directory; undefined when planning made no call. */
  readonly unmatchedGuards: readonly string[] | undefined;
}

/**
 * Plans all rows and hands every entry to `keep`, in order. Throws InputError when rows turn out to contradict each other. Asks for the
 * size of the organization only when a guard needs it.
 */
export async function planAll(
  batches: AsyncIterable<readonly Row[]>,
  given: Planner,
  keep: (entry: Entry) => void,
): Promise<Plan> {
  const { guards, unmatched: unmatchedGuards } = await resolveGuards(given.guards, given.directory);
  const planner = { ...given, guards };
  const count = new PlanCount(planner.directory?.address.generation ?? 'v2', given.overview);
  const contradictions = new Contradictions(given.overview);
  for await (const batch of prepare(batches, planner))
    for (const prepared of batch) {
      if ('past' in prepared) {
        count.addPast(planner.past.outcome(prepared.past));
        continue;
      }
      if ('invalid' in prepared) count.addInvalid();
      else {
        count.add(prepared.planned);
        contradictions.add(prepared.planned);
      }
      keep(prepared);
    }
  contradictions.check();
  const summary = count.done();
  const people = 'percent' in planner.guards.maxChanges ? await planner.directory?.size() : undefined;
  return { summary, refusals: refusals({ byAction: summary.toRun, people }, planner.guards), unmatchedGuards };
}
