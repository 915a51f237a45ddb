// Shows a plan: as text for people, as one JSON object, or as one line of a JSON log.
import type { Context } from '../context.ts';
import type { Settings } from '../config/settings.ts';
import { neutralize } from '../text/sanitize.ts';
import { planSentence, renderPlan } from '../plan/render-plan.ts';
import { paintFor, print, printData, printLines } from '../terminal/output.ts';
import { planNotice } from '../report/summary.ts';
import { organizationWords } from '../text/phrases.ts';
import type { Paint } from '../text/style.ts';
import { monthlyCost } from '../report/seat-words.ts';
import type { PlannedRun } from './plan-manifests.ts';
import { type ListedRow, renderRow } from './plan/list-rows.ts';

/** Prints a plan as text, after a line for each of `rows`. With --log-format json, stderr takes one line of JSON instead. */
export async function showPlan(
  planned: PlannedRun,
  { screen, rows }: { readonly screen: Context['stdout']; readonly rows?: Iterable<ListedRow> },
  context: Context,
): Promise<void> {
  const { settings } = planned;
  if (settings.run.logFormat === 'json' && screen === context.stderr) {
    const time = new Date(context.clock.now()).toISOString();
    const message = planSentence(planned.summary, settings.api.rate);
    return printData(screen, JSON.stringify({ time, level: 'info', message, event: 'plan', plan: planData(planned) }));
  }
  for (const row of rows ?? []) await print(screen, renderRow(row));
  const paint = paintFor(screen, context.env);
  await printLines(screen, organizationLines(planned, paint));
  const job = jobWords(settings.job);
  if (job !== undefined) await print(screen, job);
  const { prices, api } = settings;
  await print(screen, renderPlan({ ...planned, prices, rate: api.rate, paint }));
}

/** Prints a plan to stdout as one JSON object; its last member is `rows` when they are given. Rows are written one by one. */
export async function printPlanJson(
  planned: PlannedRun,
  rows: Iterable<ListedRow> | undefined,
  { stdout }: Context,
): Promise<void> {
  const text = JSON.stringify(planData(planned), null, 2);
  if (rows === undefined) return printData(stdout, text);
  await printData(stdout, `${text.slice(0, -2)},\n  "rows": [`);
  let last: string | undefined;
  for (const row of rows) {
    if (last !== undefined) await printData(stdout, `${last},`);
    last = `    ${JSON.stringify(row)}`;
  }
  if (last !== undefined) await printData(stdout, last);
  await printData(stdout, '  ]\n}');
}

/** The organization of the plan; empty for an offline plan. */
function organizationLines({ settings: { run, api }, organization }: PlannedRun, paint: Paint): string[] {
  if (organization === undefined) return [];
  const of = `Organization ${organizationWords(api.orgName, api.org)}, API ${organization.directory.address.generation}`;
  return [...(run.sandbox === false ? [] : [paint('yellow', `${planNotice}.`)]), neutralize(of)];
}

/** Name and description of the job; undefined without a named job. */
function jobWords(job: Settings['job']): string | undefined {
  if (job?.name === undefined) return undefined;
  return neutralize(`Job ${job.name}${job.description === undefined ? '' : `: ${job.description}`}`);
}

/** A plan as data: counts by action and verdict, cost, refusals, guard entries without effect. */
export function planData({ summary, refusals, unmatchedGuards, settings }: PlannedRun): object {
  const cost = monthlyCost(summary.seats, settings.prices);
  const { name, description } = settings.job ?? {};
  return {
    org: settings.api.org,
    orgName: settings.api.orgName ?? null,
    rehearsal: settings.run.sandbox !== false,
    ...(name === undefined ? {} : { job: { name, description: description ?? null } }),
    ...summary,
    ...(cost === undefined ? {} : { seatsCost: cost }),
    refusals,
    unmatchedGuards: unmatchedGuards ?? null,
  };
}
