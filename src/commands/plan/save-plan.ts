// savePlan: a plan as a manifest with ids resolved; `.json` is bound to its organization.
import type { ManifestRow } from '../../actions/action.ts';
import type { Context } from '../../context.ts';
import { LeaversError } from '../../errors.ts';
import { manifestTable } from '../../manifest/manifest-table.ts';
import { planEnvelope, PlanHash } from '../../manifest/saved-plan.ts';
import { rowValues } from '../../manifest/write.ts';
import type { PlanEntry } from '../../plan/plan-entry.ts';
import type { PlannedRecord } from '../../plan/verdict.ts';
import type { Spool } from '../../storage/spool.ts';
import { outputFormat } from '../../storage/tables/output-format.ts';
import { writeTable } from '../../storage/tables/write-table.ts';
import { print } from '../../terminal/output.ts';
import { bindingOf, type PlannedRun } from '../plan-manifests.ts';

/** Throws LeaversError `usage` when a plan that is made without a call is to be saved as `.json`. */
export function refuseUnbound(out: string | undefined): void {
  if (out === undefined || outputFormat(out) !== 'json') return;
  throw new LeaversError(
    'usage',
    `--out ${out}: a plan in .json is bound to an organization, which --offline does not contact; name a .csv, .ndjson or .xlsx file`,
  );
}

/** Entries that a saved plan keeps: rows that would run now, and rows that are not due yet. */
function isKept(entry: PlanEntry): entry is Extract<PlanEntry, { planned: PlannedRecord }> {
  return 'planned' in entry && (entry.planned.verdict.verdict === 'run' || entry.planned.verdict.verdict === 'held');
}

/** Writes the kept entries into a new file, and returns the hash of a bound plan. The rows are read twice, because the hash precedes them in the file. */
export async function savePlan(
  out: string,
  { spool, planned }: { readonly spool: Spool<PlanEntry>; readonly planned: PlannedRun },
  context: Context,
): Promise<string | undefined> {
  const table = manifestTable(rowsOf(spool));
  if (outputFormat(out) !== 'json') {
    await writeTable(out, table, context);
    return undefined;
  }
  const binding = { ...bindingOf(planned), created: new Date(context.clock.now()).toISOString() };
  const hash = new PlanHash(binding);
  for (const row of rowsOf(spool)) hash.add(rowValues(row));
  const sha256 = hash.digest();
  await writeTable(out, { ...table, envelope: planEnvelope(binding, sha256) }, context);
  if (!planned.settings.run.quiet) await print(context.stderr, `Plan sha256:${sha256}`);
  return sha256;
}

function* rowsOf(spool: Spool<PlanEntry>): Generator<ManifestRow> {
  for (const entry of spool.entries()) if (isKept(entry)) yield rowOf(entry.planned);
}

function rowOf({ record, target }: PlannedRecord): ManifestRow {
  const { groups: _, ...rest } = target;
  const { groups } = record.fields;
  return { action: record.action, ...rest, ...(groups === undefined ? {} : { groups }) };
}
