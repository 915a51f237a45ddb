// One record's calls: drives the action's generator through the client and says how the record ended.
import { type Action, type ApiRequest, NotDone, type Target } from '../actions/action.ts';
import { actions } from '../actions/table.ts';
import type { Client, Reply } from '../client/client.ts';
import { sanitize } from '../text/sanitize.ts';
import type { Directory } from '../directory/directory.ts';
import { StopError } from '../errors.ts';
import { factsOf, type PlannedRecord } from '../plan/verdict.ts';
import { type ErrorDetail, foldName, type Outcome } from '../model.ts';

/** Time is measured by whoever calls. */
export type Ending = Omit<Outcome, 'ms'>;

export interface SendContext {
  readonly client: Client;
  readonly directory: Directory;
  sleep(ms: number): Promise<void>;
}

interface SendState {
  readonly action: Action;
  readonly target: Target;
  readonly sender: SendContext;
  attempts: number;
  ambiguous: boolean;
  /** What undo wants to know, read before the first call. */
  readonly snapshotRoles: object | undefined;
  /** What the call destroys. */
  readonly snapshotPerson: PlannedRecord['before'];
  /** Calls of the record that have gone through. */
  callsDone: number;
  /** Those, and the ones that found their part done. */
  stepsDone: number;
  status?: number;
  /** The last refusal that says that the wished state was there before. */
  alreadyRefusal?: ErrorDetail;
  requestId?: string;
}

/** Looks at what undo wants to know, then sends all requests of a record in turn. Throws StopError when the run can't go on. */
export async function sendRecord(planned: PlannedRecord, sender: SendContext): Promise<Ending> {
  return sendSteps(planned, sender, await readSnapshot(planned, sender));
}

/** What the action reads before it changes something. The row can do without: a refusal says only that nothing is known. */
async function readSnapshot(planned: PlannedRecord, { client, directory }: SendContext): Promise<object | undefined> {
  const { record, target, verdict } = planned;
  const action = actions[record.action];
  // After a run that broke off, what is there may be its doing. Whoever is still to be removed has their roles from before.
  if (verdict.verdict === 'run' && verdict.ambiguous && action.snapshots === undefined) return undefined;
  const steps = action.readBefore?.(target, directory.address);
  if (steps === undefined) return undefined;
  try {
    let step = steps.next();
    while (!step.done) {
      const reply = await client.send(step.value);
      step = steps.next(reply.kind === 'answer' ? reply.answer : { status: 0, body: undefined });
    }
    return step.value;
  } catch (error) {
    // A read that met the end of the run may have arrived, but nothing of the change has left.
    throw error instanceof StopError ? new StopError(error.kind, error.message) : error;
  }
}

async function sendSteps(planned: PlannedRecord, sender: SendContext, seen: object | undefined): Promise<Ending> {
  const action = actions[planned.record.action];
  const ambiguous = planned.verdict.verdict === 'run' && planned.verdict.ambiguous;
  const { target, before } = planned;
  const course: SendState = {
    action,
    target,
    sender,
    attempts: 0,
    ambiguous,
    snapshotRoles: seen,
    snapshotPerson: before,
    callsDone: 0,
    stepsDone: 0,
  };
  const steps = action.send(target, sender.directory.address);
  let step = steps.next();
  while (!step.done) {
    const reply = await sendStep(step.value, course);
    if (reply.kind !== 'answer') return withSnapshot(await unanswered(reply, course), course, planned.seats);
    // One of several calls may find its part done; the others are still to be made.
    if (reply.error === undefined) course.callsDone += 1;
    else if (action.already(reply.answer)) course.alreadyRefusal = reply.error;
    else return withSnapshot(refused(reply.error, course), course, planned.seats);
    course.stepsDone += 1;
    try {
      step = steps.next(reply.answer);
    } catch (error) {
      return withSnapshot(await unusable(error, course), course, planned.seats);
    }
  }
  return withSnapshot(await completeRecord(step.value, course), course, planned.seats);
}

async function sendStep(request: ApiRequest, course: SendState): Promise<Reply> {
  try {
    const reply = await course.sender.client.send(request);
    course.attempts += reply.attempts;
    course.ambiguous ||= reply.ambiguous;
    if (reply.kind !== 'answer') return reply;
    course.status = reply.answer.status;
    if (reply.answer.requestId !== undefined) course.requestId = reply.answer.requestId;
    return reply;
  } catch (error) {
    if (!(error instanceof StopError)) throw error;
    const { attempts, mayHaveArrived } = error.call;
    throw new StopError(error.kind, error.message, {
      attempts: course.attempts + attempts,
      mayHaveArrived: mayHaveArrived || course.callsDone > 0,
      part: { ...partOf(course), ...(mayHaveArrived ? destroyed(course) : {}) },
    });
  }
}

async function completeRecord(value: unknown, course: SendState): Promise<Ending> {
  const { callsDone: made, alreadyRefusal: held, status, ambiguous } = course;
  const result = value ?? (await ifReadable(createdResult(course)));
  // After an attempt that may have arrived, "already" is most likely our own doing.
  const outcome = held !== undefined && made === 0 && !ambiguous ? 'already' : 'done';
  return endingOf(outcome, course, {
    ...(status === undefined ? {} : { status }),
    ...(held === undefined ? {} : { error: held }),
    ...(result === undefined ? {} : { result }),
  });
}

/** How a record ends that was not carried through: what it has made before must not be made twice. */
function broken(course: SendState): 'failed' | 'unknown' {
  return course.action.retry === 'creation' && course.callsDone > 0 ? 'unknown' : 'failed';
}

function partly(message: string, { callsDone: made }: SendState): string {
  return made === 0 ? message : `${message}; ${made} of the row's calls had gone through before`;
}

function endingOf(outcome: Outcome['outcome'], course: SendState, more: Partial<Ending> = {}): Ending {
  const { attempts, ambiguous, requestId } = course;
  return { outcome, attempts, ambiguous, ...(requestId === undefined ? {} : { requestId }), ...more };
}

/** What the result of a row that broke off says of its calls before that, for undo: how many of them, from the first, hold. */
function partOf({ callsDone: made, stepsDone: settled, snapshotRoles: seen }: SendState): object {
  return made === 0 ? {} : { ...seen, made: settled };
}

/** What the call destroyed. */
function destroyed({ snapshotPerson: before, snapshotRoles: seen }: SendState): object {
  return before === undefined ? {} : { ...seen, before };
}

/** Beside the result of a change, or of what may be one, stands what was before, and when the person was last seen. */
function withSnapshot(ending: Ending, course: SendState, seats: PlannedRecord['seats'] = []): Ending {
  const { outcome, ambiguous, result } = ending;
  const dates = seats.flatMap(({ lastActive: at }) => at ?? []).toSorted();
  const mayBe = outcome === 'done' || outcome === 'unknown' || ambiguous;
  const kept = {
    ...(outcome === 'done' ? course.snapshotRoles : {}),
    ...(outcome === 'failed' ? partOf(course) : {}),
    ...(mayBe ? destroyed(course) : {}),
    ...(mayBe && dates.length > 0 ? { lastActive: dates.at(-1) } : {}),
  };
  return Object.keys(kept).length === 0
    ? ending
    : { ...ending, result: { ...(result as object | undefined), ...kept } };
}

function refused(error: ErrorDetail, course: SendState): Ending {
  const { status = 0 } = course;
  const message = partly(error.detail ?? error.title ?? `HTTP ${status}`, course);
  return endingOf(broken(course), course, { status, error, message });
}

/** An answer that does not confirm the change, or that the action can't use. An unforeseen error goes on up. */
async function unusable(error: unknown, course: SendState): Promise<Ending> {
  const { status = 0, action } = course;
  if (error instanceof NotDone) {
    const [{ outcome, result }, message] = [error, sanitize(error.message, 500)];
    if (outcome === 'unclear')
      return await unanswered({ kind: 'lost', why: message, status, attempts: 0, ambiguous: true }, course);
    if (outcome === 'failed') course.callsDone = 0;
    return endingOf(outcome, course, { status, message, ...(result === undefined ? {} : { result }) });
  }
  if (!(error instanceof TypeError)) throw error;
  return endingOf(action.retry === 'creation' ? 'unknown' : 'failed', course, { status, message: error.message });
}

/** A call without a usable answer is settled by reading where that can tell; a creation is never repeated on a guess. */
async function unanswered(reply: Exclude<Reply, { kind: 'answer' }>, course: SendState): Promise<Ending> {
  const status = reply.kind === 'lost' && reply.status !== undefined ? { status: reply.status } : {};
  const error = reply.kind === 'lost' && reply.error !== undefined ? { error: reply.error } : {};
  if (reply.kind === 'unsent' && !course.ambiguous)
    return endingOf(broken(course), course, { message: partly(reply.why, course) });
  course.ambiguous = true;
  const details = { ...status, ...error, message: reply.why };
  if (course.action.risk === 'reads') return endingOf('failed', { ...course, ambiguous: false }, details);
  if ((await ifReadable(arrived(course, course.snapshotPerson !== undefined))) === true)
    return endingOf('done', course, { ...details, message: `${reply.why}; found in the wished state` });
  return endingOf(course.action.retry === 'creation' ? 'unknown' : 'failed', course, details);
}

/** What a look afterwards says, or undefined when the run can't go on: how the call itself ended is known all the same. */
async function ifReadable<T>(look: Promise<T>): Promise<T | undefined> {
  try {
    return await look;
  } catch (error) {
    if (error instanceof StopError) return undefined;
    throw error;
  }
}

/** Reads again. Somebody who was not to be seen before says nothing by not being seen now. */
async function arrived({ action, target, sender }: SendState, wasSeen: boolean): Promise<boolean | undefined> {
  const found = await sender.directory.lookUp({
    emails: new Set(target.accountId === undefined && target.email !== undefined ? [target.email] : []),
    accountIds: new Set(target.accountId === undefined ? [] : [target.accountId]),
    groupNames: new Set(
      target.groupName === undefined ? [] : [(sender.directory.forget(target.groupName), foldName(target.groupName))],
    ),
    memberships: action.needs.includes('group'),
    products: false,
  });
  const ref = target.accountId ?? target.email;
  const person =
    ref === undefined || found.refused.has(ref)
      ? undefined
      : (found.people.get(ref) ?? (wasSeen || action.needs.includes('email') ? null : undefined));
  const group = target.groupName === undefined ? undefined : (found.groups.get(foldName(target.groupName)) ?? null);
  const facts = factsOf({ person, group }, target);
  return action.didArrive?.(facts, target) ?? action.isDone(facts, target);
}

/** How often a group just made is looked for, a second apart: the directory may show it late. */
const looks = 30;

/** The id of a group that was made, or was there, when the answer did not hold it (v2). */
async function createdResult({ action, target, sender }: SendState): Promise<{ groupId: string } | undefined> {
  if (action.createsGroup !== 'group' || target.groupName === undefined) return undefined;
  const name = foldName(target.groupName);
  for (let look = 0; look < looks; look += 1) {
    if (look > 0) await sender.sleep(1000);
    sender.directory.forget(name);
    const wanted = {
      emails: new Set<string>(),
      accountIds: new Set<string>(),
      groupNames: new Set([name]),
      memberships: false,
      products: false,
    };
    const group = (await sender.directory.lookUp(wanted)).groups.get(name);
    if (group !== undefined) return { groupId: group.groupId };
  }
  return undefined;
}
