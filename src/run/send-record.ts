// sendRecord: sends one record's calls, by driving the action's generator, and returns how the record ended.
import { type Answer, type ApiRequest, NotDone } from '../actions/action.ts';
import { actions } from '../actions/action-table.ts';
import { unconfirmedReason } from '../actions/confirm-answer.ts';
import { isAdminRefusal, isVague } from '../actions/requests.ts';
import type { Reply } from '../client/client.ts';
import { StopError } from '../errors.ts';
import type { ErrorDetail } from '../model.ts';
import type { PlannedRecord } from '../plan/verdict.ts';
import { sanitize } from '../text/sanitize.ts';
import { createdResult, isGone, settleLostAnswer } from './lost-answer.ts';
import { brokenOutcome, type Ending, endingOf, type SendContext, type SendState, withCallsDone } from './send-state.ts';
import { destroyed, partDone, readSnapshot, withSnapshot } from './snapshot.ts';

/** Reads what undo needs, then sends all requests of a record in turn. Throws StopError when the run can't continue. */
export async function sendRecord(planned: PlannedRecord, sender: SendContext): Promise<Ending> {
  const state = startState(planned, sender, await readSnapshot(planned, sender));
  return withSnapshot(await sendSteps(state), state, planned.seats);
}

function startState(
  { record, verdict, target, before }: PlannedRecord,
  sender: SendContext,
  snapshotRoles: object | undefined,
): SendState {
  return {
    action: actions[record.action],
    target,
    sender,
    attempts: 0,
    apiMs: 0,
    ambiguous: verdict.verdict === 'run' && verdict.ambiguous,
    snapshotRoles,
    snapshotPerson: before,
    callsDone: 0,
    stepsDone: 0,
  };
}

type Answered = Extract<Reply, { kind: 'answer' }>;

async function sendSteps(state: SendState): Promise<Ending> {
  const { action, target, sender } = state;
  const steps = action.send(target, sender.directory.address);
  let step = steps.next();
  while (!step.done) {
    const reply = await sendStep(step.value, state);
    if (reply.kind !== 'answer') return settleLostAnswer(reply, state);
    if (reply.error !== undefined && (await waitForRole(reply.answer, state))) continue;
    const why = unconfirmedReason(step.value, reply.answer);
    if (why !== undefined) return settleLostAnswer(asLostAnswer(reply, why), state);
    // If one of several calls finds its change already made, the others must still be sent.
    if (reply.error === undefined) state.callsDone += step.value.retry === 'read' ? 0 : 1;
    else if (action.already(reply.answer)) state.alreadyRefusal = reply.error;
    else if (step.value.mayBeRefused !== true) return refused(reply.answer, reply.error, state);
    else state.lastRefusal = reply.error;
    state.stepsDone += 1;
    try {
      step = steps.next(reply.answer);
    } catch (error) {
      return unusable(error, state);
    }
  }
  return completeRecord(step.value, state);
}

/** The revocation of an admin role takes effect within 30 s, as published. Waits up to twice as long. */
const [roleEffectMs, roleCheckMs] = [60_000, 5000];

/** Waits while the API still refuses a person as an admin whose role this run has just revoked. True: send the request again. */
async function waitForRole(answer: Answer, { target, sender }: SendState): Promise<boolean> {
  const endedAt = sender.adminEnded.get(target.accountId ?? '');
  if (endedAt === undefined || !isAdminRefusal(answer) || sender.monotonic() - endedAt > roleEffectMs) return false;
  await sender.sleep(roleCheckMs);
  return true;
}

async function sendStep(request: ApiRequest, state: SendState): Promise<Reply> {
  if (request.retry !== 'read') await state.sender.announce(request.listed);
  try {
    const reply = await state.sender.client.send(request);
    state.attempts += reply.attempts;
    state.apiMs += reply.apiMs;
    state.ambiguous ||= reply.ambiguous;
    if (reply.kind !== 'answer') return reply;
    state.status = reply.answer.status;
    if (reply.answer.requestId !== undefined) state.requestId = reply.answer.requestId;
    return reply;
  } catch (error) {
    if (!(error instanceof StopError)) throw error;
    const { attempts, mayHaveArrived } = error.call;
    throw new StopError(error.kind, error.message, {
      attempts: state.attempts + attempts,
      mayHaveArrived: mayHaveArrived || state.callsDone > 0,
      part: { ...partDone(state), ...(mayHaveArrived ? destroyed(state) : {}) },
    });
  }
}

async function completeRecord(value: unknown, state: SendState): Promise<Ending> {
  const { callsDone, alreadyRefusal, status, ambiguous } = state;
  const result = value ?? (await createdResult(state));
  // After an attempt that may have arrived, "already" is most likely our own change.
  const outcome = alreadyRefusal !== undefined && callsDone === 0 && !ambiguous ? 'already' : 'done';
  return endingOf(outcome, state, {
    ...(status === undefined ? {} : { status }),
    ...(alreadyRefusal === undefined ? {} : { error: alreadyRefusal }),
    ...(result === undefined ? {} : { result }),
  });
}

/** Converts a response to a lost one, because it does not show whether the change was made. */
function asLostAnswer({ attempts, apiMs, error, answer }: Answered, why: string): Exclude<Reply, { kind: 'answer' }> {
  const details = error === undefined ? {} : { error };
  return { kind: 'lost', why: sanitize(why, 500), status: answer.status, attempts, apiMs, ambiguous: true, ...details };
}

async function refused(answer: Answer, error: ErrorDetail, state: SendState): Promise<Ending> {
  const { status = 0, action } = state;
  if (action.retry === 'removal' && isVague(answer) && (await isGone(state))) {
    const message = `${error.detail ?? error.title ?? 'HTTP 404'}; the directory was read, and it is not there`;
    return endingOf(state.ambiguous ? 'done' : 'already', state, { status, error, message });
  }
  const message = withCallsDone(error.detail ?? error.title ?? `HTTP ${status}`, state);
  return endingOf(brokenOutcome(state), state, { status, error, message });
}

/** The ending after a response that does not confirm the change, or that the action can't use. Rethrows unexpected errors. */
function unusable(error: unknown, state: SendState): Promise<Ending> | Ending {
  const { status = 0, action, lastRefusal } = state;
  if (error instanceof NotDone) {
    const [{ outcome, result }, message] = [error, sanitize(error.message, 500)];
    const details = { status, ...(lastRefusal === undefined ? {} : { error: lastRefusal }) };
    if (outcome === 'unclear')
      return settleLostAnswer(
        { kind: 'lost', why: message, attempts: 0, apiMs: 0, ambiguous: true, ...details },
        state,
      );
    if (outcome === 'failed') state.callsDone = 0;
    const ended = outcome === 'refused' ? brokenOutcome(state) : outcome;
    const kept = { message, ...(result === undefined ? {} : { result }) };
    return endingOf(ended, state, outcome === 'refused' ? { ...details, ...kept } : { status, ...kept });
  }
  if (!(error instanceof TypeError)) throw error;
  return endingOf(action.retry === 'creation' ? 'unknown' : 'failed', state, { status, message: error.message });
}
