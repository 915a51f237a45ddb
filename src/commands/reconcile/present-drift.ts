// What reconcile gives to people and programs: text or JSON on stdout, and a page.
import type { Context } from '../../context.ts';
import { utcMinute } from '../../text/phrases.ts';
import { paintFor, print, terminalWidth } from '../../terminal/output.ts';
import { writePageFile } from '../../page/page-file.ts';
import type { PageSection, PeoplePage } from '../../page/people-page.ts';
import type { Drift } from './compare-people.ts';
import type { Entry, Section } from './drift-sections.ts';
import type { PeopleList } from './people-list.ts';
import type { ReconcileSettings } from './reconcile-settings.ts';
import { renderDrift } from './render-drift.ts';

/** A finished comparison. */
export interface Found {
  readonly settings: ReconcileSettings;
  readonly list: PeopleList;
  readonly drift: Drift;
  readonly sections: readonly Section[];
  readonly notes: readonly string[];
}

/** Prints the differences. A manifest on stdout has stdout for itself. */
export async function show(found: Found, context: Context): Promise<void> {
  const { settings, sections, notes } = found;
  const isTaken = settings.reconcile.out === '-';
  if (settings.run.json && !isTaken) return print(context.stdout, JSON.stringify(jsonOf(found), null, 2));
  const screen = isTaken ? context.stderr : context.stdout;
  const [paint, width] = [paintFor(screen, context.env), terminalWidth(screen)];
  const isRehearsal = settings.run.sandbox !== false;
  await print(screen, renderDrift({ sections, notes, isRehearsal, basis: basisOf(found), paint, width }));
}

function jsonOf({ settings, list, drift, sections, notes }: Found) {
  return {
    org: settings.api.org,
    rehearsal: settings.run.sandbox !== false,
    list: settings.reconcile.list,
    domains: [...settings.reconcile.domains],
    listed: list.people.length,
    notDue: list.notDue,
    people: drift.people,
    counts: Object.fromEntries(sections.map(({ id, entries }) => [id, entries.length])),
    ...Object.fromEntries(sections.map(({ id, entries }) => [id, entries])),
    notes,
  };
}

/** `Staff: 48 people on samples/staff.csv; directory: 50 people.` */
function basisOf({ settings, list, drift }: Found): string {
  const { manifests } = settings.run;
  const later = list.notDue === 0 ? '' : `, ${list.notDue} of them not due yet`;
  const kind = settings.reconcile.list === 'staff' ? 'Staff' : 'Leavers';
  return `${kind}: ${list.people.length + list.notDue} on ${manifests.join(', ')}${later}. Directory: ${drift.people} people.`;
}

/** Writes the page into a new file, or over a page of this command. */
export async function writePage(path: string, found: Found, context: Context): Promise<void> {
  const { renderPeoplePage } = await import('../../page/people-page.ts');
  await writePageFile(path, { kind: 'reconcile', parts: renderPeoplePage(pageOf(found, context)) }, context);
}

const mood = { left: 'failed', outside: 'skipped', withoutAccount: 'held', suspended: 'unknown' } as const;
const columns = ['Person', 'Account', 'Last active', 'Reference', 'On the list', 'Proposed'] as const;

function pageOf(found: Found, { clock, version }: Context): PeoplePage {
  const { settings, sections, notes } = found;
  const now = clock.now();
  const [gone] = sections;
  return {
    isRehearsal: settings.run.sandbox !== false,
    eyebrow: `Reconciliation of ${settings.run.manifests.join(', ')}`,
    title: gone === undefined ? '' : gone.title,
    isGood: gone?.entries.length === 0,
    lead: [basisOf(found), ...notes],
    sections: sections.map(
      (section): PageSection => ({
        ...section,
        mood: mood[section.id],
        columns,
        rows: section.entries.map(cellsOf),
      }),
    ),
    facts: [
      ['Organization', settings.api.org],
      ['List', `${settings.reconcile.list}: ${settings.run.manifests.join(', ')}`],
      ['Domains', [...settings.reconcile.domains].join(', ') || 'none'],
      ['Compared', utcMinute(new Date(now).toISOString())],
    ],
    version,
    now,
  };
}

function cellsOf({ name, email, accountId, status, admin, lastActive, reference, place, proposed, message }: Entry) {
  const who = [name, email ?? accountId].filter((each) => each !== null).join(', ');
  const account = [status, admin === true ? 'organization admin' : null].filter((each) => each !== null).join(', ');
  return [who, account, lastActive, reference, place, proposed ? 'yes' : message].map((each) => each ?? '');
}
