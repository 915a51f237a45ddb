// `leavers run`: reads manifests, plans, confirms, runs and reports. It composes the stages and prints; the decisions are in the core.
import { actions } from '../../actions/action-table.ts';
import { redact } from '../../config/secret.ts';
import type { Context } from '../../context.ts';
import { exitCodes, interruption, LeaversError } from '../../errors.ts';
import { guardNotes } from '../../plan/guards.ts';
import type { Settings } from '../../config/settings.ts';
import type { ActionName } from '../../model.ts';
import { createJournal, type Journal, type JournalOptions, resumeJournal } from '../../report/journal/journal.ts';
import { sealOf } from '../../report/hash-chain.ts';
import { type ResumeState, emptyResumeState, readResumeState } from '../../report/read/resume-state.ts';
import { many } from '../../text/phrases.ts';
import { neutralize } from '../../text/sanitize.ts';
import { executePlan, type ExecutedPlan } from '../../run/execute.ts';
import type { PlanEntry } from '../../plan/plan-entry.ts';
import { permitPlan, type PermittedPlan, refuseForeignPlan } from '../../plan/approval/permit-plan.ts';
import { Spool } from '../../storage/spool.ts';
import type { PlanSummary } from '../../plan/plan-summary.ts';
import { confirm } from './confirm.ts';
import {
  bindingOf,
  type CheckedManifests,
  checkManifestSet,
  openManifestSet,
  planManifests,
  type PlannedRun,
  rowsToPlan,
} from '../plan-manifests.ts';
import { planData, printPlanJson, showPlan } from '../show-plan.ts';
import { claimReport, isThere } from '../../report/journal/lock.ts';
import { refuseForeignReport, describeManifestChanges } from './resume-checks.ts';
import { runCommand } from '../next-command.ts';
import { writeReportCopies } from './output/report-copies.ts';
import { reportNames } from './report-path.ts';
import { openProgress } from './output/progress.ts';
import { printSummary } from './output/print-summary.ts';
import { openStatusLine, print, printLines, type StatusLine } from '../../terminal/output.ts';
import { listenForSignals, type Signals } from '../../terminal/signals.ts';
import { lockOrganization } from './organization-lock.ts';
import { runStartLine } from './run-start.ts';
import { countRow, type Figures } from '../metrics.ts';
import { checkInputAge, checkRows, inputAgeMs } from '../check-input.ts';

/** Runs manifests and returns the exit code. Everything opened is closed, whatever happens. */
export async function run(config: Settings, context: Context, figures: Figures): Promise<number> {
  await using stack = new AsyncDisposableStack();
  const statusLine = openStatusLine(context);
  const signals = stack.use(listenForSignals(context, (signal) => context.exit(exitCodes[signal]), statusLine));
  await lockOrganization(config, context, { stack, stop: signals.stop });
  figures.inputAgeMs = inputAgeMs(config.run.manifests, context);
  const { set, notices } = await openManifestSet(config, context, { stack, signal: signals.stop });
  await printLines(context.stderr, notices);
  const permitted = await permitPlan(set.manifests, config.guards, context);
  // The simulated organization has its own id, which is known only after opening it.
  if (permitted !== undefined && config.run.sandbox === false) refuseForeignPlan(permitted, { org: config.api.org });
  const checked = await checkManifestSet(set, config);
  await printLines(context.stderr, checked.notices);
  checkInputAge(set, config.guards, context);
  const names = await reportNames(config, context);
  const { report, ...before } = writesReport(config)
    ? await openReport(names, config, { context, stack })
    : await readPast(names[0] ?? '', config);
  await checkRows(checked, config, { last: before.past?.last, context });
  const spool = new Spool<PlanEntry>(context.tmpdir);
  stack.defer(() => spool.close());
  const plan = await planManifests(config, context, {
    rows: rowsToPlan(checked),
    past: before.past ?? emptyResumeState(),
    offline: false,
    signal: signals.stop,
    keep: spool.add.bind(spool),
    statusLine,
    stack,
    onOpen: (opened) => {
      if (permitted !== undefined) refuseForeignPlan(permitted, bindingOf(opened));
    },
  });
  // All rows are in the spool.
  await checked.set.close();
  const { settings } = plan;
  const { org, orgName } = settings.api;
  Object.assign(figures, { org, orgName, unmatchedGuards: plan.unmatchedGuards?.length ?? 0 });
  if (before.past !== undefined) {
    refuseForeignReport(report, before.past, { settings, address: plan.organization?.directory.address });
    await describeManifestChanges(before.past, report, { checked, context });
  }
  await show(plan, context);
  // All refusals at once, so that the user can fix them together.
  if (plan.refusals.length > 0)
    throw new LeaversError('refused', plan.refusals.map(({ message }) => message).join('\n'));
  if (!writesReport(settings)) {
    if (settings.run.json) await printPlanJson(plan, undefined, context);
    return tellNext(plan, context);
  }
  await ask(plan, { stop: signals.stop, context });
  if (signals.stop.aborted) throw interruption(signals.stop.reason);
  const newJournal = async () =>
    stack.adopt(await createJournal(journalOptions(report, config, context)), (each) => each.close());
  const journal = before.journal ?? (await newJournal());
  const past = before.past ?? emptyResumeState();
  const ready = { plan, spool, journal, signals, statusLine, checked, report, past, figures, permitted };
  // `return await`, because the stack closes everything when this function returns.
  return await finish(ready, context);
}

interface Begun {
  readonly report: string;
  /** Undefined for a new report. */
  readonly past?: ResumeState;
  readonly journal?: Journal;
}

/** A dry run writes a report only to a named file, and never appends to the report of a real run. */
function writesReport({ run: { dryRun, report, resume } }: Settings): boolean {
  return !dryRun || (report !== undefined && !resume);
}

/** The rows that the report has as finished, which a dry run skips too. */
async function readPast(report: string, { run: { resume } }: Settings): Promise<Begun> {
  if (!resume || !(await isThere(report))) return { report };
  const { earlier } = await readResumeState(report);
  return { report, past: earlier };
}

/** Prints the command that runs the plan. */
async function tellNext({ summary, settings }: PlannedRun, { stderr }: Context): Promise<number> {
  if (summary.changes > 0 && !settings.run.quiet) await print(stderr, `Next: ${runCommand(settings)}`);
  return exitCodes.ok;
}

async function ask(
  { summary, settings: { run: wanted } }: PlannedRun,
  asking: { readonly stop: AbortSignal; readonly context: Context },
): Promise<void> {
  const yes = wanted.yes || wanted.dryRun || wanted.sandbox !== false;
  await confirm({ ...changes(summary), yes, input: wanted.input }, asking);
}

interface Ready {
  readonly plan: PlannedRun;
  readonly spool: Spool<PlanEntry>;
  readonly journal: Journal;
  readonly signals: Signals;
  readonly statusLine: StatusLine;
  readonly checked: CheckedManifests;
  readonly report: string;
  readonly past: ResumeState;
  readonly figures: Figures;
  readonly permitted: PermittedPlan | undefined;
}

async function finish(ready: Ready, context: Context): Promise<number> {
  const { plan, spool, journal, signals, statusLine, checked, report, past, figures, permitted } = ready;
  const { organization, settings } = plan;
  if (organization === undefined) throw new Error('bug: a run without an organization');
  const progress = openProgress({
    total: plan.summary.rows - plan.summary.past,
    settings,
    context,
    client: organization.client,
    statusLine,
  });
  signals.running = true;
  const executed: ExecutedPlan = await executePlan(spool.entries(), {
    start: runStartLine({
      plan,
      checked,
      permitted,
      address: organization.directory.address,
      version: context.version,
    }),
    journal,
    signal: signals.first,
    pastUnknown: plan.summary.pastUnknown,
    world: {
      client: organization.client,
      directory: organization.directory,
      concurrency: settings.api.concurrency,
      dryRun: settings.run.dryRun,
      maxFailures: settings.guards.maxFailures,
      accept: settings.guards.accept,
      past,
      deadline: organization.deadline,
      stop: signals.stop,
      monotonic: () => context.clock.monotonic(),
      sleep: (ms) => context.sleep(ms),
      onRow: (line) => {
        countRow(figures, line);
        progress.row(line);
      },
    },
  }).finally(() => progress.close());
  if (journal.failure === undefined) await print(context.stderr, `Seal ${sealOf(journal.head)}`);
  Object.assign(figures, { report, end: executed.end, leftOut: executed.end.leftOut ?? 0 });
  try {
    const views = await writeReportCopies(report, settings.run.reportOutput, context);
    await printSummary({ executed, report, before: past, views, settings, plan: planData(plan) }, context);
  } catch (error) {
    // A report that could not be written may be missing; the failure is printed next.
    if (executed.error?.kind !== 'disk') throw error;
  }
  if (executed.error !== undefined) await print(context.stderr, `leavers: ${executed.error.message}`);
  return executed.exitCode;
}

/** Opens the report: its earlier runs and, with --resume, its journal. The stack holds the lock. Uses the first free name. */
async function openReport(
  names: readonly string[],
  settings: Settings,
  { context, stack }: { context: Context; stack: AsyncDisposableStack },
): Promise<Begun> {
  const [first = '-'] = names;
  if (first === '-') return { report: first };
  const { report, lock } = await claimReport(names, settings.run.resume, context);
  stack.defer(() => lock.release());
  // A new report is created when the run begins, so that a refused run leaves no file.
  if (!settings.run.resume || !(await isThere(report))) return { report };
  const { journal, earlier } = await resumeJournal(journalOptions(report, settings, context));
  stack.defer(() => journal.close());
  if (earlier.torn !== undefined) await print(context.stderr, earlier.torn);
  if (earlier.sentOnlyCount > 0)
    await print(
      context.stderr,
      `${many(earlier.sentOnlyCount, 'row was', 'rows were')} sent, but the report has no result for them; each is looked up before anything is sent again`,
    );
  return { report, journal, past: earlier };
}

function journalOptions(path: string, { api, run: wanted }: Settings, context: Context): JournalOptions {
  const options = { path, runId: context.uuid(), context };
  // The simulated organization's key is a fixed word, not a secret.
  if (wanted.sandbox !== false) return options;
  return { ...options, redact: (line) => redact(api.key, line) };
}

function changes({ toRun, changes: count }: PlanSummary) {
  const grave = Object.entries(toRun).filter(([name]) => actions[name as ActionName].risk === 'irreversible');
  return { changes: count, irreversible: grave.reduce((sum, [, each]) => sum + each, 0) };
}

/** With --quiet only guard entries without effect are named. */
async function show(plan: PlannedRun, context: Context): Promise<void> {
  if (plan.settings.run.quiet) {
    for (const note of guardNotes(plan.unmatchedGuards)) await print(context.stderr, neutralize(`warning: ${note}`));
    return;
  }
  // The error that follows has the refusals; a JSON log has them as data too.
  const refusals = plan.settings.run.logFormat === 'json' ? plan.refusals : [];
  await showPlan({ ...plan, refusals }, { screen: context.stderr }, context);
}
