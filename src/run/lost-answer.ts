// Reads the current state to find what a response did not show: whether a lost call took effect, and the id of a created group.
import type { Reply } from '../client/client.ts';
import { StopError } from '../errors.ts';
import { foldName } from '../model.ts';
import { factsOf } from '../plan/verdict.ts';
import { brokenOutcome, type Ending, endingOf, type SendState, withCallsDone } from './send-state.ts';

/** The ending of a record whose call had no usable response. A creation is never repeated on a guess. */
export async function settleLostAnswer(reply: Exclude<Reply, { kind: 'answer' }>, state: SendState): Promise<Ending> {
  const status = reply.kind === 'lost' && reply.status !== undefined ? { status: reply.status } : {};
  const error = reply.kind === 'lost' && reply.error !== undefined ? { error: reply.error } : {};
  if (reply.kind === 'unsent' && !state.ambiguous)
    return endingOf(brokenOutcome(state), state, { message: withCallsDone(reply.why, state) });
  state.ambiguous = true;
  const details = { ...status, ...error, message: reply.why };
  if (state.action.risk === 'reads') return endingOf('failed', { ...state, ambiguous: false }, details);
  if ((await ifReadable(didArrive(state, state.snapshotPerson !== undefined))) === true)
    return endingOf('done', state, { ...details, message: `${reply.why}; found in the desired state` });
  return endingOf(state.action.retry === 'creation' ? 'unknown' : 'failed', state, details);
}

/** The result of a completed record: the group's id is looked up if the response does not have it (v2). */
export function createdResult(state: SendState): Promise<{ groupId: string } | undefined> {
  return ifReadable(createdGroup(state));
}

/** The result of a look-up, or undefined when the run must stop. The call itself has its outcome even so. */
async function ifReadable<T>(readFlag: Promise<T>): Promise<T | undefined> {
  try {
    return await readFlag;
  } catch (error) {
    if (error instanceof StopError) return undefined;
    throw error;
  }
}

/** Whether the thing to remove no longer exists, according to the directory; false when that can't be read. */
export async function isGone({ action, target, sender: { directory } }: SendState): Promise<boolean> {
  const { accountId, groupId } = target;
  const readFlag = async () => {
    const request = { emails: none, groupNames: none, memberships: true, products: false };
    const { people, refused } = await directory.lookUp({
      ...request,
      accountIds: new Set(accountId === undefined ? [] : [accountId]),
    });
    return { people, refused, groups: groupId === undefined ? [] : await directory.groupsById([groupId]) };
  };
  const found = await ifReadable(readFlag());
  if (found === undefined || found.refused.size > 0) return false;
  const person = accountId === undefined ? undefined : (found.people.get(accountId) ?? null);
  const group = groupId === undefined ? undefined : (found.groups[0] ?? null);
  const facts = factsOf({ person, group }, target);
  // A person who does not exist is in no group. A group that does not exist is a mistake in the row.
  const member = group && person === null ? { member: false } : {};
  const state = group === null && accountId !== undefined ? { group } : { ...facts, ...member };
  return (action.didArrive?.(state, target) ?? action.isDone(state, target)) === true;
}

const none: ReadonlySet<string> = new Set();

/** Reads the state again. If the person was not visible before the call, being invisible now proves nothing. */
async function didArrive({ action, target, sender }: SendState, wasSeen: boolean): Promise<boolean | undefined> {
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
  const tokens = await tokensOf(action, target, sender);
  const facts = { ...factsOf({ person, group }, target), ...(tokens === undefined ? {} : { tokens }) };
  return action.didArrive?.(facts, target) ?? action.isDone(facts, target);
}

/** The person's API tokens, for an action about them. */
async function tokensOf(
  { privilege }: SendState['action'],
  { accountId }: SendState['target'],
  { directory }: SendState['sender'],
) {
  return privilege === 'apiToken.delete' && accountId !== undefined ? directory.apiTokens(accountId) : undefined;
}

/** Attempts to find a new group, a second apart, because the directory may show it late. */
const looks = 30;

async function createdGroup({ action, target, sender }: SendState): Promise<{ groupId: string } | undefined> {
  if (action.createsGroup !== 'group' || target.groupName === undefined) return undefined;
  const name = foldName(target.groupName);
  for (let readFlag = 0; readFlag < looks; readFlag += 1) {
    if (readFlag > 0) await sender.sleep(1000);
    sender.directory.forget(name);
    const request = {
      emails: new Set<string>(),
      accountIds: new Set<string>(),
      groupNames: new Set([name]),
      memberships: false,
      products: false,
    };
    const group = (await sender.directory.lookUp(request)).groups.get(name);
    if (group !== undefined) return { groupId: group.groupId };
  }
  return undefined;
}
