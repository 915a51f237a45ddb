// `leavers reconcile`: a list of people against the directory. Only reads from the organization; can write a manifest and a page.
import type { Context } from '../../context.ts';
import type { Directory } from '../../directory/directory.ts';
import { mergePeople } from '../../directory/resolve-ambiguous.ts';
import { exitCodes } from '../../errors.ts';
import { manifestTable } from '../../manifest/manifest-table.ts';
import type { Person } from '../../model.ts';
import { adminsUntold } from '../../text/admins-untold.ts';
import { guardNotes } from '../../plan/guards.ts';
import { resolveGuards } from '../../plan/protected-ids.ts';
import { openSessionFor } from '../../session/open-session.ts';
import { refuseForeignFile } from '../../page/page-file.ts';
import { refuseExisting } from '../../storage/new-file.ts';
import { writeTable } from '../../storage/tables/write-table.ts';
import { openStatusLine, print, printLines } from '../../terminal/output.ts';
import { listenForSignals } from '../../terminal/signals.ts';
import { openWaitingLine } from '../../terminal/waiting-line.ts';
import { checkInputAge, checkRowCount, inputAgeMs } from '../check-input.ts';
import type { Figures } from '../metrics.ts';
import { manifestCommand } from '../next-command.ts';
import { checkManifestSet, describeWait, openManifestSet } from '../plan-manifests.ts';
import { comparePeople, type Drift, isMember, type Leaver } from './compare-people.ts';
import { writePage } from './drift-page.ts';
import { type Comparison, show } from './present-drift.ts';
import { driftSections } from './drift-sections.ts';
import { asciiDomain, listSettings, type PeopleList, readPeopleList } from './people-list.ts';
import type { ReconcileSettings } from './reconcile-settings.ts';
import { refuseCutList, refuseEmptyStaff, refusePercentOfRun } from './list-guards.ts';
import { manifestRows } from './write-manifest.ts';

/** Compares and returns the exit code. Throws LeaversError `refused`, before a file is written, when the list can't be complete. */
export async function reconcile(
  commandSettings: ReconcileSettings,
  context: Context,
  figures: Figures,
): Promise<number> {
  await using stack = new AsyncDisposableStack();
  const statusLine = openStatusLine(context);
  const signals = stack.use(listenForSignals(context, (signal) => context.exit(exitCodes[signal]), statusLine));
  const { out, html, list: kind, action } = commandSettings.reconcile;
  if (out !== undefined) refuseExisting(out, context);
  if (html !== undefined) refuseForeignFile(html, 'reconcile', context);
  const list = await readList(commandSettings, { context, stack, signal: signals.stop }, figures);
  const blind = commandSettings.run.quiet ? undefined : blindNote(commandSettings);
  if (blind !== undefined) await print(context.stderr, `warning: ${blind}`);
  const { organization, settings } = await openSessionFor(commandSettings, context, { stack, signal: signals.stop });
  const { directory } = organization;
  Object.assign(figures, { org: settings.api.org, orgName: settings.api.orgName });
  const { guards, unmatched } = await resolveGuards(settings.guards, directory);
  figures.unmatchedGuards = unmatched?.length ?? 0;
  const read: Person[] = [];
  const progress = () => `Reading the directory: ${read.length} people${describeWait(organization.client, context)}`;
  const waiting = commandSettings.run.quiet ? undefined : stack.use(openWaitingLine(progress, statusLine, context));
  const accounts = await readAccounts(directory, list, read);
  const showsAdmins = directory.address.generation === 'v2';
  const compared = comparePeople(accounts, list, {
    list: kind,
    domains: commandSettings.reconcile.domains,
    guards,
    showsAdmins,
  });
  refuseCutList(compared, guards);
  const drift = commandSettings.reconcile.tokens ? await withTokens(compared, directory) : compared;
  waiting?.[Symbol.dispose]();
  const sections = driftSections(drift, kind, commandSettings.reconcile.domains);
  figures.drift = Object.fromEntries(sections.map(({ id, entries }) => [id, entries.length]));
  const untold = guards.includeAdmins ? undefined : adminsUntold(directory.address.generation);
  const notes = [
    ...(untold === undefined ? [] : [untold]),
    ...guardNotes(unmatched),
    ...domainNotes(commandSettings, accounts),
    ...partialNotes(directory),
  ];
  const found: Comparison = {
    settings: { ...commandSettings, ...settings },
    list,
    drift,
    sections,
    notes,
    isPartial: !showsAdmins,
  };
  if (out !== undefined) await writeTable(out, manifestTable(manifestRows(drift, action)), context);
  if (html !== undefined) await writePage(html, found, context);
  await show(found, context);
  await tellNext(found, context);
  return sections.some(({ isDrift, entries }) => isDrift && entries.length > 0) ? exitCodes.pending : exitCodes.ok;
}

/** Reads the whole list before the first call. */
async function readList(
  commandSettings: ReconcileSettings,
  { context, ...opening }: { context: Context; stack: AsyncDisposableStack; signal: AbortSignal },
  figures: Figures,
): Promise<PeopleList> {
  const { guards, run } = commandSettings;
  refusePercentOfRun(guards);
  const reading = listSettings(commandSettings, commandSettings.reconcile.list);
  figures.inputAgeMs = inputAgeMs(run.manifests, context);
  const { set, notices } = await openManifestSet(reading, context, opening);
  await printLines(context.stderr, notices);
  const checked = await checkManifestSet(set, reading);
  await printLines(context.stderr, checked.notices);
  checkInputAge(set, guards, context);
  checkRowCount(checked, guards, undefined);
  const list = await readPeopleList(set, commandSettings.reconcile.list);
  await set.close();
  if (commandSettings.reconcile.list === 'staff') refuseEmptyStaff(list);
  return list;
}

/** Everybody in the directory, a hundred per call. People who hide their e-mail are found by searching for the names on the list. */
async function readAccounts(directory: Directory, list: PeopleList, read: Person[]): Promise<readonly Person[]> {
  for await (const person of directory.list()) read.push(person);
  const accounts = mergePeople(read);
  const isPartial = directory.address.generation === 'v1';
  if (!isPartial && accounts.every((person) => person.email !== undefined || !isMember(person))) return accounts;
  const shown = new Set(accounts.flatMap(({ email, accountId }) => [accountId, email ?? accountId]));
  const unseen = list.people.filter(
    (each) => ![each.accountId ?? [], each.emails].flat().some((name) => shown.has(name)),
  );
  const emails = new Set(unseen.flatMap((each) => each.emails));
  const accountIds = new Set(isPartial ? unseen.flatMap(({ accountId }) => accountId ?? []) : []);
  if (emails.size + accountIds.size === 0) return accounts;
  const wanted = { emails, accountIds, groupNames: new Set<string>(), memberships: false, products: true };
  const { people } = await directory.lookUp(wanted);
  const found = [...people].map(([name, person]) => (name.includes('@') ? { ...person, email: name } : person));
  return mergePeople([...accounts, ...found]);
}

/** People whose API tokens are read at the same time. */
const concurrentReads = 50;

/** Asks for the API tokens of everybody who has left. */
async function withTokens(drift: Drift, directory: Directory): Promise<Drift> {
  const left: Leaver[] = [];
  for (let from = 0; from < drift.left.length; from += concurrentReads) {
    const batch = drift.left.slice(from, from + concurrentReads).map(async (leaver) => {
      const tokens = await directory.apiTokens(leaver.person.accountId);
      return { ...leaver, tokens: tokens ?? ('unread' as const) };
    });
    left.push(...(await Promise.all(batch)));
  }
  return { ...drift, left };
}

/** What this generation does not show. */
function partialNotes({ address }: Directory): string[] {
  if (address.generation === 'v2') return [];
  return [
    'API v1 lists only managed accounts; others are looked up by the names on the list and never reported as missing from it',
  ];
}

/** Printed before the directory is read and beside the result, which would otherwise look like a clean result. */
function blindNote({
  reconcile: { list, domains },
}: {
  reconcile: Pick<ReconcileSettings['reconcile'], 'list' | 'domains'>;
}) {
  if (list === 'leavers' || domains.size > 0) return undefined;
  return 'without --domains nobody counts as having left, so nobody is proposed; accounts missing from the list are only reported; add --domains with the domains of your staff, like --domains example.com';
}

/** With a misspelt domain, nobody would count as having left. */
function domainNotes({ reconcile: { list, domains } }: ReconcileSettings, accounts: readonly Person[]): string[] {
  if (list === 'leavers') return domains.size === 0 ? [] : ['--domains has no effect on a list of leavers'];
  const blind = blindNote({ reconcile: { list, domains } });
  if (blind !== undefined) return [blind];
  const used = new Set(accounts.map(({ email = '' }) => asciiDomain(email.slice(email.lastIndexOf('@') + 1))));
  const unused = [...domains].filter((domain) => !used.has(domain));
  return unused.length === 0 ? [] : [`no account has an address at ${unused.join(', ')} (--domains); is it misspelt?`];
}

async function tellNext({ settings, drift }: Comparison, { stderr }: Context): Promise<void> {
  const { out, action } = settings.reconcile;
  const isNext = out !== undefined && out !== '-' && drift.left.some(({ kept }) => kept === undefined);
  if (isNext && !settings.run.quiet)
    await print(stderr, `Next: ${manifestCommand({ path: out, used: [action], sandbox: settings.run.sandbox })}`);
}
