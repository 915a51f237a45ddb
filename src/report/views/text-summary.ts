// The last lines of a run, as text: outcomes by action, failures by cause, its cost, the paths of its files, the command to type next. Pure.
import type { Action } from '../../actions/action.ts';
import { actions } from '../../actions/action-table.ts';
import { adminsUntold } from '../../text/admins-untold.ts';
import { actionNames, type OutcomeName, outcomes } from '../../model.ts';
import { type Cause, isRehearsal, rehearsalNotice, type RunSummary } from '../summary.ts';
import { keptWords, seatWords } from '../seat-words.ts';
import type { Paint } from '../../text/style.ts';
import { duration, many, organizationWords, utcMinute } from '../../text/phrases.ts';
import { neutralize } from '../../text/sanitize.ts';

export interface SummaryOptions {
  readonly paint: Paint;
  /** Paths by a short name, as a shell takes them: the report, and the files made from it. */
  readonly files: readonly (readonly [name: string, path: string])[];
  /** The command to type next. */
  readonly next: string | undefined;
}

const styles: Readonly<Record<OutcomeName, 'green' | 'red' | 'yellow' | 'dim'>> = {
  done: 'green',
  already: 'green',
  failed: 'red',
  unknown: 'red',
  skipped: 'yellow',
  held: 'yellow',
  invalid: 'red',
  planned: 'dim',
};

/** The recap without a line end after the last line. */
export function renderSummary(summary: RunSummary, options: SummaryOptions): string {
  const { paint, files, next } = options;
  const field = (name: string, text: string) => `${name.padEnd(10)}${text}`;
  return [
    ...(summary.runs.some(({ start }) => isRehearsal(start)) ? [paint('yellow', `${rehearsalNotice}.`)] : []),
    ...organizations(summary),
    ...table(summary, options),
    ...causes(summary, options),
    ...seats(summary).map((words, at) => field(at === 0 ? 'Seats' : '', words)),
    ...activities(summary).map((words, at) => field(at === 0 ? 'Activity' : '', words)),
    field('Requests', requests(summary)),
    ...(summary.slowest.length === 0 ? [] : [field('Slowest', slowest(summary))]),
    ...(summary.ambiguous > 0
      ? [
          paint(
            'yellow',
            `${many(summary.ambiguous, 'row is', 'rows are')} marked ambiguous: an earlier attempt may have arrived`,
          ),
        ]
      : []),
    paint('bold', verdict(summary)),
    ...(summary.leftOut > 0 ? [paint('yellow', keptAccess(summary))] : []),
    ...adminNotes(summary).map((note) => field('Note', note)),
    ...approvedBy(summary).map((line) => field('Approved', neutralize(line))),
    ...files.map(([name, path]) => `${name.padEnd(10)}${neutralize(path)}`),
    ...(next === undefined ? [] : [`Next      ${paint('bold', next)}`]),
  ].join('\n');
}

/** The organizations of the runs, each once. */
function organizations({ runs }: RunSummary): string[] {
  const words = runs.map(
    ({ start }) => `Organization ${organizationWords(start.orgName, start.org)}, API ${start.api}`,
  );
  return [...new Set(words)].map(neutralize);
}

/** The warning of the plan about admins, for the runs that changed people on API v1. */
function adminNotes({ runs, counts }: RunSummary): string[] {
  const isAboutPeople = actionNames.some((name) => {
    const { risk, needs }: Action = actions[name];
    return counts[name] !== undefined && risk !== 'reads' && needs.includes('user');
  });
  const notes = runs.flatMap(({ start }) => adminsUntold(start.api) ?? []);
  return isAboutPeople ? [...new Set(notes)] : [];
}

/** Who approved the plans that were run, each person once. */
function approvedBy({ runs }: RunSummary): string[] {
  const approvals = runs.flatMap(({ start }) => start.approvals ?? []);
  return [...new Set(approvals.map(({ approver, time }) => `by ${approver}, ${utcMinute(time)}`))];
}

function seats({ seats: { freed, kept }, prices }: RunSummary): string[] {
  return [
    ...(Object.keys(freed).length === 0 ? [] : [`freed: ${seatWords(freed, prices)}`]),
    ...(kept.length === 0 ? [] : [neutralize(keptWords(kept))]),
  ];
}

/** A column for each outcome that occurs, a line for each action in the order of the manual. */
function table({ counts, total }: RunSummary, { paint }: SummaryOptions): string[] {
  const used = outcomes.filter((name) => total[name] > 0);
  const order: readonly string[] = [...actionNames, 'invalid'];
  const names = Object.keys(counts).toSorted((a, b) => order.indexOf(a) - order.indexOf(b));
  if (names.length === 0) return [];
  const first = Math.max(...names.map((name) => name.length)) + 2;
  // Six columns still fit on a terminal of 80.
  const gap = used.length > 5 ? 1 : 2;
  const widths = used.map((name) => Math.max(name.length, String(total[name]).length) + gap);
  const line = (action: string) =>
    used.map((name, at) => {
      const count = counts[action]?.[name] ?? 0;
      const cell = (count === 0 ? '–' : String(count)).padStart(widths[at] ?? 0);
      return paint(count === 0 ? 'dim' : styles[name], cell);
    });
  return [
    paint('dim', `  ${''.padEnd(first)}${used.map((name, at) => name.padStart(widths[at] ?? 0)).join('')}`),
    ...names.map((name) => `  ${name.padEnd(first)}${line(name).join('')}`),
  ];
}

const shownCauses = 10;
const failureOrder = ['failed', 'invalid', 'unknown'];

/** Rank of a cause: people with remaining access first, then failures, then the rest. Within a rank, most frequent first. */
function rankOf({ cause, leftOut }: Cause): 0 | 1 | 2 {
  if (leftOut) return 0;
  return failureOrder.includes(cause.split(':')[0] ?? '') ? 1 : 2;
}

const [rankStyles, rankMarks] = [['yellow', 'red', 'dim'] as const, ['!', '✗', '–'] as const];

function causes({ causes: all }: RunSummary, { paint }: SummaryOptions): string[] {
  const sorted = all.toSorted((a, b) => rankOf(a) - rankOf(b));
  const lines = sorted.slice(0, shownCauses).flatMap((each) => {
    const { cause, hint, count, rows, leftOut } = each;
    const where = rows.map(({ file, line, subject }) => `${file}:${line} ${subject}`).join(', ');
    const rank = rankOf(each);
    const words = leftOut ? `${neutralize(cause)}; access was not ended` : neutralize(cause);
    return [
      paint(rankStyles[rank], `${rankMarks[rank]} ${count} × ${words}`),
      paint('dim', `    ${neutralize(where)}${count > rows.length ? ', …' : ''}`),
      `    → ${neutralize(hint)}`,
    ];
  });
  const more = sorted.length - shownCauses;
  return more > 0 ? [...lines, paint('dim', `  and ${more} more causes; leavers report --json lists them`)] : lines;
}

/** Last-active dates that the run read. */
function activities({ activity, counts }: RunSummary): string[] {
  const more = (counts['get-last-active']?.done ?? 0) - activity.length;
  const lines = activity.map(
    ({ subject, words, file, line }) => `${neutralize(subject)}: ${neutralize(words)} (${neutralize(file)}:${line})`,
  );
  return more > 0 && lines.length > 0 ? [...lines, `and ${more} more; leavers report --csv lists them`] : lines;
}

function requests({ runs, requests: calls, throttled, throttledMs, seconds }: RunSummary): string {
  const cutShort = runs.filter(({ end }) => end === undefined).length;
  const lost = cutShort === 0 ? '' : `${many(cutShort, 'run')} cut short, whose calls were not counted`;
  if (cutShort === runs.length && runs.length > 0) return lost;
  const waits = `rate-limited ${throttled === 1 ? 'once' : `${throttled} times`} (${duration(throttledMs)})`;
  const time = seconds < 90 ? `${Math.round(seconds * 10) / 10} s` : duration(seconds * 1000);
  return [`${calls} in ${time}`, ...(throttled > 0 ? [waits] : []), ...(lost === '' ? [] : [lost])].join(' · ');
}

/** The slowest rows, by the time that the API took. */
function slowest({ slowest: rows }: RunSummary): string {
  return rows
    .slice(0, 3)
    .map(
      ({ ms, file, line, subject }) =>
        `${ms < 1000 ? `${ms} ms` : `${Math.round(ms / 100) / 10} s`} ${neutralize(`${file}:${line} ${subject}`)}`,
    )
    .join(' · ');
}

/** The sentence about people who keep access, and how to accept that. */
function keptAccess({ leftOut, causes: all }: RunSummary): string {
  const reasons = all.filter((each) => each.leftOut && each.count > 0).map(({ cause }) => cause.split(': ')[1]);
  const accept = reasons.map((reason) => `--accept ${reason}`).join(' ');
  return `${many(leftOut, 'row leaves a person', 'rows leave people')} with access that should have ended. Correct the manifest, or accept it with ${accept}.`;
}

function verdict({ total, rows, complete, runs }: RunSummary): string {
  const good = total.done + total.already;
  const bad = total.failed + total.invalid + total.unknown;
  const rest = rows - good - bad;
  const restWords = total.planned === rest ? 'planned' : 'skipped or held';
  const words = `${good} of ${many(rows, 'row')} succeeded or needed no change${bad > 0 ? `, ${total.failed + total.invalid} failed, ${total.unknown} unconfirmed` : ''}${rest > 0 ? `, ${rest} ${restWords}` : ''}.`;
  if (complete) return words;
  // A job may produce several rows per line, so the number of rows not reached is unknown.
  const start = runs.at(-1)?.start;
  const unreached =
    start === undefined || start.job !== null ? 0 : start.manifests.reduce((sum, each) => sum + each.rows, -rows);
  return `${words} The run did not reach its end${unreached > 0 ? `; ${many(unreached, 'row was', 'rows were')} not reached` : ''}.`;
}
