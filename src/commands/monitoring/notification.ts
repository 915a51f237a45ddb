// notification: the message about the end of a command, in the form that the receiver of an address takes. Pure.
import { exitCodes } from '../../errors.ts';
import { type OutcomeName, outcomes } from '../../model.ts';
import type { RunEnd } from '../../report/events.ts';
import { many } from '../../text/phrases.ts';

/** The facts of one run in a notification. */
export interface EndedRun {
  readonly org: string;
  readonly orgName?: string | undefined;
  /** The name of the job, report or manifest. */
  readonly job: string;
  readonly exitCode: number;
  readonly dryRun: boolean;
  readonly rehearsal?: boolean;
  readonly end?: RunEnd;
  readonly leftOut?: number;
  readonly report?: string | undefined;
  /** Why it ended before its first row. */
  readonly error?: string | undefined;
  /** Differences between a list and the directory, by class. */
  readonly drift?: Readonly<Record<string, number>>;
}

export interface Notification {
  readonly command: string;
  readonly exitCode: number;
  readonly runs: readonly EndedRun[];
}

/** The body for an address, as JSON: a text everywhere, and the figures where the receiver has a place for them. */
export function notificationBody(url: string, { command, exitCode, runs: given }: Notification): string {
  const runs = given.map(withoutAddresses);
  const text = textOf({ command, exitCode, runs });
  const form = formOf(new URL(url));
  if (form === 'teams') return JSON.stringify({ type: 'message', text, attachments: [card(text, runs)] });
  // Google Chat refuses fields that it does not know.
  if (form === 'google-chat') return JSON.stringify({ text });
  if (form === 'slack') return JSON.stringify({ text: escapeSlack(text) });
  return JSON.stringify({ text, command, exitCode, runs: runs.map(figuresOf) });
}

const address = /[^\s"'<>()[\],;:]+@[^\s"'<>()[\],;:]+/g;

/** Names of people do not belong in a chat; the log has them. */
function withoutAddresses(run: EndedRun): EndedRun {
  const hide = (text: string) => text.replace(address, 'an address');
  const { end, error } = run;
  return {
    ...run,
    ...(end === undefined ? {} : { end: { ...end, reason: end.reason === null ? null : hide(end.reason) } }),
    ...(error === undefined ? {} : { error: hide(error) }),
  };
}

/** The kind of receiver, recognized by its URL, also behind a gateway. */
function formOf({ hostname, pathname }: URL): 'slack' | 'teams' | 'google-chat' | 'any' {
  if (hostname === 'hooks.slack.com' || /^\/services\/T\w+\/B\w+\//.test(pathname)) return 'slack';
  if (/\/triggers\/\w+\/paths\/invoke$/.test(pathname)) return 'teams';
  if (hostname === 'chat.googleapis.com' || /^\/v1\/spaces\/[^/]+\/messages$/.test(pathname)) return 'google-chat';
  return 'any';
}

/** Otherwise a file's name could mention a whole channel. */
function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Length that every receiver accepts (Google Chat: 4096), less a margin for Slack's escapes. */
const mostText = 3500;
/** Organizations with facts on a card; Teams takes 28 KB. */
const mostRuns = 20;

/** One line per run, failed runs first, up to the length limit. */
function textOf({ command, exitCode, runs }: Notification): string {
  const lines = sorted(runs).map(
    (run) =>
      `${command} ${run.job}${run.org === '' ? '' : ` (${run.orgName ?? `organization ${run.org}`})`}: ${sentence(run)}`,
  );
  if (lines.length < 2) return lines.join('').slice(0, mostText);
  const good = runs.filter((run) => run.exitCode === exitCodes.ok).length;
  const head = `leavers: ${good} of ${many(runs.length, 'organization')} ended with exit code 0; exit code ${exitCode}.`;
  const shown: string[] = [];
  let size = head.length;
  for (const line of lines) {
    size += line.length + 1;
    if (size > mostText) break;
    shown.push(line);
  }
  const more = lines.length - shown.length;
  return [head, ...shown, ...(more > 0 ? [`and ${more} more; see the log`] : [])].join('\n');
}

function sorted(runs: readonly EndedRun[]): readonly EndedRun[] {
  return runs.toSorted((a, b) => Number(a.exitCode === exitCodes.ok) - Number(b.exitCode === exitCodes.ok));
}

function sentence(run: EndedRun): string {
  const { exitCode, dryRun, rehearsal = false, end, leftOut = 0, report, error, drift } = run;
  const kept = leftOut > 0 ? `, ${many(leftOut, 'person keeps', 'people keep')} access that should have ended` : '';
  const stopped =
    end === undefined || end.outcome === 'complete'
      ? ''
      : ` The run was ${end.outcome}: ${end.reason ?? 'no reason given'}.`;
  const parts = [
    ...(rehearsal ? ['REHEARSAL, no real account was changed:'] : []),
    ...(dryRun ? ['Dry run.'] : []),
    ...(end === undefined ? [] : [`${countsOf(end)}${kept}.${stopped}`]),
    ...(drift === undefined ? [] : [`${driftOf(drift)}.`]),
    ...(error === undefined ? [] : [`Not run: ${error.replace(/\.$/, '')}.`]),
    `Exit code ${exitCode}.`,
    ...(report === undefined || end === undefined ? [] : [`Report ${report}`]),
  ];
  return parts.join(' ');
}

function countsOf(end: RunEnd): string {
  const counts = totalOf(end);
  const rows = outcomes.reduce((sum, name) => sum + counts[name], 0);
  const bad = outcomes.filter((name) => name !== 'done' && name !== 'already' && counts[name] > 0);
  const words = bad.map((name) => `, ${counts[name]} ${name === 'unknown' ? 'unconfirmed' : name}`);
  return `${counts.done + counts.already} of ${many(rows, 'row')} succeeded or needed no change${words.join('')}`;
}

function driftOf(drift: Readonly<Record<string, number>>): string {
  const found = Object.entries(drift).filter(([, count]) => count > 0);
  return found.length === 0 ? 'No drift' : found.map(([name, count]) => `${name} ${count}`).join(', ');
}

function totalOf({ counts }: RunEnd): Readonly<Record<OutcomeName, number>> {
  const of = (name: OutcomeName) => Object.values(counts).reduce((sum, each) => sum + (each[name] ?? 0), 0);
  return Object.fromEntries(outcomes.map((name) => [name, of(name)])) as Record<OutcomeName, number>;
}

/** The figures of a run as data. */
function figuresOf({
  end,
  org,
  orgName,
  job,
  exitCode,
  dryRun,
  rehearsal = false,
  leftOut = 0,
  report,
  error,
  drift,
}: EndedRun) {
  const outcome = end?.outcome ?? (error === undefined ? 'complete' : 'refused');
  const counts = end === undefined ? {} : totalOf(end);
  return { org, orgName, job, exitCode, outcome, dryRun, rehearsal, ...counts, leftOut, report, error, drift };
}

/** An Adaptive Card, which the Teams workflow "Post to a channel when a webhook request is received" posts. */
function card(text: string, runs: readonly EndedRun[]): object {
  const facts = sorted(runs)
    .slice(0, mostRuns)
    .flatMap((run) => {
      const { org, orgName: ____, job, report: _, error: __, drift: ___, ...figures } = figuresOf(run);
      const prefix = runs.length > 1 ? `${job || org}: ` : '';
      return Object.entries(figures).map(([name, value]) => ({ title: `${prefix}${name}`, value: String(value) }));
    });
  const body = [
    { type: 'TextBlock', text, wrap: true },
    { type: 'FactSet', facts },
  ];
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body,
  };
  return { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content };
}
