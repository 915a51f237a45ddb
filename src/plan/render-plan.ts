// `renderPlan`: a plan as text - a table by action, people by name, cost, and one closing sentence.
import { actions } from '../actions/action-table.ts';
import { actionWords } from '../text/action-words.ts';
import { guardNotes } from './guards.ts';
import type { Rate } from '../config/settings.ts';
import type { ActionName } from '../model.ts';
import type { Paint } from '../text/style.ts';
import { duration, many } from '../text/phrases.ts';
import { neutralize } from '../text/sanitize.ts';
import type { Prices } from '../report/events.ts';
import { keptWords, seatWords } from '../report/seat-words.ts';
import type { ActionPlan, PlanSummary, Shown } from './plan-summary.ts';

export interface PlanText {
  readonly summary: PlanSummary;
  readonly refusals: readonly { readonly message: string }[];
  readonly unmatchedGuards: readonly string[] | undefined;
  readonly rate: Rate | 'none';
  /** Prices of seats, from the job. */
  readonly prices?: Prices | undefined;
  readonly paint: Paint;
}

/** The lines of a plan, without a line end after the last. */
export function renderPlan(text: PlanText): string {
  const { summary, refusals, rate, paint } = text;
  const names = (Object.keys(actions) as ActionName[]).filter((name) => name in summary.actions);
  const isIrreversible = (name: ActionName) => actions[name].risk === 'irreversible';
  const table = (listed: ActionName[]) =>
    listed.flatMap((name) => renderAction(name, summary.actions[name] as ActionPlan, text));
  const irreversible = names.filter(isIrreversible);
  return [
    ...(names.length === 0
      ? []
      : [paint('dim', `${''.padEnd(nameWidth)}${columns.map((name) => name.padStart(cellWidth)).join('')}`)]),
    ...table(names.filter((name) => !isIrreversible(name))),
    ...(irreversible.length === 0 ? [] : [paint('red', "These can't be undone:"), ...table(irreversible)]),
    ...notes(summary, text).map((note) => `  ${note}`),
    ...guardNotes(text.unmatchedGuards).map((note) => paint('yellow', neutralize(`  warning: ${note}`))),
    ...refusals.map(({ message }) => paint('red', message)),
    paint('bold', planSentence(summary, rate)),
  ].join('\n');
}

const nameWidth = 26;
const cellWidth = 9;
const columns = ['to run', 'already', 'held', 'skipped'] as const;
const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((all, each) => all + each, 0);

function renderAction(name: ActionName, plan: ActionPlan, { paint }: PlanText): string[] {
  const counts = [plan.run, plan.already, plan.held, sum(plan.skip)];
  const cells = counts.map((count, at) => {
    const text = (count === 0 ? '–' : String(count)).padStart(cellWidth);
    return paint(count === 0 ? 'dim' : at === 0 ? 'green' : 'yellow', text);
  });
  const more = plan.run - plan.first.length;
  return [
    `  ${name.padEnd(nameWidth - 2)}${cells.join('')}`,
    ...plan.first.map((each) => paint('dim', `      ${named(each)}`)),
    ...(more > 0 ? [paint('dim', `      and ${more} more`)] : []),
    ...Object.entries(plan.left).map(([why, examples]) => leftOut(name, { why, plan, some: examples })),
  ];
}

function named({ who, does, file, line }: Shown): string {
  const words = does === undefined ? who : `${who}: ${does}`;
  return `${neutralize(words)}  ${neutralize(file)}:${line}`;
}

/** `    – 2 skipped (admin): ida@example.com, an organization admin (m.csv:3); …`. A message that repeats is printed once. */
function leftOut(
  name: ActionName,
  { why, plan, some: examples }: { why: string; plan: ActionPlan; some: readonly Shown[] },
): string {
  const verdict = ['refused', 'already', 'held', 'failed', 'settled', 'unknown'].find((each) => each === why) as
    | 'already'
    | undefined;
  const count = verdict === undefined ? (plan.skip[why] ?? 0) : plan[verdict];
  const people = examples.map(({ who, file, line, message }, at) => {
    const isSaid = message === undefined || message === examples[at - 1]?.message;
    const suffix = isSaid ? '' : `, ${neutralize(message)}`;
    return `${neutralize(who)}${suffix} (${neutralize(file)}:${line})`;
  });
  const words =
    verdict === undefined
      ? `${count} skipped (${why})`
      : `${count} ${{ already: actionWords[name].already, refused: 'that will fail' }[why] ?? why}`;
  return `    – ${words}: ${people.join('; ')}${count > examples.length ? '; …' : ''}`;
}

function notes(
  { past, pastUnknown, invalid, seats, seatsKept, seatsTaken, toRun, caveats, lookUps }: PlanSummary,
  { rate, prices }: Pick<PlanText, 'rate' | 'prices'>,
): string[] {
  const list = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts).map(([key, count]) => `${count} × ${key}`);
  const restored = toRun['restore-user'] ?? 0;
  const taken = [
    ...list(seatsTaken).map((each) => `up to ${each}`),
    ...(restored > 0 ? [`those of ${many(restored, 'restored person', 'restored people')}`] : []),
  ];
  return [
    ...(past > pastUnknown ? [`${many(past - pastUnknown, 'row')} already completed in an earlier run`] : []),
    ...(pastUnknown > 0
      ? [
          `${many(pastUnknown, 'row is', 'rows are')} unknown from an earlier run; check whether they were received, then use --retry-unknown`,
        ]
      : []),
    ...(invalid > 0 ? [`${many(invalid, 'row is', 'rows are')} invalid and only reported`] : []),
    ...(Object.keys(seats).length > 0 ? [`seats freed: ${seatWords(seats, prices)}`] : []),
    ...(seatsKept.length > 0 ? [neutralize(keptWords(seatsKept))] : []),
    ...(taken.length > 0 ? [`seats taken: ${taken.join(', ')}`] : []),
    ...(lookUps > 0 ? [`look-ups: ${many(lookUps, 'call')} at most${timeOf(lookUps, rate)}`] : []),
    ...caveats.map((caveat) => `note: ${caveat}`),
  ];
}

/** The plan in one sentence: `Plan: 6 to change, 0 already done, …; 6 calls, about 2 s at 180 per minute.` */
export function planSentence({ changes, calls, toRun, actions: planned }: PlanSummary, rate: Rate | 'none'): string {
  const total = (pick: (plan: ActionPlan) => number) =>
    Object.values(planned).reduce((all, plan) => all + pick(plan), 0);
  const reads = sum(toRun) - changes;
  const failed = total((plan) => plan.failed);
  const refused = total((plan) => plan.refused);
  const parts = [
    `${changes} to change${refused > 0 ? ` (${refused} of them the API will refuse)` : ''}`,
    ...(reads > 0 ? [`${reads} to read`] : []),
    `${total((plan) => plan.already)} already done`,
    `${total((plan) => plan.held)} held`,
    `${total((plan) => sum(plan.skip))} skipped`,
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  return `Plan: ${parts.join(', ')}; ${many(calls, 'call')}${timeOf(calls, rate)}.`;
}

function timeOf(calls: number, rate: Rate | 'none'): string {
  if (rate === 'none' || calls === 0) return '';
  return `, about ${duration((calls * rate.perMs) / rate.count)} at ${rate.count} per ${unit(rate.perMs)}`;
}

function unit(ms: number): string {
  return ms === 1000 ? 'second' : ms === 60_000 ? 'minute' : ms === 3_600_000 ? 'hour' : `${ms / 1000} s`;
}
