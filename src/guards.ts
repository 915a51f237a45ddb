// What is refused and why, as pure functions of counts and settings; asking a person is left to the commands.
import { actions } from './actions/actions.ts';
import type { GuardSettings, Limit } from './options.ts';
import { type ActionName, foldName, type Generation } from './record.ts';

/** A guard that refuses the whole plan. */
export interface Refusal {
  readonly guard: 'allow' | 'max-changes';
  readonly message: string;
}

/** What the guards look at. `people` is the size of the organization, undefined when unknown. */
export interface Changes {
  readonly byAction: Readonly<Partial<Record<ActionName, number>>>;
  readonly people: number | undefined;
}

/** How many of the counted records change something. */
export function changesIn(byAction: Changes['byAction']): number {
  return Object.entries(byAction).reduce((sum, [name, count]) => sum + (isChange(name as ActionName) ? count : 0), 0);
}

/** Reading changes nothing, so no guard looks at it. */
export function isChange(action: ActionName): boolean {
  return actions[action].risk !== 'reads';
}

/** What must be said where the API can't tell who is an organization admin, as v1 can't; else undefined. */
export function adminsUntold(generation: Generation): string | undefined {
  return generation === 'v1'
    ? 'API v1 does not tell who is an organization admin, so none is left out for that; name them with --protect'
    : undefined;
}

/** All refusals of a plan; none means that it may run. */
export function refusals(changes: Changes, guards: GuardSettings): Refusal[] {
  return [...refuseIrreversible(changes, guards), ...refuseTooMany(changes, guards)];
}

function refuseIrreversible({ byAction }: Changes, guards: GuardSettings): Refusal[] {
  const names = Object.keys(byAction) as ActionName[];
  return names
    .filter((name) => byAction[name] && actions[name].risk === 'irreversible' && !guards.allow.includes(name))
    .map((name) => ({
      guard: 'allow',
      message: `refused: ${byAction[name]} × ${name} can't be undone; add --allow ${name} if that is meant`,
    }));
}

function refuseTooMany(changes: Changes, { maxChanges }: GuardSettings): Refusal[] {
  const count = changesIn(changes.byAction);
  if ('count' in maxChanges) {
    if (count <= maxChanges.count) return [];
    const message = `refused: ${count} changes, but --max-changes is ${maxChanges.count}; split the manifest or raise the limit`;
    return [{ guard: 'max-changes', message }];
  }
  if (count === 0) return [];
  if (changes.people === undefined) {
    const message = `refused: --max-changes is ${maxChanges.percent}%, but this API can't tell how many people the organization has; give a number`;
    return [{ guard: 'max-changes', message }];
  }
  if (count * 100 <= maxChanges.percent * changes.people) return [];
  const message = `refused: ${count} changes are more than ${maxChanges.percent}% of ${changes.people} people (--max-changes); split the manifest or raise the limit`;
  return [{ guard: 'max-changes', message }];
}

/** The smallest number of finished rows at which a percentage of failures is looked at. */
const enoughToJudge = 20;

/** A sentence when so many rows failed that going on makes no sense, else undefined. */
export function tooManyFailures(failed: number, finished: number, limit: Limit): string | undefined {
  if ('count' in limit) {
    return failed > limit.count ? `${failed} rows failed, more than --max-failures ${limit.count}` : undefined;
  }
  if (finished < enoughToJudge || failed * 100 <= limit.percent * finished) return undefined;
  return `${failed} of ${finished} rows failed, more than --max-failures ${limit.percent}%`;
}

/** Why a person or group may not be touched. */
export interface Protection {
  readonly reason: 'protected' | 'admin';
  readonly message: string;
}

/** Whom a change is about, by every id, e-mail and name that is known of them. */
export interface Concerned {
  readonly people: readonly (string | undefined)[];
  readonly groups: readonly (string | undefined)[];
  readonly admin: boolean | undefined;
}

/** The protection of whom a change is about; undefined when it may go on. */
export function protection({ people, groups, admin }: Concerned, guards: GuardSettings): Protection | undefined {
  const operator = foldName(guards.operator);
  for (const name of people) {
    const folded = name === undefined ? undefined : foldName(name);
    if (folded === undefined) continue;
    if (folded === operator || guards.operatorIds?.includes(folded))
      return { reason: 'protected', message: 'this is the account that runs leavers' };
    if (guards.protect.has(folded)) return listed(folded);
  }
  for (const name of guards.protect.size === 0 ? [] : groups) {
    const folded = name === undefined ? undefined : foldName(name);
    if (folded !== undefined && guards.protect.has(folded)) return listed(folded);
  }
  if (admin === true && !guards.includeAdmins) {
    return { reason: 'admin', message: 'an organization admin; --include-admins lifts this' };
  }
  return undefined;
}

function listed(name: string): Protection {
  return { reason: 'protected', message: `${name} is on the list of protected people and groups` };
}
