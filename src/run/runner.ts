// Planned records → outcomes: p-queue limits how many run at a time, subject-queue.ts keeps the order per subject, and the journal is written before each call.
import PQueue from 'p-queue';
import type { Client } from '../client/client.ts';
import type { Directory } from '../directory/directory.ts';
import { isInterruption, LeaversError, StopError } from '../errors.ts';
import type { Action } from '../actions/action.ts';
import { actions } from '../actions/action-table.ts';
import { isChange } from '../plan/guards.ts';
import type { PlannedRecord } from '../plan/verdict.ts';
import { type ActionName, type ApiToken, foldName, type Outcome, type OutcomeName } from '../model.ts';
import type { ReportEvent, RowEnd } from '../report/events.ts';
import type { ResumeState } from '../report/read/resume-state.ts';
import { SubjectQueue, subjectsOf } from './subject-queue.ts';
import { invalidLine, rowLine } from './report-row.ts';
import { type CountOptions, RunCounts } from './run-counts.ts';
import { withEarlierTokens } from './announced-tokens.ts';
import { sendRecord } from './send-record.ts';
import type { Ending } from './send-state.ts';
import { isUnsent, stoppedEnding } from './stopped-record.ts';
import { endingWithoutCall } from './without-call.ts';
import type { PlanEntry } from '../plan/plan-entry.ts';

/** The journal's interface for the run: the promise resolves when the line is on disk. */
export interface Log {
  append(event: ReportEvent): Promise<void>;
}

export interface RunnerOptions extends CountOptions {
  readonly client: Client;
  readonly directory: Directory;
  readonly journal: Log;
  readonly concurrency: number;
  /** Monotonic ms after which no record is started. */
  readonly deadline: number | undefined;
  /** Aborted by the first signal: no new record is started, open ones are finished. */
  readonly stop: AbortSignal;
  monotonic(): number;
  sleep(ms: number): Promise<void>;
  readonly past: Pick<ResumeState, 'wasLeftOut' | 'listedBefore'>;
  onRow(line: RowEnd): void;
}

/** Why a run ended before its last record. */
export interface Stopped {
  readonly outcome: 'stopped' | 'interrupted';
  readonly reason: string;
  /** Decides the exit code; undefined for an interruption. */
  readonly error?: LeaversError;
}

export interface RunResult {
  readonly counts: Record<string, Partial<Record<OutcomeName, number>>>;
  readonly stopped: Stopped | undefined;
  /** Keys of rows with a `row-sent` line that were never sent. */
  readonly unsent: readonly string[];
  readonly leftOut: RunCounts['leftOut'];
}

/** Most records that wait behind others of the same subject, per open record. */
const waitingPerOpen = 32;
/** Most queued records, per open record. */
const queuedPerOpen = 4;

/** Runs a plan to its end, or to the first reason to stop. Open records are finished and reported. */
export function runPlan(entries: Iterable<PlanEntry>, options: RunnerOptions): Promise<RunResult> {
  return new Runner(options).run(entries);
}

class Runner {
  readonly #world: RunnerOptions;
  readonly #queue: PQueue;
  readonly #subjects = new SubjectQueue();
  /** Ids of groups that this run creates, by folded name; undefined when the creation failed. */
  readonly #created = new Map<string, string | undefined>();
  /** When this run revoked the organization admin role of people, by account id. */
  readonly #adminEnded = new Map<string, number>();
  readonly #counts: RunCounts;
  #stopped: Stopped | undefined;
  readonly #unsent: string[] = [];
  #waiting = 0;
  /** Number of lines being written whose records have already left the queue. */
  #writing = 0;
  #wake: (() => void) | undefined;

  constructor(options: RunnerOptions) {
    this.#world = options;
    this.#counts = new RunCounts(options);
    this.#queue = new PQueue({ concurrency: options.concurrency });
  }

  async run(entries: Iterable<PlanEntry>): Promise<RunResult> {
    const { concurrency } = this.#world;
    for (const entry of entries) {
      this.#checkStops();
      if (this.#stopped !== undefined) break;
      if ('invalid' in entry) {
        await this.#report(invalidLine(entry.invalid)).catch((error: unknown) => this.#crash(error));
        continue;
      }
      this.#enqueue(entry.planned);
      // Waiting costs more than queueing, so a few records are queued at a time.
      if (this.#queue.size >= concurrency * queuedPerOpen) await this.#queue.onSizeLessThan(concurrency);
      while (this.#waiting >= concurrency * waitingPerOpen) await new Promise<void>((wake) => (this.#wake = wake));
    }
    while (this.#waiting > 0) await new Promise<void>((wake) => (this.#wake = wake));
    await this.#queue.onIdle();
    while (this.#writing > 0) await new Promise<void>((wake) => (this.#wake = wake));
    // The last rows may have been in progress when the signal came.
    this.#checkSignal();
    const { byAction: counts, leftOut } = this.#counts;
    return { counts, leftOut, stopped: this.#stopped, unsent: this.#unsent };
  }

  #checkStops(): void {
    const { deadline } = this.#world;
    this.#checkSignal();
    if (deadline !== undefined && this.#world.monotonic() >= deadline)
      this.#stop(new StopError('stopped', '--max-duration has elapsed'));
  }

  #checkSignal(): void {
    const { stop } = this.#world;
    if (stop.aborted) this.#stopped ??= { outcome: 'interrupted', reason: String(stop.reason) };
  }

  #stop(error: LeaversError): void {
    if (isInterruption(error)) this.#stopped ??= { outcome: 'interrupted', reason: error.kind };
    else this.#stopped ??= { outcome: 'stopped', reason: error.message, error };
  }

  #enqueue(planned: PlannedRecord): void {
    const { turn, leave } = this.#subjects.acquire(subjectsOf(planned));
    this.#waiting += 1;
    const queued = async () => {
      await turn;
      const task = this.#queue.add(() => this.#process(planned));
      this.#waiting -= 1;
      this.#wake?.();
      await task;
    };
    queued()
      .catch((error: unknown) => this.#crash(error))
      .finally(leave);
  }

  /** An unexpected error stops the run and is reported as a bug (exit 70). */
  #crash(error: unknown): void {
    const message = `a bug: ${error instanceof Error ? error.message : 'unknown'}`;
    const known = error instanceof LeaversError ? error : new LeaversError('bug', message);
    this.#stop(known);
  }

  async #process(planned: PlannedRecord): Promise<void> {
    this.#checkStops();
    if (this.#stopped !== undefined) return;
    const started = this.#world.monotonic();
    const known = endingWithoutCall(planned, { dryRun: this.#world.dryRun, created: this.#created });
    const sent =
      known === undefined
        ? await this.#send(planned)
        : { target: planned.target, ending: this.#withEarlier(planned, known) };
    // A row that the run did not reach gets no line, so resume runs it normally.
    if (sent === undefined) return;
    const { target, ending } = sent;
    this.#rememberGroup(planned, ending);
    if (ending.outcome === 'done') this.#rememberRole(planned.record.action, target);
    const outcome: Outcome = { ...ending, ms: this.#world.monotonic() - started };
    const written = this.#report(rowLine({ record: planned.record, target }, outcome));
    // The next record may begin: its line follows this one, and its call waits until both are on disk. Records without a call do not wait
    // for anything else and would pile up, so they wait here.
    if (known === undefined) this.#trackWrite(written);
    else await written;
  }

  #trackWrite(written: Promise<void>): void {
    this.#writing += 1;
    written
      .catch((error: unknown) => this.#crash(error))
      .finally(() => {
        this.#writing -= 1;
        this.#wake?.();
      });
  }

  /** Undefined when the run stopped before the first call of the record was sent. */
  async #send(planned: PlannedRecord): Promise<{ target: PlannedRecord['target']; ending: Ending } | undefined> {
    const target = this.#withCreated(planned);
    const { key, row, action } = planned.record;
    const intent: { isWritten: boolean; listed?: readonly ApiToken[] } = { isWritten: false };
    const announce = async (listed?: readonly ApiToken[]) => {
      if (intent.isWritten || !isChange(action)) return;
      Object.assign(intent, { isWritten: true, listed });
      await this.#world.journal.append({ event: 'row-sent', key, row, ...(listed && { listed }) });
    };
    try {
      const sender = { ...this.#world, announce, adminEnded: this.#adminEnded };
      const ending = await sendRecord({ ...planned, target }, sender);
      return { target, ending: this.#withEarlier(planned, ending, intent.listed) };
    } catch (error) {
      if (!(error instanceof StopError)) throw error;
      this.#stop(error);
      if (!isUnsent(error)) return { target, ending: stoppedEnding(planned, error) };
      // A row that an earlier run may have sent stays marked ambiguous.
      const isNew = planned.verdict.verdict === 'run' && !planned.verdict.ambiguous;
      if (intent.isWritten && isNew) this.#unsent.push(key);
      return undefined;
    }
  }

  /** The ending with the tokens that earlier attempts of the row revoked. */
  #withEarlier(planned: PlannedRecord, ending: Ending, now?: readonly ApiToken[]): Ending {
    return withEarlierTokens(planned, ending, { now, before: this.#world.past.listedBefore(planned.record.key) });
  }

  /** The target with the ids of groups that this run has created. */
  #withCreated({ record, target, pendingGroups: awaits = [] }: PlannedRecord): PlannedRecord['target'] {
    const ids = awaits.flatMap((name) => this.#created.get(name) ?? []);
    const [groupId] = ids;
    if (groupId === undefined) return target;
    if (actions[record.action].needs.includes('group')) return { ...target, groupId };
    return { ...target, groups: [...(target.groups ?? []), ...ids] };
  }

  #rememberGroup({ record, target }: PlannedRecord, ending: Ending): void {
    if (actions[record.action].createsGroup !== 'group' || record.fields.groupName === undefined) return;
    const exists = ending.outcome === 'done' || ending.outcome === 'already';
    const groupId = exists
      ? ((ending.result as { groupId?: string } | undefined)?.groupId ?? target.groupId)
      : undefined;
    this.#created.set(foldName(record.fields.groupName), groupId);
    this.#world.directory.forget(record.fields.groupName);
  }

  #rememberRole(name: ActionName, target: PlannedRecord['target']): void {
    const action: Action = actions[name];
    if (action.endsAdmin?.(target) === true && target.accountId !== undefined)
      this.#adminEnded.set(target.accountId, this.#world.monotonic());
  }

  /** Counts a line at once, because the next record checks whether to continue. Resolves when the line is on disk. */
  #report(line: RowEnd): Promise<void> {
    const written = this.#world.journal.append(line);
    const tooMany = this.#counts.add(line);
    this.#world.onRow(line);
    if (tooMany !== undefined) this.#stop(new StopError('stopped', tooMany));
    return written;
  }
}
