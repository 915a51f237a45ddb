// `makePlan`: plans and counts every row, and applies the guards. Returns data; commands print it.
import { type PlanRefusal, planRefusals } from './guards.ts';
import type { GuardSettings } from '../config/settings.ts';
import type { Row } from '../manifest/rows/row.ts';
import { type PlanContext, planRows } from './plan-rows.ts';
import { resolveGuards } from './protected-ids.ts';
import { ConflictsById } from './conflicts-by-id.ts';
import { openLastAdmin } from './verdicts/last-admin.ts';
import type { PlanEntry } from './plan-entry.ts';
import { type PeopleCount, chooseLookUp } from '../directory/choose-look-up.ts';
import { PlanSummaryBuilder, type PlanSummary } from './plan-summary.ts';

export interface Plan {
  readonly summary: PlanSummary;
  readonly refusals: readonly PlanRefusal[];
  /** Guard entries that match nobody in the directory; undefined when planning made no call. */
  readonly unmatchedGuards: readonly string[] | undefined;
}

/**
 * Plans all rows and passes every entry to `keep`, in order. Throws InputError if rows contradict each other. Reads the
 * size of the organization only if a guard needs it.
 */
export async function makePlan(
  batches: AsyncIterable<readonly Row[]>,
  planContext: PlanContext,
  keep: (entry: PlanEntry) => void,
): Promise<Plan> {
  const { guards, unmatched: unmatchedGuards } = await resolveGuards(planContext.guards, planContext.directory);
  const lookUps = await chooseLookUp(peopleToLookUp(planContext), planContext.directory);
  const lastAdmin = await openLastAdmin(planContext.overview, guards, planContext.directory);
  const planner = { ...planContext, guards, lookUps, lastAdmin };
  const count = new PlanSummaryBuilder(planner.directory?.address.generation ?? 'v2', planContext.overview);
  const contradictions = new ConflictsById(planContext.overview, planContext.now);
  for await (const batch of planRows(batches, planner)) {
    planContext.onBatch?.(batch.length);
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
  }
  contradictions.check();
  const { calls } =
    planContext.directory === undefined ? await chooseLookUp(planContext.overview.people, undefined) : lookUps;
  const isOffline = planner.directory === undefined;
  const counted = count.done();
  const unchecked = isOffline ? uncheckedCap(counted, planner.guards) : [];
  const summary = { ...counted, lookUps: calls, caveats: [...counted.caveats, ...unchecked] };
  const people = 'percent' in planner.guards.maxChanges ? await planner.directory?.size() : undefined;
  return {
    summary,
    refusals: planRefusals({ byAction: summary.toRun, people, isOffline }, planner.guards),
    unmatchedGuards,
  };
}

/** A plan without calls changes nothing, so it names the limit that it can't check; `run` checks it. */
function uncheckedCap({ changes }: Pick<PlanSummary, 'changes'>, { maxChanges }: GuardSettings): string[] {
  if (changes === 0 || !('percent' in maxChanges)) return [];
  return [
    `--max-changes ${maxChanges.percent}% was not checked: --offline does not read how many people the organization has; run checks it`,
  ];
}

/** The number of people to look up. With a report of earlier runs, few or none. */
function peopleToLookUp({ overview: { people }, past: { rows = 0 } }: PlanContext): PeopleCount {
  if (!people.isComplete) return { ids: 0, emails: 0 };
  return { ids: Math.max(0, people.ids - rows), emails: people.emails };
}
