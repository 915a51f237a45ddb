// EventMatcher: finds the audit log event of each change. Pure. An event confirms at most one change.
import { actions } from '../../actions/action-table.ts';
import type { AuditEvent, TimeRange } from '../../directory/read-audit-log.ts';
import { type ActionName, foldName, subjectOf } from '../../model.ts';
import type { RowLine } from '../../report/events.ts';
import { isCalled, wordsOfEvent } from './event-words.ts';
import { KeyTable } from '../../storage/key-table.ts';

/** Clocks differ, and some changes are carried out later: removals are queued, roles take 30 s. */
const [earlyMs, lateMs] = [5 * 60_000, 30 * 60_000];

/** An event without its subjects, as stored per change. */
export interface FoundEvent extends Pick<AuditEvent, 'id' | 'time' | 'action' | 'actor'> {
  /** Caused by the run's own key. */
  readonly isOwn: boolean;
}

/** A reported change and its event in the log. */
export interface Change {
  readonly key: string;
  readonly runId: string;
  readonly row: number;
  readonly file: string;
  readonly line: number;
  readonly action: ActionName;
  readonly who: string;
  /** Epoch ms between which the calls were made. */
  readonly sentAt: number;
  readonly endedAt: number;
  /** Folded names; a matching event must have one of them. */
  readonly person: string | undefined;
  readonly group: string | undefined;
  /** The event that shows it. */
  event?: FoundEvent;
  /** An event of another kind about the same person or group at that time. */
  similar?: FoundEvent;
}

export interface MatchOptions {
  /** What the organization calls its events, by action. */
  readonly names: ReadonlyMap<string, string>;
  /** The label of the run's key; undefined accepts every actor. */
  readonly keyLabel: string | undefined;
}

/** Collects the changes first, then takes the events in any order. */
export class EventMatcher {
  readonly #options: MatchOptions;
  readonly #changes = new Map<string, Change>();
  readonly #bySubject = new Map<string, Change[]>();
  /** Processed events; a log may deliver one twice, under two ids. */
  readonly #taken = new KeyTable();
  /** Each actor once: a run has one, or a few. */
  readonly #actors = new Map<string, AuditEvent['actor']>();
  readonly #words = new Map<string, string>();

  constructor(options: MatchOptions) {
    this.#options = options;
  }

  /** Adds a completed row. `sentAt` is the time of its `row-sent`, if known. */
  addRow(line: RowLine, sentAt: number | undefined): void {
    if (line.action === null || actions[line.action].loggedAs === undefined) return;
    const change = changeOf(line, line.action, sentAt);
    const [subject, before] = [subjectKey(change), this.#changes.get(change.key)];
    const same = this.#bySubject.get(subject) ?? [];
    this.#changes.set(change.key, change);
    this.#bySubject.set(subject, before === undefined ? same : same.filter((each) => each !== before));
    this.#bySubject.get(subject)?.push(change);
  }

  /** In the order of the report. */
  get changes(): readonly Change[] {
    return [...this.#changes.values()];
  }

  /** The time ranges to search for events, merged where they overlap, earliest first. */
  ranges(): TimeRange[] {
    const all = this.changes
      .map(({ sentAt, endedAt }) => ({ from: sentAt - earlyMs, to: endedAt + lateMs }))
      .toSorted((a, b) => a.from - b.from);
    const merged: { from: number; to: number }[] = [];
    for (const { from, to } of all) {
      const last = merged.at(-1);
      if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
      else merged.push({ from, to });
    }
    return merged;
  }

  /** Assigns an event to the nearest matching change that has no event, or only one by another actor. */
  addEvent(event: AuditEvent): void {
    const time = Date.parse(event.time);
    const about = [...event.subjects]
      .flatMap((subject) => this.#bySubject.get(subject) ?? [])
      .filter((change) => isAbout(change, event) && distance(change, time) < Number.POSITIVE_INFINITY);
    if (about.length === 0 || this.#isRepeated(event)) return;
    const fitting = about.filter(({ action }) => isCalled(this.#wordsOf(event.action), actions[action].loggedAs));
    if (fitting.length === 0) {
      for (const change of about) change.similar ??= this.#found(event);
      return;
    }
    const found = this.#found(event);
    const [nearest] = fitting
      .filter((change) => change.event === undefined || (found.isOwn && !change.event.isOwn))
      .toSorted((a, b) => distance(a, time) - distance(b, time));
    if (nearest !== undefined) nearest.event = found;
  }

  #found({ id, time, action, actor }: AuditEvent): FoundEvent {
    const { keyLabel } = this.#options;
    const key = JSON.stringify(actor);
    const storedActor = this.#actors.get(key) ?? actor;
    this.#actors.set(key, storedActor);
    return { id, time, action, actor: storedActor, isOwn: keyLabel === undefined || actor.tokenLabel === keyLabel };
  }

  /** Actions of the run without a matching kind of event, whose changes can't be found. */
  unnamed(): ActionName[] {
    const words = [...this.#options.names.keys()].map((action) => this.#wordsOf(action));
    const used = new Set(this.changes.map(({ action }) => action));
    return [...used].filter((action) => !words.some((each) => isCalled(each, actions[action].loggedAs)));
  }

  #isRepeated({ time, action, actor, subjects }: AuditEvent): boolean {
    const signature = JSON.stringify([time, action, actor.id, [...subjects].toSorted()]);
    const isTaken = this.#taken.get(signature) !== 0;
    this.#taken.set(signature, 1);
    return isTaken;
  }

  /** The words of an event's display name and id, in lower case. */
  #wordsOf(action: string): string {
    const cachedWords = this.#words.get(action);
    if (cachedWords !== undefined) return cachedWords;
    const words = wordsOfEvent(action, this.#options.names.get(action));
    this.#words.set(action, words);
    return words;
  }
}

function subjectKey({ person, group }: Change): string {
  return person ?? group ?? '';
}

function changeOf(line: RowLine, action: ActionName, sentAt: number | undefined): Change {
  const { key, runId, row, file, line: place, accountId, email, groupId, groupName } = line;
  const endedAt = Date.parse(line.time);
  const [person, group] = [accountId ?? email, groupId ?? groupName].map((name) =>
    name === null ? undefined : foldName(name),
  );
  const times = { sentAt: sentAt ?? endedAt - line.ms, endedAt };
  return { key, runId, row, file, line: place, action, who: subjectOf(line), ...times, person, group };
}

/** An event about a membership must name the group too, if it names any. */
function isAbout({ person, group }: Change, { subjects, groups }: AuditEvent): boolean {
  if (person !== undefined && !subjects.has(person)) return false;
  if (group === undefined) return person !== undefined;
  return subjects.has(group) || (person !== undefined && groups.size === 0);
}

/** Ms between the calls of a change and an event; infinite outside the time range. */
function distance({ sentAt, endedAt }: Change, time: number): number {
  if (time < sentAt - earlyMs || time > endedAt + lateMs) return Number.POSITIVE_INFINITY;
  return Math.max(0, sentAt - time, time - endedAt);
}
