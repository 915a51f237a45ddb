// Executes a confirmed plan: opens and ends the journal, handles signals, shows progress, returns the exit code.
import type { SignalName } from '../context.ts';
import { exitCodes, type LeaversError, StopError } from '../errors.ts';
import type { OutcomeName } from '../model.ts';
import type { Journal } from '../report/journal/journal.ts';
import type { RunEnd, RunStart } from '../report/events.ts';
import { type RunResult, type RunnerOptions, runPlan } from './runner.ts';
import type { PlanEntry } from '../plan/plan-entry.ts';

/** How a run ended: its last line, and what stopped it. */
export interface ExecutedPlan {
  readonly end: RunEnd;
  readonly error: LeaversError | undefined;
  readonly exitCode: number;
}

export interface ExecuteOptions {
  readonly start: RunStart;
  readonly journal: Journal;
  readonly world: Omit<RunnerOptions, 'journal'>;
  /** Rows that are `unknown` from earlier runs and that this run does not send. */
  readonly pastUnknown: number;
  /** The signal that asked to stop, if any. */
  readonly signal: () => SignalName | undefined;
}

/** Writes `run-start`, runs the plan, and always writes `run-end`. */
export async function executePlan(
  entries: Iterable<PlanEntry>,
  { start, journal, world: options, signal, pastUnknown }: ExecuteOptions,
): Promise<ExecutedPlan> {
  const from = options.monotonic();
  // Stops calls that still wait for a permit, because their outcome could not be recorded.
  journal.onFailure((error) => options.client.stop(new StopError('disk', error.message)));
  await journal.append(start);
  const result = await runPlan(entries, { ...options, journal });
  const { usage } = options.client;
  const end: RunEnd = {
    event: 'run-end',
    outcome: result.stopped?.outcome ?? 'complete',
    reason: result.stopped?.reason ?? null,
    counts: result.counts,
    requests: usage.requests,
    throttled: usage.throttled,
    throttledMs: Math.round(usage.throttledMs),
    waits: usage.waits,
    seconds: Math.round(options.monotonic() - from) / 1000,
    ...(result.unsent.length === 0 ? {} : { unsent: result.unsent }),
    ...(result.leftOut.rows === 0 ? {} : { leftOut: result.leftOut.rows }),
  };
  // The journal remembers the failure, which ends the run below.
  if (journal.failure === undefined) await journal.append(end).catch(() => {});
  const error = journal.failure ?? result.stopped?.error;
  return { end, error, exitCode: exitCodeOf(result, error, { signal: signal(), pastUnknown }) };
}

function exitCodeOf(
  { counts, stopped, leftOut }: RunResult,
  error: LeaversError | undefined,
  { signal, pastUnknown }: { signal: SignalName | undefined; pastUnknown: number },
): number {
  if (signal !== undefined) return exitCodes[signal];
  if (error !== undefined) return exitCodes[error.kind];
  if (stopped !== undefined) return exitCodes.SIGTERM;
  const total = (name: OutcomeName) => Object.values(counts).reduce((sum, each) => sum + (each[name] ?? 0), 0);
  if (total('unknown') + pastUnknown > 0) return exitCodes.unknown;
  if (total('failed') + total('invalid') > 0) return exitCodes.failed;
  return leftOut.isNew ? exitCodes.leftOut : exitCodes.ok;
}
