// `leavers inactive --product NAME --action release-product`: a manifest that takes a product away from those who do not use it.
import type { Settings } from '../../config/settings.ts';
import type { Context } from '../../context.ts';
import type { Directory } from '../../directory/directory.ts';
import { exitCodes, LeaversError } from '../../errors.ts';
import { manifestTable } from '../../manifest/manifest-table.ts';
import { renderRow } from '../../manifest/write.ts';
import type { Person } from '../../model.ts';
import { guardNotes, protection } from '../../plan/guards.ts';
import { namesProduct, notInactive } from '../../plan/inactivity.ts';
import { resolveGuards } from '../../plan/protected-ids.ts';
import { seatWords } from '../../report/seat-words.ts';
import { openSessionFor } from '../../session/open-session.ts';
import { refuseExisting } from '../../storage/new-file.ts';
import { writeTable } from '../../storage/tables/write-table.ts';
import { openStatusLine, printData, printLines } from '../../terminal/output.ts';
import { listenForSignals } from '../../terminal/signals.ts';
import { openWaitingLine } from '../../terminal/waiting-line.ts';
import { accountTypeWords, statusWords } from '../../text/account-words.ts';
import { many } from '../../text/phrases.ts';
import { neutralize } from '../../text/sanitize.ts';
import { pad } from '../../text/width.ts';
import { manifestCommand } from '../next-command.ts';
import { describeWait } from '../plan-manifests.ts';
import { rehearsalNote } from './inactive.ts';
import { groupsToLeave, planRelease, type Release } from './plan-release.ts';
import { otherAccess } from './shared-groups.ts';

export interface ReleaseSettings extends Settings {
  readonly release: {
    readonly days: number;
    readonly product: string;
    /** The manifest's file; stdout when absent. */
    readonly out: string | undefined;
  };
}

type Query = ReleaseSettings['release'] & Pick<Settings, 'guards'> & { readonly now: number };

/** A person who does not use the product, and what the release frees. */
interface SeatHolder extends Release {
  readonly person: Person;
}

/** What was read of the directory. */
interface Survey {
  people: number;
  /** Inactive people whom no guard protects. */
  readonly candidates: Person[];
  readonly kept: SeatHolder[];
  /** Number of other people by the reason why they keep their access. */
  readonly others: Map<string, number>;
  /** ARIs of the product, and keys of all products. */
  readonly resources: Set<string>;
  readonly products: Set<string>;
}

/** Prints the manifest as NDJSON, saves it, or shows a table on a terminal. Returns the exit code. */
export async function releaseProduct(commandSettings: ReleaseSettings, context: Context): Promise<number> {
  await using stack = new AsyncDisposableStack();
  const { out } = commandSettings.release;
  if (out !== undefined) refuseExisting(out, context);
  const statusLine = openStatusLine(context);
  const signals = stack.use(listenForSignals(context, (signal) => context.exit(exitCodes[signal]), statusLine));
  const { organization, settings } = await openSessionFor(commandSettings, context, { stack, signal: signals.stop });
  const { directory } = organization;
  if (directory.address.generation === 'v1')
    throw new LeaversError(
      'config',
      'release-product needs API v2: v1 does not show which group or role gives access to a product',
    );
  const { guards, unmatched } = await resolveGuards(settings.guards, directory);
  const query = { ...commandSettings.release, guards, now: context.clock.now() };
  const survey = emptySurvey();
  const progress = () => `Reading the directory: ${survey.people} people${describeWait(organization.client, context)}`;
  const waiting = settings.run.quiet ? undefined : stack.use(openWaitingLine(progress, statusLine, context));
  await readPeople(directory, query, survey);
  const found = [...(await findReleases(directory, query, survey)), ...survey.kept];
  waiting?.[Symbol.dispose]();
  await present(found, { settings: { ...commandSettings, ...settings }, context });
  const rows = found.flatMap((each) => each.rows);
  const isNext = out !== undefined && out !== '-' && rows.length > 0;
  const notes = guardNotes(unmatched).map((note) => neutralize(`Note: ${note}.`));
  const used = rows.map(({ action }) => action);
  const next = isNext
    ? [`Next: ${manifestCommand({ path: out, used, job: settings.run.job, sandbox: settings.run.sandbox })}`]
    : [];
  await printLines(context.stderr, [
    ...rehearsalNote(settings),
    ...summaryOf(found, survey, { ...commandSettings, ...settings }),
    ...notes,
    ...next,
  ]);
  return exitCodes.ok;
}

function emptySurvey(): Survey {
  return { people: 0, candidates: [], kept: [], others: new Map(), resources: new Set(), products: new Set() };
}

async function readPeople(directory: Directory, query: Query, survey: Survey): Promise<void> {
  for await (const person of directory.list({ memberships: true, products: true })) {
    survey.people += 1;
    for (const { id, key } of person.products ?? []) {
      survey.products.add(key);
      if (namesProduct(key, query.product)) survey.resources.add(id);
    }
    const other = otherReason(person, query);
    if (other !== undefined) {
      survey.others.set(other, (survey.others.get(other) ?? 0) + 1);
      continue;
    }
    const guarded = protection(
      { people: [person.email, person.accountId], groups: [], admin: person.admin, tellsAdmins: true },
      query.guards,
    );
    if (guarded === undefined) survey.candidates.push(person);
    else survey.kept.push({ person, rows: [], ends: [], freed: [], keeps: [guarded.message], lost: [] });
  }
}

/** Why a person is not inactive in the product, or has no seat to free. */
function otherReason(person: Person, { product, days, now }: Query): string | undefined {
  const { accountType = 'atlassian', status, products = [], addedToOrg } = person;
  if (accountType !== 'atlassian') return accountTypeWords(accountType);
  if (status === 'suspended' || status === 'deactivated' || status === 'not-invited')
    return `${statusWords(status)}, so without a seat`;
  const activity = { products, ...(addedToOrg === undefined ? {} : { addedToOrg }) };
  const reason = notInactive({ person, activity, products: [product], days, now });
  // Counted as one reason, because the dates differ from person to person.
  return reason?.replace(/^active on .*/, `active in the last ${days} days`);
}

/** People whose own roles are read at the same time. */
const concurrentReads = 50;

async function findReleases(
  directory: Directory,
  query: Query,
  { candidates, resources }: Survey,
): Promise<SeatHolder[]> {
  const groups = candidates.length === 0 ? [] : await directory.groupsOn(resources);
  const shared = candidates.flatMap((person) =>
    groupsToLeave(person, { ...query, groups }).flatMap((group) => otherAccess(person, group, query)),
  );
  const others = new Set(shared.map(({ resource }) => resource));
  const everyGroup = others.size === 0 ? groups : await directory.groupsOn(others);
  const found: SeatHolder[] = [];
  for (let from = 0; from < candidates.length; from += concurrentReads) {
    const batch = candidates.slice(from, from + concurrentReads).map(async (person) => {
      const ownRoles = await directory.ownRoles(person.accountId);
      return { person, ...planRelease(person, { ...query, groups, everyGroup, ownRoles }) };
    });
    found.push(...(await Promise.all(batch)));
  }
  return found;
}

async function present(
  found: readonly SeatHolder[],
  { settings, context }: { settings: ReleaseSettings; context: Context },
) {
  const { out } = settings.release;
  const isTable = out === undefined && context.stdout.isTTY === true && !settings.run.json;
  const kept = found.filter(({ keeps }) => keeps.length > 0);
  const words = kept.map(({ person, keeps }) => neutralize(`  ${nameOf(person)}: ${keeps.join(' and ')}`));
  const rows = found.flatMap((each) => each.rows);
  if (out !== undefined) await writeTable(out, manifestTable(rows), context);
  else if (isTable) await printLines(context.stdout, found.filter((each) => each.rows.length > 0).map(tableLine));
  else for (const row of rows) await printData(context.stdout, renderRow(row));
  const title = `${many(kept.length, 'person keeps', 'people keep')} a seat:`;
  if (kept.length > 0) await printLines(isTable ? context.stdout : context.stderr, [title, ...words]);
}

/** `2026-01-02  ada@example.com  Ada Lovelace  frees a seat: group contractors`. */
function tableLine({ person, freed, ends }: SeatHolder): string {
  const { email, accountId, name = '', products = [] } = person;
  const dates = products.flatMap(({ lastActive }) => lastActive ?? []).toSorted();
  const last = dates.at(-1)?.slice(0, 10) ?? 'never     ';
  const words = `${freed.length > 0 ? 'frees a seat' : 'frees no seat'}: ${ends.join(', ')}`;
  return neutralize(`${last}  ${pad(email ?? accountId, 36)}  ${pad(name, 24)}  ${words}`);
}

function nameOf({ name, email, accountId }: Person): string {
  const address = email ?? accountId;
  return name === undefined ? address : `${name} <${address}>`;
}

function summaryOf(found: readonly SeatHolder[], survey: Survey, { release, prices, api }: ReleaseSettings): string[] {
  const { days, product } = release;
  const seats: Record<string, number> = {};
  for (const key of found.flatMap(({ freed }) => freed)) seats[key] = (seats[key] ?? 0) + 1;
  const reasons = [...survey.others]
    .toSorted(([, a], [, b]) => b - a)
    .map(([reason, count]) => `  ${count} left out: ${reason}`);
  const unknown = [`  nobody has ${product}; the products are ${[...survey.products].toSorted().join(', ')}`];
  return [
    `${found.length} of ${survey.people} people${api.orgName === undefined ? '' : ` of ${api.orgName}`} have not used ${product} for ${days} days or more.`,
    `Seats freed: ${Object.keys(seats).length === 0 ? 'none' : seatWords(seats, prices)}.`,
    ...(survey.resources.size === 0 ? unknown : []),
    ...lostLines(found),
    ...reasons,
    'Last-active dates are up to 24 hours late; the rows are checked again when they run.',
  ].map(neutralize);
}

/** `  2 people lose jira-software too, which they do not use either: through group all-staff`. */
function lostLines(found: readonly SeatHolder[]): string[] {
  const lost = found.flatMap((each) => each.lost.map((part) => ({ ...part, person: each.person.accountId })));
  return [...Map.groupBy(lost, ({ name }) => name)].map(([name, losses]) => {
    const people = new Set(losses.map(({ person }) => person)).size;
    const groups = [...new Set(losses.flatMap((each) => each.groups))].toSorted().join(', ');
    return `  ${many(people, 'person loses', 'people lose')} ${name} too, which they do not use either: through group ${groups}`;
  });
}
