// `leavers verify`: is the hash chain of a report intact and the report complete? With --live: is the organization in the reported state?
import type { Context } from '../../context.ts';
import { exitCodes, LeaversError } from '../../errors.ts';
import { subjectOf } from '../../model.ts';
import type { RowEnd } from '../../report/events.ts';
import { sealOf } from '../../report/hash-chain.ts';
import { type Verified, verifyReport } from '../../report/read/verify-chain.ts';
import { many } from '../../text/phrases.ts';
import { neutralize } from '../../text/sanitize.ts';
import type { Call } from '../command.ts';
import { openSessionFor } from '../../session/open-session.ts';
import { lastRows, openReportSet, refuseMixedOrganizations } from '../../report/read/report-set.ts';
import { paintFor, print } from '../../terminal/output.ts';
import { listenForSignals } from '../../terminal/signals.ts';

/** Prints a verdict a report and returns the exit code of the worst. */
export async function verify(call: Call): Promise<number> {
  const { args: words, flag: look, context } = call;
  const all: (Verified & { path: string })[] = [];
  const head = look('head');
  for (const path of words.positionals) all.push({ path, ...(await verifyReport(path, head)) });
  const json = look('json');
  if (!json) for (const each of all) await print(context.stdout, renderVerdict(each, context));
  const isUnsealed = head !== undefined && all.every(({ seal }) => seal === undefined);
  if (isUnsealed) await print(context.stderr, `leavers: ${unsealed(head)}`);
  const broken = isUnsealed || all.some(({ ok }) => !ok);
  const live = look('live') && !broken ? await checkNow(call) : undefined;
  if (json)
    await print(context.stdout, JSON.stringify({ reports: all, ...(live === undefined ? {} : { live }) }, null, 2));
  else if (live !== undefined) await print(context.stdout, renderLive(live));
  if (broken) return exitCodes.invalid;
  if (live !== undefined && live.differing.length > 0) return exitCodes.invalid;
  return all.some(({ complete }) => !complete) ? exitCodes.stopped : exitCodes.ok;
}

const shownFindings = 20;

function unsealed(head: string): string {
  return `the seal ${sealOf(head)} is in no intact chain; lines were cut off, or the report was rewritten`;
}

function renderVerdict(
  { path, ok, complete, lines, head, seal, findings }: Verified & { path: string },
  context: Context,
): string {
  const paint = paintFor(context.stdout, context.env);
  const whole = complete ? 'complete' : 'not complete: its last run wrote no end, or lines are cut off';
  if (lines === 0)
    return `${neutralize(path)}: ${paint('red', 'empty')}: a run wrote nothing to it, or all lines were cut off`;
  if (/^0+$/.test(head))
    return `${neutralize(path)}: ${paint('red', 'no report')}: none of its ${lines} lines was written by a run`;
  const verdict = ok ? paint('green', 'the chain is intact') : paint('red', 'the chain is broken');
  return [
    `${neutralize(path)}: ${verdict}, ${whole}; ${lines} lines, head ${head}`,
    ...(seal === undefined
      ? []
      : [`  sealed up to line ${seal.line}; ${many(seal.appended, 'line was', 'lines were')} appended after it`]),
    ...findings.slice(0, shownFindings).map(({ message, what }) => `  ${what}: ${neutralize(message)}`),
    ...(findings.length > shownFindings ? [`  and ${findings.length - shownFindings} more`] : []),
  ].join('\n');
}

interface Live {
  readonly as: number;
  readonly untold: number;
  readonly differing: readonly { readonly row: number; readonly action: string | null; readonly who: string }[];
}

/** How long changes may take to show in what is read (role changes and memberships lag). */
const lagMs = 30_000;

async function checkNow(call: Call): Promise<Live> {
  const { context, args: words } = call;
  const reports = await openReportSet(words.positionals);
  refuseMixedOrganizations(reports, '--live');
  const settings = await call.settings({ online: true });
  await using stack = new AsyncDisposableStack();
  const signals = stack.use(listenForSignals(context, (signal) => context.exit(exitCodes[signal])));
  const { organization, settings: opened } = await openSessionFor(settings, context, { stack, signal: signals.stop });
  const [start] = reports.starts;
  if (start !== undefined && start.org !== opened.api.org)
    throw new LeaversError('config', `the report is of organization ${start.org}, and this is ${opened.api.org}`);
  const { checkLive } = await import('./live-check.ts');
  const check = (rows: AsyncIterable<RowEnd>) => checkLive(rows, organization.directory);
  const first = await judge(check(lastRows(reports)));
  if (first.differing.length === 0) return first;
  await print(
    context.stderr,
    `${many(first.differing.length, 'row differs', 'rows differ')}; read once more in ${lagMs / 1000} s, as changes show late`,
  );
  if (settings.run.sandbox === false) await context.sleep(lagMs, signals.stop);
  const second = await judge(check(listed(first.rows)));
  return { ...second, as: first.as + second.as, untold: first.untold + second.untold };
}

async function* listed(rows: readonly RowEnd[]): AsyncGenerator<RowEnd> {
  yield* rows;
}

async function judge(claims: AsyncIterable<{ line: RowEnd; holds: boolean | undefined }>) {
  const [rows, counts] = [[] as RowEnd[], { as: 0, untold: 0 }];
  for await (const { line, holds } of claims) {
    if (holds === undefined) counts.untold += 1;
    else if (holds) counts.as += 1;
    else rows.push(line);
  }
  return {
    ...counts,
    rows,
    differing: rows.map((line) => ({ row: line.row, action: line.action, who: subjectOf(line) })),
  };
}

function renderLive({ as, untold, differing }: Live): string {
  return [
    ...differing.map(({ row, action, who }) =>
      neutralize(`row ${row}: ${action} ${who}: not in the state that the report claims`),
    ),
    `${as} rows are as the report says, ${differing.length} are not, ${untold} can't be told by reading.`,
  ].join('\n');
}
