// Prints the result of reconcile to stdout, as text or JSON.
import type { Context } from '../../context.ts';
import { paintFor, print, printData } from '../../terminal/output.ts';
import type { Drift } from './compare-people.ts';
import type { Section } from './drift-sections.ts';
import type { PeopleList } from './people-list.ts';
import type { ReconcileSettings } from './reconcile-settings.ts';
import { renderDrift } from './render-drift.ts';

/** A finished comparison. */
export interface Comparison {
  readonly settings: ReconcileSettings;
  readonly list: PeopleList;
  readonly drift: Drift;
  readonly sections: readonly Section[];
  readonly notes: readonly string[];
  /** The API lists a part of the accounts. */
  readonly isPartial: boolean;
}

/** Prints the differences, unless the manifest goes to stdout. */
export async function show(found: Comparison, context: Context): Promise<void> {
  const { settings, sections, notes, isPartial } = found;
  const isTaken = settings.reconcile.out === '-';
  if (settings.run.json && !isTaken) return printData(context.stdout, JSON.stringify(jsonOf(found), null, 2));
  const screen = isTaken ? context.stderr : context.stdout;
  const paint = paintFor(screen, context.env);
  const isRehearsal = settings.run.sandbox !== false;
  await print(screen, renderDrift({ sections, notes, isRehearsal, isPartial, basis: basisOf(found), paint }));
}

function jsonOf({ settings, list, drift, sections, notes }: Comparison) {
  return {
    org: settings.api.org,
    orgName: settings.api.orgName ?? null,
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
export function basisOf({ settings, list, drift }: Comparison): string {
  const { manifests } = settings.run;
  const later = list.notDue === 0 ? '' : `, ${list.notDue} of them not due yet`;
  const kind = settings.reconcile.list === 'staff' ? 'Staff' : 'Leavers';
  const { orgName } = settings.api;
  const of = orgName === undefined ? '' : ` of ${orgName}`;
  return `${kind}: ${list.people.length + list.notDue} on ${manifests.join(', ')}${later}. Directory${of}: ${drift.people} people.`;
}
