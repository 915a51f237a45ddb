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
export function notificationBody(url: string, { command, exitCode, runs: endedRuns }: Notification): string {
  const runs = endedRuns.map(withoutAddresses);
  const form = formOf(new URL(url));
  const words = textOf({ command, exitCode, runs });
  // Slack takes only `text`, and marks mentions and links by these characters alone.
  if (form === 'slack') return JSON.stringify({ text: escapeSlack(words) });
  const text = withoutMarks(words);
  if (form === 'teams') return teamsBody(text, runs);
  // Google Chat refuses fields that it does not know.
  if (form === 'google-chat') return JSON.stringify({ text });
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

/** Mattermost reads `@channel` and `<!channel>`, Google Chat `<users/all>`, and all of them links, and none has escapes for them. */
function withoutMarks(text: string): string {
  return text.replaceAll('<', '‹').replaceAll('>', '›').replaceAll('@', '(at)').replaceAll('](', '] (');
}

/** Otherwise a file's name could mention a whole channel. */
function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Length that every receiver accepts (Google Chat: 4096), less a margin for Slack's escapes. */
const maxText = 3500;
/** Organizations with facts on a card. */
const maxRuns = 20;
/** Bytes of a message to Teams, which takes 28 KB. */
const mostBytes = 27_000;

/** One line per run, failed runs first, up to the length limit. */
function textOf({ command, exitCode, runs }: Notification): string {
  const lines = sorted(runs).map(
    (run) =>
      `${command} ${run.job}${run.org === '' ? '' : ` (${run.orgName ?? `organization ${run.org}`})`}: ${sentence(run)}`,
  );
  if (lines.length < 2) return lines.join('').slice(0, maxText).toWellFormed();
  const good = runs.filter((run) => run.exitCode === exitCodes.ok).length;
  const head = `leavers: ${good} of ${many(runs.length, 'organization')} ended with exit code 0; exit code ${exitCode}.`;
  const shown: string[] = [];
  let size = head.length;
  for (const line of lines) {
    size += line.length + 1;
    if (size > maxText) break;
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

/** After a count of people. */
const driftWords: Readonly<Record<string, string>> = {
  left: 'left but still have access',
  outside: 'missing from the list',
  withoutAccount: 'on the list without an account',
  suspended: 'on the list suspended or deactivated',
};

function driftOf(drift: Readonly<Record<string, number>>): string {
  const found = Object.entries(drift).filter(([, count]) => count > 0);
  const words = found.map(([name, count]) => `${count} ${driftWords[name] ?? name}`);
  return found.length === 0 ? 'List and directory agree' : words.join(', ');
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

/** A message with a card; facts of the last organizations are left out where there is no room for them. */
function teamsBody(text: string, runs: readonly EndedRun[]): string {
  const bodyOf = (most: number) => JSON.stringify({ type: 'message', text, attachments: [card(text, runs, most)] });
  let most = maxRuns;
  while (most > 1 && Buffer.byteLength(bodyOf(most)) > mostBytes) most -= 1;
  return bodyOf(most);
}

/** An Adaptive Card, which the Teams workflow "Post to a channel when a webhook request is received" posts. */
function card(text: string, runs: readonly EndedRun[], most: number): object {
  const facts = sorted(runs)
    .slice(0, most)
    .flatMap((run) => {
      const { org, orgName: ____, job, report: _, error: __, drift: ___, ...figures } = figuresOf(run);
      const prefix = runs.length > 1 ? `${withoutMarks(job || org)}: ` : '';
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
