// `leavers verify`: is the hash chain of a report intact and the report complete? With --live and --audit-log: what does the organization say?
import type { Context } from '../../context.ts';
import { exitCodes, LeaversError } from '../../errors.ts';
import { sealOf } from '../../report/hash-chain.ts';
import { type Verified, verifyReport } from '../../report/read/verify-chain.ts';
import { many } from '../../text/phrases.ts';
import { neutralize } from '../../text/sanitize.ts';
import type { Call } from '../command.ts';
import { paintFor, print, printData } from '../../terminal/output.ts';
import { checkOrganization, type OrganizationCheck } from './check-organization.ts';
import { checksJson, renderChecks, renderRecorded } from './print-checks.ts';

/** Prints one verdict per report and returns the exit code of the worst. */
export async function verify(call: Call): Promise<number> {
  const { args: words, flag: readFlag, context } = call;
  refuseLoneFlags(call);
  const all: (Verified & { path: string })[] = [];
  const head = readFlag('head');
  for (const path of words.positionals) all.push({ path, ...(await verifyReport(path, head)) });
  const json = readFlag('json');
  if (!json) for (const each of all) await print(context.stdout, renderVerdict(each, context));
  const isUnsealed = head !== undefined && all.every(({ seal }) => seal === undefined);
  if (isUnsealed) await print(context.stderr, `leavers: ${unsealed(head)}`);
  const broken = isUnsealed || all.some(({ ok }) => !ok);
  const asks = readFlag('live') || readFlag('audit-log');
  const checks = asks && !broken ? await checkOrganization(call) : { recorded: [] };
  if (json) await printData(context.stdout, JSON.stringify({ reports: all, ...checksJson(checks) }, null, 2));
  else for (const line of renderChecks(checks, context.clock.now())) await print(context.stdout, neutralize(line));
  for (const line of renderRecorded(checks)) await print(context.stderr, neutralize(line));
  if (broken || !holds(checks)) return exitCodes.invalid;
  return all.some(({ complete }) => !complete) ? exitCodes.stopped : exitCodes.ok;
}

function holds({ live, audit }: OrganizationCheck): boolean {
  if (live !== undefined && live.differing.length > 0) return false;
  return audit === undefined || audit.byOthers.length + audit.notFound.length === 0;
}

/** Throws LeaversError `usage` for flags without the flag that they belong to. */
function refuseLoneFlags({ flag: readFlag }: Call): void {
  if (readFlag('record') && !readFlag('live') && !readFlag('audit-log'))
    throw new LeaversError('usage', '--record needs --live or --audit-log; add one of them');
  if (readFlag('key-label') !== undefined && !readFlag('audit-log'))
    throw new LeaversError('usage', '--key-label needs --audit-log; add it');
}

const shownFindings = 20;

function unsealed(head: string): string {
  return `the seal ${sealOf(head)} does not occur in an intact chain; lines were cut off, or the report was rewritten`;
}

function renderVerdict(
  { path, ok, complete, lines, head, seal, findings }: Verified & { path: string },
  context: Context,
): string {
  const paint = paintFor(context.stdout, context.env);
  const completeness = complete
    ? 'complete'
    : 'not complete: its last run did not write its end, or lines were cut off';
  if (lines === 0)
    return `${neutralize(path)}: ${paint('red', 'empty')}: a run wrote nothing to it, or all lines were cut off`;
  if (/^0+$/.test(head))
    return `${neutralize(path)}: ${paint('red', 'not a report')}: none of its ${lines} lines was written by a run`;
  const verdict = ok ? paint('green', 'the chain is intact') : paint('red', 'the chain is broken');
  return [
    `${neutralize(path)}: ${verdict}, ${completeness}; ${lines} lines, seal ${sealOf(head)}`,
    ...(seal === undefined
      ? []
      : [`  sealed up to line ${seal.line}; ${many(seal.appended, 'line was', 'lines were')} appended after it`]),
    ...findings.slice(0, shownFindings).map(({ message, what }) => `  ${what}: ${neutralize(message)}`),
    ...(findings.length > shownFindings ? [`  and ${findings.length - shownFindings} more`] : []),
  ].join('\n');
}
