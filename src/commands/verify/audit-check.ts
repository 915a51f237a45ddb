// Compares the changes of a run with the organization's audit log. Reads only.
import type { Client } from '../../client/client.ts';
import { type AuditActor, keptDays, readAuditActions, readAuditEvents } from '../../directory/read-audit-log.ts';
import type { ActionName } from '../../model.ts';
import type { ReportLine, Verification } from '../../report/events.ts';
import { type Change, EventMatcher, type FoundEvent } from './match-events.ts';

export interface AuditCheck {
  /** Changes with an event, and whether it was caused by the run's own key. */
  readonly confirmed: readonly Change[];
  readonly byOthers: readonly Change[];
  readonly notFound: readonly Change[];
  /** Changes of the run that are older than the log. */
  readonly expired: number;
  /** Actions of the run for which the organization has no kind of event. */
  readonly unnamed: readonly ActionName[];
  /** How many changes each actor made. */
  readonly actors: ReadonlyMap<string, number>;
}

/** Tolerance for a clock that is behind. */
const skewMs = 5 * 60_000;

export interface AuditSource {
  readonly client: Client;
  readonly org: string;
  readonly keyLabel: string | undefined;
  /** Epoch ms. */
  readonly now: number;
}

/** Looks for an event about each row that was done. Throws LeaversError `key` when the log may not be read. */
export async function checkAuditLog(
  lines: AsyncIterable<ReportLine>,
  { client, org, keyLabel, now }: AuditSource,
): Promise<AuditCheck> {
  const matcher = new EventMatcher({ names: await readAuditActions(client, org), keyLabel });
  await addChanges(lines, matcher);
  const oldest = now - keptDays * 86_400_000;
  for (const { from, to } of matcher.ranges().filter((range) => range.to > oldest))
    for await (const events of readAuditEvents(client, org, {
      from: Math.max(from, oldest),
      to: Math.min(to, now + skewMs),
    }))
      for (const event of events) matcher.addEvent(event);
  return resultOf(matcher, oldest);
}

/** The time of a change starts at `row-sent`: after a lost response, only a later run finds the row done. */
async function addChanges(lines: AsyncIterable<ReportLine>, matcher: EventMatcher): Promise<void> {
  const sent = new Map<string, number>();
  for await (const line of lines) {
    if (line.event === 'row-sent' && !sent.has(line.key)) sent.set(line.key, Date.parse(line.time));
    if (line.event !== 'row') continue;
    if (line.outcome === 'done') matcher.addRow(line, sent.get(line.key));
    if (line.outcome === 'done' || !line.ambiguous) sent.delete(line.key);
  }
}

function resultOf(matcher: EventMatcher, oldest: number): AuditCheck {
  const { changes } = matcher;
  const found = changes.flatMap((change) => (change.event === undefined ? [] : [{ change, event: change.event }]));
  const actors = new Map<string, number>();
  for (const { event } of found) actors.set(actorOf(event.actor), (actors.get(actorOf(event.actor)) ?? 0) + 1);
  return {
    confirmed: found.filter(({ event }) => event.isOwn).map(({ change }) => change),
    byOthers: found.filter(({ event }) => !event.isOwn).map(({ change }) => change),
    notFound: changes.filter((change) => change.event === undefined && change.endedAt >= oldest),
    expired: changes.filter((change) => change.event === undefined && change.endedAt < oldest).length,
    unnamed: matcher.unnamed(),
    actors,
  };
}

/** Who caused an event: the label of the key with its owner, or the person. */
export function actorOf({ tokenLabel, email, name, id }: AuditActor): string {
  const person = email ?? name ?? id;
  return tokenLabel === undefined ? person : `${tokenLabel} (key of ${person})`;
}

/** An event as a report keeps it. */
export function keptEvent({ id, time, action, actor }: FoundEvent): NonNullable<Verification['auditEvent']> {
  return { id, time, action, actor: actorOf(actor) };
}
