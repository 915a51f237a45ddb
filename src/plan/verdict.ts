// `planRow`: a record, the look-up and earlier outcomes → a verdict. Pure: no call, no clock, no file.
import type { AccountFacts } from '../directory/managed-accounts.ts';
import { noAccount, unmanaged } from './verdicts/account-verdicts.ts';
import { type Gone, goneByReport, notFoundVerdict } from './verdicts/not-found-verdict.ts';
import { notInactive } from './inactivity.ts';
import { targetOf } from './resolve-target.ts';
import { utcMinute } from '../text/phrases.ts';
import { stateBefore } from '../actions/state-before.ts';
import type { StateFacts, Target } from '../actions/action.ts';
import { actions } from '../actions/action-table.ts';
import { isChange, protection } from './guards.ts';
import { isRelease, releasedSeats, type Seat, type SeatSources } from './seats/released-seats.ts';
import type { GuardSettings } from '../config/settings.ts';
import {
  type Activity,
  foldName,
  type Group,
  type JobRecord,
  type OutcomeName,
  type Person,
  type Refused,
  type SkipReason,
} from '../model.ts';

/** The decision about a record. `run` makes calls; the others are reported without a call. */
export type Verdict =
  /** With a message when the API will probably refuse it. */
  | { readonly verdict: 'run'; readonly ambiguous: boolean; readonly message?: string }
  | { readonly verdict: 'already'; readonly message?: string }
  | { readonly verdict: 'settled'; readonly message: string }
  | { readonly verdict: 'unknown'; readonly message: string }
  | ({ readonly verdict: 'failed'; readonly message: string } & Refused)
  | { readonly verdict: 'held'; readonly message: string }
  | { readonly verdict: 'skip'; readonly reason: SkipReason; readonly message?: string };

/** A record with its verdict and everything that the run needs: resolved ids, and the state before. */
export interface PlannedRecord {
  readonly record: JobRecord;
  readonly target: Target;
  readonly verdict: Verdict;
  /** An earlier run sent the record, and its outcome is unknown. */
  readonly sentBefore?: boolean;
  /** The person's name in the directory, for people who review the plan. */
  readonly displayName?: string;
  /** The state that a removal destroys, for undo. */
  readonly before?: Partial<Pick<Person, 'email' | 'groups' | 'products' | 'platformRoles' | 'status'>>;
  /** Seats that the record frees, or frees a part of. */
  readonly seats?: readonly Seat[];
  /** Folded names of groups that earlier records of this run create. */
  readonly pendingGroups?: readonly string[];
}

/** The look-up for one record. Null: does not exist. Undefined: not looked up. */
export interface LookupResult {
  readonly person: Person | null | undefined;
  readonly group: Group | null | undefined;
  /** Ids of the groups of an invitation by their name or id; null for one that an earlier record of this run creates. */
  readonly groupIds: ReadonlyMap<string, string | null | undefined>;
  /** The row's own group and those of an invitation, as far as they were read. */
  readonly groups?: readonly Group[];
  /** Ids that share an e-mail or a folded group name. */
  readonly several?: ReadonlyMap<string, readonly string[]>;
  /** The API refuses to search for the person. */
  readonly refused?: Refused;
  /** Why the id and name of the row do not belong together; undefined when they do. */
  readonly mismatch?: string | undefined;
  /** Last activity, when the record has a condition on it; `unread` when reading failed. */
  readonly activity: Activity | 'unread' | undefined;
  /** Groups and roles that give access to the products that the record releases. */
  readonly seatSources?: SeatSources;
  /** The managed account, when the action is about it. */
  readonly account?: AccountFacts | undefined;
  /** The API shows who is an organization admin (v2). */
  readonly showsAdmins?: boolean;
  /** What rows of the same report have removed or deleted. */
  readonly gone?: Gone | undefined;
  /** An earlier record of this run creates the group. */
  readonly created: boolean;
  /** `lost`: an earlier run sent the row and its outcome is unknown; `retry`: the same, with --retry-unknown. */
  readonly sent: 'no' | 'lost' | 'retry';
  readonly now: number;
}

/** Whether a resumed run skips a row because of its earlier outcome. */
export function isFinished(outcome: OutcomeName | undefined, retryUnknown: boolean): boolean {
  return outcome === 'done' || outcome === 'already' || (outcome === 'unknown' && !retryUnknown);
}

/** The verdict of one record, by the first rule that applies. */
export function planRow(record: JobRecord, lookup: LookupResult, guards: GuardSettings): PlannedRecord {
  const target = targetOf(record, lookup);
  const { verdict, awaits } = decideVerdict(record, { lookup, target, guards });
  const { snapshots: kept, freesSeat: frees } = actions[record.action];
  const keeps = kept === 'person' && lookup.person;
  return {
    record,
    target,
    verdict,
    ...(lookup.sent === 'no' ? {} : { sentBefore: true }),
    ...(lookup.person?.name === undefined ? {} : { displayName: lookup.person.name }),
    ...(keeps ? { before: stateBefore(keeps) } : {}),
    ...(frees === 'seats' ? seatsOf(lookup) : {}),
    ...(isRelease(record) ? { seats: releasedSeats(record, target, lookup) } : {}),
    ...(awaits === undefined ? {} : { pendingGroups: awaits }),
  };
}

/** The person's products, from the search or else from the activity. */
function seatsOf({ person, activity }: LookupResult): Pick<PlannedRecord, 'seats'> | undefined {
  const active = typeof activity === 'object' ? activity.products : undefined;
  const seats = person?.products ?? active ?? person?.shownProducts;
  return seats && { seats };
}

interface Case {
  readonly lookup: LookupResult;
  readonly target: Target;
  readonly guards: GuardSettings;
}

function decideVerdict(
  record: JobRecord,
  { lookup, target, guards }: Case,
): { verdict: Verdict; awaits?: readonly string[] } {
  const awaits = pendingGroupsOf(record, lookup);
  const missing = notFound(record, lookup);
  const verdict =
    // First, because a person may be missing as a result of the call with the lost response.
    checkLostAnswer(record, lookup, target) ??
    notDue(record, lookup.now) ??
    lookupProblem(lookup) ??
    goneByReport(record, lookup) ??
    (missing === undefined ? undefined : notFoundVerdict(missing, record, lookup)) ??
    (isChange(record.action) ? protectedVerdict(record, { lookup, target }, guards) : undefined) ??
    stillActive(record, lookup) ??
    noAccount(record.fields, lookup.account) ??
    // A group that this run creates has no state yet.
    (awaits.length > 0 ? undefined : checkAlready(record, lookup, target)) ??
    unmanaged(actions[record.action], lookup.account) ??
    toRun(record, lookup);
  return awaits.length === 0 ? { verdict } : { verdict, awaits };
}

/** A row that the API will probably refuse is sent even so, because only its response is certain. */
function toRun({ action }: JobRecord, { groups = [], sent }: LookupResult): Verdict {
  const refusals = groups.map((group) => actions[action].refusal?.(group));
  const first = refusals.find((why) => why !== undefined);
  const message = first === undefined ? {} : { message: `the API will refuse this: ${first}` };
  return { verdict: 'run', ambiguous: sent !== 'no', ...message };
}

/** Folded names of the groups that the record needs and an earlier one creates. */
function pendingGroupsOf({ action, fields }: JobRecord, { group, groupIds, created }: LookupResult): string[] {
  const own = actions[action].needs.includes('group') && group === null && created ? [fields.groupName ?? ''] : [];
  return [...own, ...(fields.groups ?? []).filter((name) => groupIds.get(name) === null)].map(foldName);
}

function notDue(record: JobRecord, now: number): Verdict | undefined {
  const due = record.fields.notBefore;
  return due !== undefined && Date.parse(due) > now
    ? { verdict: 'held', message: `not before ${utcMinute(due)}` }
    : undefined;
}

/** Skips a mismatched row, and fails a row whose person or group the API refuses to search for, because it may be protected. */
function lookupProblem({ mismatch, refused }: LookupResult): Verdict | undefined {
  if (mismatch !== undefined) return { verdict: 'skip', reason: 'mismatch', message: mismatch };
  if (refused === undefined) return undefined;
  const { detail, title = `HTTP ${refused.status}` } = refused.error;
  return { verdict: 'failed', message: `the directory refuses this name: ${detail ?? title}`, ...refused };
}

/** The e-mail or name that matches nobody, or several. */
function notFound(
  { action, fields }: JobRecord,
  { person, group, groupIds, created }: LookupResult,
): string | undefined {
  const { needs } = actions[action];
  if (needs.includes('user') && person === null) return fields.accountId ?? fields.email;
  if (needs.includes('group') && fields.groupId === undefined && group === null && !created) return fields.groupName;
  return fields.groups?.find((name) => groupIds.get(name) === undefined);
}

type Identified = Pick<Case, 'lookup' | 'target'>;

function protectedVerdict(
  record: JobRecord,
  { lookup, target }: Identified,
  guards: GuardSettings,
): Verdict | undefined {
  const { action, fields } = record;
  const { person, group, showsAdmins: tellsAdmins } = lookup;
  const isAboutPerson = tellsAdmins === true && actions[action].needs.includes('user');
  const people = [fields.accountId, fields.email, person?.accountId, person?.email];
  const groups = [fields.groupId, fields.groupName, group?.groupId, group?.name];
  const invited = [...(fields.groups ?? []), ...(target.groups ?? [])];
  const found = protection(
    { people, groups: [...groups, ...invited], admin: person?.admin, tellsAdmins: isAboutPerson },
    guards,
  );
  return found === undefined ? undefined : { verdict: 'skip', ...found };
}

/** Skips a row with `onlyIfInactiveDays` unless the person is certainly inactive. */
function stillActive({ fields }: JobRecord, { person, activity, now }: LookupResult): Verdict | undefined {
  const { onlyIfInactiveDays: days, products } = fields;
  if (days === undefined) return undefined;
  const message = notInactive({ person: person ?? undefined, activity, products, days, now });
  return message === undefined ? undefined : { verdict: 'skip', reason: 'active', message };
}

/** Decides a record whose response an earlier run lost: by the current state, or as `unknown` if a repetition is not safe. */
function checkLostAnswer(record: JobRecord, lookup: LookupResult, target: Target): Verdict | undefined {
  if (lookup.sent === 'no') return undefined;
  const action = actions[record.action];
  const facts = factsOf(lookup, target);
  const arrived = action.didArrive?.(facts, target) ?? action.isDone(facts, target);
  if (arrived === true) return { verdict: 'settled', message: 'sent by an earlier run; found in the desired state' };
  if (action.retry !== 'creation' || lookup.sent === 'retry') return undefined;
  const message = 'sent by a run that was cut off; it may have arrived, and repeating it is not safe';
  return { verdict: 'unknown', message };
}

/** `already` if the current state is the desired one. */
function checkAlready(record: JobRecord, lookup: LookupResult, target: Target): Verdict | undefined {
  if (lookup.sent !== 'no') return undefined;
  return actions[record.action].isDone(factsOf(lookup, target), target) === true ? { verdict: 'already' } : undefined;
}

/** The look-up as StateFacts. */
export function factsOf(lookup: Pick<LookupResult, 'person' | 'group' | 'account'>, target: Target): StateFacts {
  const { person, group, account } = lookup;
  const wanted = target.groupId?.toLowerCase();
  const member = person?.groups?.some(({ id }) => id.toLowerCase() === wanted);
  return {
    ...(person === undefined ? {} : { person }),
    ...(group === undefined ? {} : { group }),
    ...(account?.tokens === undefined ? {} : { tokens: account.tokens }),
    ...(member === undefined || target.groupId === undefined ? {} : { member }),
  };
}
