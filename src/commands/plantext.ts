// A plan in words: a line an action, the first people of each, what it costs, and one closing sentence. Pure.
import { stripVTControlCharacters } from 'node:util';
import { actions } from '../actions/actions.ts';
import type { Rate } from '../options.ts';
import type { ActionName } from '../record.ts';
import type { ActionPlan, PlanSummary } from '../run/summary.ts';

export type Paint = (style: 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan', text: string) => string;

export interface PlanText {
  readonly summary: PlanSummary;
  readonly refusals: readonly { readonly message: string }[];
  readonly rate: Rate | 'none';
  readonly paint: Paint;
}

/** The lines of a plan, without a line end after the last. */
export function renderPlan({ summary, refusals, rate, paint }: PlanText): string {
  const names = Object.keys(actions).filter((name) => name in summary.actions) as ActionName[];
  const [safe, grave] = [
    names.filter((name) => actions[name].risk !== 'irreversible'),
    names.filter((name) => actions[name].risk === 'irreversible'),
  ];
  const table = (some: ActionName[]) =>
    some.flatMap((name) => renderAction(name, summary.actions[name] as ActionPlan, paint));
  return [
    ...table(safe),
    ...(grave.length === 0 ? [] : [paint('red', "These can't be undone:"), ...table(grave)]),
    ...notes(summary),
    ...refusals.map(({ message }) => paint('red', message)),
    paint('bold', closing(summary, rate)),
  ].join('\n');
}

function renderAction(name: ActionName, plan: ActionPlan, paint: Paint): string[] {
  const skipped = Object.entries(plan.skip).map(([reason, count]) => `${count} skipped (${reason})`);
  const rest = [
    plan.already > 0 ? `${plan.already} already` : '',
    plan.held > 0 ? `${plan.held} held` : '',
    plan.settled > 0 ? `${plan.settled} settled` : '',
    plan.unknown > 0 ? `${plan.unknown} unknown` : '',
    ...skipped,
  ].filter((part) => part !== '');
  const more = plan.run - plan.first.length;
  return [
    `  ${name.padEnd(24)}${paint(plan.run > 0 ? 'green' : 'dim', `${plan.run} to run`.padEnd(14))}${rest.join(', ')}`.trimEnd(),
    ...plan.first.map(({ who, file, line }) => paint('dim', `      ${printable(who)}  ${printable(file)}:${line}`)),
    ...(more > 0 ? [paint('dim', `      and ${more} more`)] : []),
    ...leftOut(plan, paint),
  ];
}

/** Whoever is left out by mistake stays inside, so the first of them are told by name. */
function leftOut({ skip, leftOut: first }: ActionPlan, paint: Paint): string[] {
  const { duplicate: _, ...others } = skip;
  const more = Object.values(others).reduce((sum, count) => sum + count, 0) - first.length;
  return [
    ...first.map(({ who, file, line, why }) =>
      paint('yellow', `      skipped  ${printable(who)}  ${printable(file)}:${line}  ${printable(why)}`),
    ),
    ...(more > 0 ? [paint('dim', `      and ${more} more skipped`)] : []),
  ];
}

function notes({ past, pastUnknown, invalid, seats, caveats }: PlanSummary): string[] {
  const freed = Object.entries(seats).map(([key, count]) => `${count} × ${key}`);
  return [
    ...(past > pastUnknown ? [`  ${past - pastUnknown} rows were done by an earlier run and are left alone`] : []),
    ...(pastUnknown > 0
      ? [`  ${pastUnknown} rows are unknown from an earlier run; look whether they arrived, then use --retry-unknown`]
      : []),
    ...(invalid > 0 ? [`  ${invalid} rows are invalid and are only reported`] : []),
    ...(freed.length > 0 ? [`  seats freed: ${freed.join(', ')}`] : []),
    ...caveats.map((caveat) => `  note: ${caveat}`),
  ];
}

function closing({ changes, calls, actions: planned }: PlanSummary, rate: Rate | 'none'): string {
  const sum = (pick: (plan: ActionPlan) => number) =>
    Object.values(planned).reduce((total, plan) => total + pick(plan), 0);
  const skipped = sum((plan) => Object.values(plan.skip).reduce((a, b) => a + b, 0));
  const time =
    rate === 'none'
      ? ''
      : `, about ${duration((calls * rate.perMs) / rate.count)} at ${rate.count} per ${unit(rate.perMs)}`;
  return `Plan: ${changes} to change, ${sum((plan) => plan.already)} already so, ${sum((plan) => plan.held)} held, ${skipped} skipped; ${calls} ${calls === 1 ? 'call' : 'calls'}${time}.`;
}

function unit(ms: number): string {
  return ms === 1000 ? 'second' : ms === 60_000 ? 'minute' : ms === 3_600_000 ? 'hour' : `${ms} ms`;
}

/** A span of time for people: `8 s`, `3 min`, `2.5 h`. */
export function duration(ms: number): string {
  if (ms < 90_000) return `${Math.ceil(ms / 1000)} s`;
  if (ms < 5_400_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 360_000) / 10} h`;
}

/** Text of a file or the API, safe on a terminal: no control characters, no escapes, no direction marks. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\uFFFD');
}
