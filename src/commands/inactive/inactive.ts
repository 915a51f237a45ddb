// `leavers inactive`: people without activity, as a manifest to review and run, or as a table on a terminal.
import type { Context } from '../../context.ts';
import { actions } from '../../actions/action-table.ts';
import { exitCodes, LeaversError } from '../../errors.ts';
import { adminsUntold } from '../../text/admins-untold.ts';
import { guardNotes } from '../../plan/guards.ts';
import { renderRow } from '../../manifest/write.ts';
import type { Settings } from '../../config/settings.ts';
import type { ActionName } from '../../model.ts';
import type { ManifestRow } from '../../actions/action.ts';
import { manifestTable } from '../../manifest/manifest-table.ts';
import { refuseExisting } from '../../storage/new-file.ts';
import { Spool } from '../../storage/spool.ts';
import { writeTable } from '../../storage/tables/write-table.ts';
import { manifestCommand } from '../next-command.ts';
import { findInactive, type InactiveFinding } from './find-inactive.ts';
import { resolveGuards } from '../../plan/protected-ids.ts';
import { neutralize } from '../../text/sanitize.ts';
import { openSessionFor } from '../../session/open-session.ts';
import { openStatusLine, print, printData } from '../../terminal/output.ts';
import { openWaitingLine } from '../../terminal/waiting-line.ts';
import { describeWait } from '../plan-manifests.ts';
import { listenForSignals } from '../../terminal/signals.ts';

export interface InactiveSettings extends Settings {
  readonly inactive: {
    readonly days: number;
    readonly action: ActionName;
    readonly products: readonly string[] | undefined;
    /** The manifest's file; stdout when absent. */
    readonly out: string | undefined;
  };
}

/** Throws LeaversError `usage` for an action that needs more columns than the account and onlyIfInactiveDays. */
export function refuseUnfit(action: ActionName): void {
  const fitting = Object.values(actions)
    .filter(({ needs, takes }) => needs.join() === 'user' && takes.includes('onlyIfInactiveDays'))
    .map(({ name }) => name);
  if (fitting.includes(action)) return;
  throw new LeaversError('usage', `--action ${action} does not apply to inactive people; give ${fitting.join(' or ')}`);
}

/** Prints the manifest as NDJSON, saves it, or shows a table on a terminal. Returns the exit code. */
export async function inactive(commandSettings: InactiveSettings, context: Context): Promise<number> {
  await using stack = new AsyncDisposableStack();
  const { out } = commandSettings.inactive;
  if (out !== undefined) refuseExisting(out, context);
  const statusLine = openStatusLine(context);
  const signals = stack.use(listenForSignals(context, (signal) => context.exit(exitCodes[signal]), statusLine));
  const { organization, settings } = await openSessionFor(commandSettings, context, { stack, signal: signals.stop });
  const { guards, unmatched } = await resolveGuards(settings.guards, organization.directory);
  const query = {
    ...commandSettings.inactive,
    guards,
    now: context.clock.now(),
  };
  const tally: Tally = { people: 0, found: 0, leftOut: new Map() };
  const onLeftOut = settings.run.verbose ? (text: string) => print(context.stderr, text) : undefined;
  const found = inactiveOnly(findInactive(organization.directory, query), {
    tally,
    days: query.days,
    onLeftOut: onLeftOut,
  });
  const isTable = out === undefined && context.stdout.isTTY === true && !settings.run.json;
  // A list that is printed on a terminal is itself the progress display.
  const isHidden = settings.run.quiet || (out === undefined && context.stdout.isTTY === true);
  const progress = () => `Reading the directory: ${tally.people} people${describeWait(organization.client, context)}`;
  const waiting = isHidden ? undefined : stack.use(openWaitingLine(progress, statusLine, context));
  if (out !== undefined) await save(out, found, context);
  else
    for await (const each of found)
      await (isTable ? print(context.stdout, tableLine(each)) : printData(context.stdout, renderRow(each.row)));
  waiting?.[Symbol.dispose]();
  const untold = query.guards.includeAdmins ? undefined : adminsUntold(organization.directory.address.generation);
  const notes = [...(untold === undefined ? [] : [untold]), ...guardNotes(unmatched)].map((note) =>
    neutralize(`Note: ${note}.`),
  );
  const isNext = out !== undefined && out !== '-' && tally.found > 0;
  const next = isNext
    ? [`Next: ${manifestCommand({ path: out, used: [query.action], sandbox: settings.run.sandbox })}`]
    : [];
  await print(
    context.stderr,
    [...rehearsalNote(settings), ...summaryOf(tally, query, settings.api), ...notes, ...next].join('\n'),
  );
  return exitCodes.ok;
}

/** The first lines of the output of a rehearsal. */
export function rehearsalNote({ run }: Pick<Settings, 'run'>): string[] {
  return run.sandbox === false ? [] : ['REHEARSAL on the simulated organization.'];
}

interface Tally {
  people: number;
  found: number;
  /** Number of people by the reason why they are left out. */
  readonly leftOut: Map<string, number>;
}

interface Counting {
  readonly tally: Tally;
  readonly days: number;
  /** Prints why one person is left out. */
  readonly onLeftOut: ((text: string) => Promise<void>) | undefined;
}

type Inactive = Extract<InactiveFinding, { row: ManifestRow }>;

/** Yields the inactive people; counts all others. */
async function* inactiveOnly(
  findings: AsyncIterable<InactiveFinding>,
  { tally, days, onLeftOut }: Counting,
): AsyncGenerator<Inactive> {
  for await (const finding of findings) {
    tally.people += 1;
    if ('row' in finding) {
      tally.found += 1;
      yield finding;
      continue;
    }
    // Counted as one reason, because the dates differ from person to person.
    const reason = finding.leftOut.replace(/^active on .*/, `active in the last ${days} days`);
    tally.leftOut.set(reason, (tally.leftOut.get(reason) ?? 0) + 1);
    await onLeftOut?.(`${finding.person.email ?? finding.person.accountId}: ${finding.leftOut}`);
  }
}

/** Saves only a complete list, because a file that was cut short would look complete. */
async function save(out: string, found: AsyncIterable<Inactive>, context: Context): Promise<void> {
  const spool = new Spool<ManifestRow>(context.tmpdir);
  try {
    for await (const { row } of found) spool.add(row);
    await writeTable(out, manifestTable(spool.entries()), context);
  } finally {
    spool.close();
  }
}

/** `2026-01-02  ada@example.com  Ada Lovelace`. */
function tableLine({ person, lastActive = 'never     ' }: Inactive): string {
  const { email, accountId, name = '' } = person;
  return neutralize(`${lastActive}  ${(email ?? accountId).padEnd(36)}  ${name}`).trimEnd();
}

function summaryOf({ people, found, leftOut }: Tally, { days }: { days: number }, api: Settings['api']): string[] {
  const reasons = [...leftOut]
    .toSorted(([, a], [, b]) => b - a)
    .map(([reason, count]) => `  ${count} left out: ${reason}`);
  const lag = 'Last-active dates are up to 24 hours late; the rows are checked again when they run.';
  const of = api.orgName === undefined ? '' : ` of ${neutralize(api.orgName)}`;
  return [`${found} of ${people} people${of} are inactive for ${days} days or more.`, ...reasons, lag];
}
