// `leavers inactive`: people without activity as a manifest to review and run; who was left out, and why, on stderr.
import type { Context } from '../../context.ts';
import { exitCodes } from '../../errors.ts';
import { adminsUntold, guardNotes } from '../../plan/guards.ts';
import { renderRow } from '../../manifest/write.ts';
import type { Settings } from '../../config/settings.ts';
import type { ActionName } from '../../model.ts';
import { findInactive } from './find-inactive.ts';
import { resolveGuards } from '../../plan/protected-ids.ts';
import { neutralize } from '../../text/sanitize.ts';
import { openSessionFor } from '../plan-manifests.ts';
import { print } from '../../terminal/output.ts';
import { listenForSignals } from '../../terminal/signals.ts';

export interface InactiveSettings extends Settings {
  readonly inactive: {
    readonly days: number;
    readonly action: ActionName;
    readonly products: readonly string[] | undefined;
  };
}

/** Prints the manifest as NDJSON to stdout and returns the exit code. */
export async function inactive(given: InactiveSettings, context: Context): Promise<number> {
  await using stack = new AsyncDisposableStack();
  const signals = stack.use(listenForSignals(context, (signal) => context.exit(exitCodes[signal])));
  const { organization, settings } = await openSessionFor(given, context, { stack, signal: signals.stop });
  const { guards, unmatched } = await resolveGuards(settings.guards, organization.directory);
  const query = {
    ...given.inactive,
    guards,
    now: context.clock.now(),
  };
  const leftOut = new Map<string, number>();
  let [people, found] = [0, 0];
  for await (const finding of findInactive(organization.directory, query)) {
    people += 1;
    if ('row' in finding) {
      found += 1;
      await print(context.stdout, renderRow(finding.row));
      continue;
    }
    // Dates differ from person to person; they are one reason.
    const reason = finding.leftOut.replace(/^active on .*/, `active in the last ${query.days} days`);
    leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
    if (settings.run.verbose)
      await print(context.stderr, `${finding.person.email ?? finding.person.accountId}: ${finding.leftOut}`);
  }
  const reasons = [...leftOut]
    .toSorted(([, a], [, b]) => b - a)
    .map(([reason, count]) => `  ${count} left out: ${reason}`);
  const lag = 'Last-active dates are up to 24 hours late; the rows are checked again when they run.';
  const untold = query.guards.includeAdmins ? undefined : adminsUntold(organization.directory.address.generation);
  const notes = [...(untold === undefined ? [] : [untold]), ...guardNotes(unmatched)].map((note) =>
    neutralize(`Note: ${note}.`),
  );
  await print(
    context.stderr,
    [`${found} of ${people} people are inactive for ${query.days} days or more.`, ...reasons, lag, ...notes].join('\n'),
  );
  return exitCodes.ok;
}
