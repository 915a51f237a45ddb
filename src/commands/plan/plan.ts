// `leavers plan`: what `run` would do and why, without doing it; `--out` saves it as a manifest with ids resolved.
import type { Context } from '../../context.ts';
import { exitCodes } from '../../errors.ts';
import { checkedBatches, type ManifestSet } from '../../manifest/manifest-set.ts';
import type { Settings } from '../../config/settings.ts';
import { emptyResumeState } from '../../report/read/resume-state.ts';
import { NamedPeople } from '../../manifest/checks/named-people.ts';
import type { PlanEntry } from '../../plan/plan-entry.ts';
import { Spool } from '../../storage/spool.ts';
import { refuseForeignFile } from '../../page/page-file.ts';
import { outputFormat } from '../../storage/tables/output-format.ts';
import { refuseExisting } from '../../storage/new-file.ts';
import { checkInputAge, checkRows } from '../check-input.ts';
import { quote, runCommand } from '../next-command.ts';
import { refuseUnbound, savePlan } from './save-plan.ts';
import {
  describeChangedPlans,
  describeFilteredOut,
  checkManifestSet,
  planManifests,
  type PlannedRun,
  openManifestSet,
  type RowsToPlan,
  rowsToPlan,
} from '../plan-manifests.ts';
import { printPlanJson, showPlan } from '../show-plan.ts';
import { openStatusLine, print, printLines } from '../../terminal/output.ts';
import { refuseBesideOthers } from '../../plan/approval/permit-plan.ts';
import { listRow } from './list-rows.ts';
import { listenForSignals } from '../../terminal/signals.ts';

export interface PlanSettings extends Settings {
  readonly plan: {
    readonly out: string | undefined;
    readonly html: string | undefined;
    readonly offline: boolean;
    /** Print every row. */
    readonly all: boolean;
    readonly detailedExitcode: boolean;
    /** Explain this line of the input instead of printing the plan. */
    readonly explain: number | undefined;
  };
}

/** Plans manifests and returns the exit code. */
export async function printPlan(settings: PlanSettings, context: Context): Promise<number> {
  if (settings.plan.explain !== undefined)
    return (await import('./explain.ts')).explainPlan(settings, { line: settings.plan.explain, context });
  await using stack = new AsyncDisposableStack();
  const statusLine = openStatusLine(context);
  const signals = stack.use(listenForSignals(context, (signal) => context.exit(exitCodes[signal]), statusLine));
  const { offline, out, html } = settings.plan;
  // An offline plan needs one pass, unless all rows must be read first: to skip invalid ones or to check --min-rows.
  const isOnce = offline && !settings.run.skipInvalid && settings.guards.minRows === undefined;
  const { set, notices } = await openManifestSet(settings, context, { stack, signal: signals.stop });
  refuseBesideOthers(set.manifests);
  await printLines(context.stderr, [...notices, ...describeChangedPlans(set)]);
  const rows = await (isOnce ? readOnce : readTwice)(set, settings, context);
  checkInputAge(set, settings.guards, context);
  if (out !== undefined) refuseExisting(out, context);
  if (html !== undefined) refuseForeignFile(html, 'plan', context);
  if (offline) refuseUnbound(out);
  const spool =
    out === undefined && html === undefined && !settings.plan.all ? undefined : new Spool<PlanEntry>(context.tmpdir);
  stack.defer(() => spool?.close());
  const keep = (entry: PlanEntry) => spool?.add(entry);
  const planned = await planManifests(settings, context, {
    rows,
    past: emptyResumeState(),
    offline,
    signal: signals.stop,
    keep,
    statusLine,
    stack,
  });
  await writeFiles(settings.plan, { spool, planned }, context);
  await show(planned, settings, { spool, context });
  if (planned.refusals.length > 0) return exitCodes.refused;
  const pending = Object.values(planned.summary.toRun).some((count) => count > 0);
  return settings.plan.detailedExitcode && pending ? exitCodes.pending : exitCodes.ok;
}

/** Saves the plan and its page. Saves only a complete plan, because half a manifest would look like a complete one. */
async function writeFiles(
  { out, html }: PlanSettings['plan'],
  { spool, planned }: { readonly spool: Spool<PlanEntry> | undefined; readonly planned: PlannedRun },
  context: Context,
): Promise<void> {
  if (spool === undefined) return;
  const sha256 = out === undefined ? undefined : await savePlan(out, { spool, planned }, context);
  if (html === undefined) return;
  const saved = out === undefined || out === '-' ? undefined : { path: out, sha256 };
  await (await import('./write-plan-page.ts')).writePlanPage(html, { planned, spool, saved }, context);
}

/** Online: every row is checked before the first call. */
async function readTwice(set: ManifestSet, settings: PlanSettings, context: Context): Promise<RowsToPlan> {
  const checked = await checkManifestSet(set, settings);
  await printLines(context.stderr, checked.notices);
  await checkRows(checked, settings, { last: undefined, context });
  return rowsToPlan(checked);
}

/** Offline: check and plan in one pass, because nothing is sent before the end. */
function readOnce(set: ManifestSet, settings: PlanSettings, { stderr }: Context): RowsToPlan {
  const people = new NamedPeople();
  const none = { actions: [], mayBeRedated: false, mayNameTwice: false, hasCondition: false };
  return { batches: checked(), overview: { ...none, people } };
  async function* checked() {
    for await (const batch of checkedBatches(set)) {
      for (const row of batch) if (row.kind === 'record') people.add(row.record);
      yield batch;
    }
    if (!settings.run.quiet) await printLines(stderr, describeFilteredOut(set));
  }
}

async function show(
  planned: PlannedRun,
  commandSettings: PlanSettings,
  { spool, context }: { readonly spool: Spool<PlanEntry> | undefined; readonly context: Context },
): Promise<void> {
  const { summary, refusals, settings } = planned;
  const { out, html } = commandSettings.plan;
  const rows = commandSettings.plan.all ? spool?.entries().map(listRow) : undefined;
  if (commandSettings.run.json && out !== '-' && html !== '-') return printPlanJson(planned, rows, context);
  // When a plan or a page goes to stdout, nothing else is printed there.
  const screen = out === '-' || html === '-' ? context.stderr : context.stdout;
  await showPlan(planned, { screen, ...(rows === undefined ? {} : { rows }) }, context);
  if (html !== undefined && html !== '-' && !commandSettings.run.quiet) await print(context.stderr, `Page: ${html}`);
  const isReady = summary.changes > 0 && refusals.length === 0 && out !== '-' && html !== '-';
  if (isReady && !commandSettings.run.quiet) await printLines(context.stderr, nextLines(settings, out));
}

/** The command that runs the plan, preceded by how to approve it if an approval is required. */
function nextLines(settings: Settings, out: string | undefined): string[] {
  const { approvers } = settings.guards;
  const advice =
    out !== undefined && outputFormat(out) === 'json'
      ? `leavers approve ${quote(out)} --key FILE --as E-MAIL`
      : 'save the plan with --out plan.json, for somebody to approve it';
  const needs = approvers === undefined ? [] : [`Needs an approval by somebody in ${approvers}: ${advice}`];
  return [...needs, `Next: ${runCommand(settings, out)}`];
}
