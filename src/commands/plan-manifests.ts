// What `run` and `plan` share: manifests opened and checked, the organization opened, everything planned.
import type { Context } from '../context.ts';
import {
  checkManifests,
  type ManifestCheck,
  type ManifestOptions,
  type ManifestSet,
  openManifests,
} from '../manifest/manifest-set.ts';
import { type Row, sentence } from '../manifest/rows/row.ts';
import type { RowsOverview } from '../manifest/checks/check-counts.ts';
import type { Settings } from '../config/settings.ts';
import type { PlanContext } from '../plan/plan-rows.ts';
import { type Plan, makePlan } from '../plan/make-plan.ts';
import type { PlanEntry } from '../plan/plan-entry.ts';
import { neutralize } from '../text/sanitize.ts';
import type { Session } from '../session/session.ts';
import { print } from '../terminal/output.ts';

/** Manifests that passed the check, before any call. */
export interface CheckedManifests {
  readonly set: ManifestSet;
  readonly check: ManifestCheck;
}

/** Opens all manifests; says on stderr what is read how. */
export async function openManifestSet(
  settings: Settings,
  context: Context,
  stack: AsyncDisposableStack,
): Promise<ManifestSet> {
  const set = await openManifests(settings.run.manifests, manifestOptions(settings), context);
  stack.defer(() => set.close());
  if (!settings.run.quiet) await describe(set, context);
  return set;
}

/** Opens and checks all manifests. Throws InputError with every issue. */
export async function checkManifestFiles(
  settings: Settings,
  context: Context,
  stack: AsyncDisposableStack,
): Promise<CheckedManifests> {
  const set = await openManifestSet(settings, context, stack);
  const check = await checkManifests(set, { skipInvalid: settings.run.skipInvalid });
  if (!settings.run.quiet) await describeFilteredOut(set, context);
  // Only told with --skip-invalid; without it the check has refused the whole file.
  for (const issue of check.issues) await print(context.stderr, neutralize(`left out: ${sentence(issue)}`));
  if (check.invalid > check.issues.length)
    await print(context.stderr, `and ${check.invalid - check.issues.length} more that are invalid; the report has all`);
  return { set, check };
}

function manifestOptions({ run, job }: Settings): ManifestOptions {
  return {
    ignoreColumns: run.ignoreColumns,
    ...(run.format === undefined ? {} : { format: run.format }),
    ...(run.encoding === undefined ? {} : { encoding: run.encoding }),
    ...(run.delimiter === undefined ? {} : { delimiter: run.delimiter }),
    ...(job === undefined ? {} : { job }),
  };
}

async function describe(set: ManifestSet, context: Context): Promise<void> {
  for (const manifest of set.manifests) {
    const { path, mapping, ignored, warnings } = manifest;
    const isOurs =
      manifest.refreshLayout().recipe.renaming === undefined &&
      mapping.every(({ column, header }) => column === header);
    const lines = [
      ...(isOurs
        ? []
        : [`using columns: ${mapping.map(({ column, header }) => `${column} ← "${header}"`).join(', ')}`]),
      ...(ignored.length === 0 ? [] : [`ignored columns: ${ignored.join(', ')}`]),
      ...warnings,
    ];
    for (const line of lines) await print(context.stderr, neutralize(`${path}: ${line}`));
  }
}

/** Says who is left out by a job's conditions, once a whole pass was made. */
export async function describeFilteredOut({ manifests }: ManifestSet, { stderr }: Context): Promise<void> {
  for (const { path, filteredOut: left } of manifests)
    if (left.sentence !== undefined) await print(stderr, neutralize(`${path}: ${left.sentence}`));
}

export interface PlannedRun extends Plan {
  /** Undefined when planning made no call. */
  readonly organization: Session | undefined;
  /** The settings as the embedded organization has them, when that is wanted. */
  readonly settings: Settings;
}

/** Rows to plan, and what a check has told of them. */
export interface RowsToPlan {
  readonly overview: RowsOverview;
  readonly batches: AsyncIterable<readonly Row[]>;
}

export function rowsToPlan({ set, check }: CheckedManifests): RowsToPlan {
  return { batches: set.batches(), overview: check.overview };
}

export interface PlanRequest {
  readonly rows: RowsToPlan;
  readonly past: PlanContext['past'];
  readonly offline: boolean;
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  readonly keep: (entry: PlanEntry) => void;
}

/** Opens the organization (unless offline) and plans every row. What it opens is closed with the stack. */
export async function planManifests(
  given: Settings,
  context: Context,
  request: PlanRequest & { stack: AsyncDisposableStack },
): Promise<PlannedRun> {
  const { stack, rows, past, offline, signal, keep } = request;
  const { settings, organization } = offline
    ? { settings: given, organization: undefined }
    : await openSessionFor(given, context, { stack, signal });
  const planner = {
    directory: organization?.directory,
    guards: settings.guards,
    past,
    overview: rows.overview,
    retryUnknown: settings.run.retryUnknown,
    now: context.clock.now(),
  };
  return { ...(await makePlan(rows.batches, planner, keep)), organization, settings };
}

/** The organization behind the settings, embedded or real. */
export async function openSessionFor(
  given: Settings,
  context: Context,
  { stack, signal }: { stack: AsyncDisposableStack; signal: AbortSignal },
) {
  // Whoever makes no call need not wait until the client is loaded.
  const [{ openSession: openOrganization }, { openEmbedded }] = await Promise.all([
    import('../session/session.ts'),
    import('../session/embedded.ts'),
  ]);
  const embedded = await openEmbedded(given, context);
  stack.defer(() => embedded.close());
  const organization = await openOrganization(embedded.settings.api, context, signal);
  stack.defer(() => organization.close());
  return { settings: embedded.settings, organization };
}
