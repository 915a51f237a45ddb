// Opens and checks manifests and plans their rows, for `run` and `plan`. Notices are returned; the commands print them.
import type { Context } from '../context.ts';
import {
  checkManifests,
  type Manifest,
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
import type { Client } from '../client/client.ts';
import { duration } from '../text/phrases.ts';
import { utcMinute } from '../text/phrases.ts';
import { neutralize, sanitize } from '../text/sanitize.ts';
import type { StatusLine } from '../terminal/output.ts';
import { openWaitingLine } from '../terminal/waiting-line.ts';
import type { Session } from '../session/session.ts';
import { openSessionFor } from '../session/open-session.ts';

/** Opened manifests. */
export interface OpenedManifests {
  readonly set: ManifestSet;
  /** Lines for stderr about how the input is read. Empty with --quiet. */
  readonly notices: readonly string[];
}

/** Manifests that passed the check, before any call. */
export interface CheckedManifests {
  readonly set: ManifestSet;
  readonly check: ManifestCheck;
  /** Lines for stderr: rows that are left out. With --quiet only the invalid ones. */
  readonly notices: readonly string[];
}

/** Opens all manifests; the stack closes them. The signal ends the reading. */
export async function openManifestSet(
  settings: Settings,
  context: Context,
  { stack, signal }: { readonly stack: AsyncDisposableStack; readonly signal: AbortSignal },
): Promise<OpenedManifests> {
  const set = await openManifests(settings.run.manifests, { ...manifestOptions(settings), signal }, context);
  stack.defer(() => set.close());
  return { set, notices: settings.run.quiet ? [] : set.manifests.flatMap(describe) };
}

/** Checks all manifests. Throws InputError with every issue. */
export async function checkManifestSet(set: ManifestSet, { run }: Settings): Promise<CheckedManifests> {
  const check = await checkManifests(set, { skipInvalid: run.skipInvalid });
  const filteredOut = run.quiet ? [] : describeFilteredOut(set);
  return { set, check, notices: [...filteredOut, ...describeInvalid(check)] };
}

/** Invalid rows are left out with --skip-invalid only; without it the check has refused the whole file. */
function describeInvalid({ issues, invalid }: ManifestCheck): string[] {
  const more = invalid - issues.length;
  return [
    ...issues.map((issue) => neutralize(`left out: ${sentence(issue)}`)),
    ...(more > 0 ? [`and ${more} more that are invalid; the report lists them all`] : []),
  ];
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

function describe(manifest: Manifest): string[] {
  const { path, mapping, ignored, warnings, plan } = manifest;
  const isOurs =
    manifest.refreshLayout().recipe.renaming === undefined && mapping.every(({ column, header }) => column === header);
  // Headers may hold line breaks.
  const columns = mapping.map(({ column, header }) => `${column} ← "${sanitize(header)}"`);
  const lines = [
    ...(plan?.isIntact === true ? [`a plan saved on ${utcMinute(plan.created)}, sha256:${plan.sha256}`] : []),
    ...(isOurs ? [] : [`using columns: ${columns.join(', ')}`]),
    ...(ignored.length === 0 ? [] : [`ignored columns: ${ignored.map((header) => sanitize(header)).join(', ')}`]),
    ...warnings,
  ];
  return lines.map((line) => neutralize(`${path}: ${line}`));
}

/** Notices about lines that produced no rows, after a complete pass. */
export function describeFilteredOut({ manifests }: ManifestSet): string[] {
  return manifests.flatMap(({ path, filteredOut: { sentences } }) =>
    sentences.map((reason) => neutralize(`${path}: ${reason}`)),
  );
}

/** Warnings about saved plans that were changed, because `run` refuses them. */
export function describeChangedPlans({ manifests }: ManifestSet): string[] {
  const changed = manifests.filter(({ plan }) => plan?.isIntact === false);
  return changed.map(({ path }) =>
    neutralize(
      `warning: ${path} was changed after it was saved, so run will refuse it; save this plan again with --out`,
    ),
  );
}

/** What a saved plan is bound to: the organization, and on API v2 its directory. */
export function bindingOf({ organization, settings }: Pick<PlannedRun, 'organization' | 'settings'>): {
  org: string;
  directory: string | null;
} {
  const address = organization?.directory.address;
  return { org: settings.api.org, directory: address?.generation === 'v2' ? address.directory : null };
}

export interface PlannedRun extends Plan {
  /** Undefined when planning made no call. */
  readonly organization: Session | undefined;
  /** The settings; with --sandbox, those of the simulated organization. */
  readonly settings: Settings;
}

/** Rows to plan, and facts about all of them from the check. */
export interface RowsToPlan {
  /** Number of rows, as far as it is known before planning. */
  readonly count?: number;
  readonly overview: RowsOverview;
  readonly batches: AsyncIterable<readonly Row[]>;
}

export function rowsToPlan({ set, check }: Pick<CheckedManifests, 'set' | 'check'>): RowsToPlan {
  return { count: check.rows, batches: set.batches(), overview: check.overview };
}

export interface PlanRequest {
  readonly rows: RowsToPlan;
  readonly past: PlanContext['past'];
  readonly offline: boolean;
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Called before the first look-up; throws when the rows belong to another organization. */
  readonly onOpen?: (opened: Pick<PlannedRun, 'organization' | 'settings'>) => void;
  readonly keep: (entry: PlanEntry) => void;
  /** Shows how far the look-ups are; undefined for a plan that is not shown. */
  readonly statusLine?: StatusLine;
}

/** Opens the organization (unless offline) and plans every row. What it opens is closed with the stack. */
export async function planManifests(
  commandSettings: Settings,
  context: Context,
  request: PlanRequest & { stack: AsyncDisposableStack },
): Promise<PlannedRun> {
  const { stack, rows, past, offline, signal, keep, statusLine, onOpen } = request;
  const { settings, organization } = offline
    ? { settings: commandSettings, organization: undefined }
    : await openSessionFor(commandSettings, context, { stack, signal });
  onOpen?.({ organization, settings });
  const planner = {
    directory: organization?.directory,
    guards: settings.guards,
    past,
    overview: rows.overview,
    retryUnknown: settings.run.retryUnknown,
    now: context.clock.now(),
  };
  let planned = 0;
  const onBatch = (size: number) => void (planned += size);
  const progress = () =>
    `Looking up ${planned} of ${rows.count ?? 'all'}${organization === undefined ? '' : describeWait(organization.client, context)}`;
  using _ =
    organization === undefined || statusLine === undefined || settings.run.quiet
      ? undefined
      : openWaitingLine(progress, statusLine, context);
  return { ...(await makePlan(rows.batches, { ...planner, onBatch }, keep)), organization, settings };
}

/** The wait for the rate limit in words; empty when calls may leave. */
export function describeWait(client: Client, { clock }: Context): string {
  const ms = (client.pausedUntil() ?? 0) - clock.monotonic();
  return ms > 0 ? `; waiting for the rate limit, ${duration(ms)}` : '';
}
