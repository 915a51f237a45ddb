// Guards as pure functions of counts and settings: which plans are refused, which rows are protected.
import { type Action, needsAllow } from '../actions/action.ts';
import { actions } from '../actions/action-table.ts';
import type { GuardSettings, Limit } from '../config/settings.ts';
import { type ActionName, foldName } from '../model.ts';
import { duration, many } from '../text/phrases.ts';

/** A guard that refuses the whole plan. */
export interface PlanRefusal {
  readonly guard: 'allow' | 'max-changes';
  readonly message: string;
}

/** The figures that guards check. `people` is the size of the organization, undefined when unknown. */
export interface Changes {
  readonly byAction: Readonly<Partial<Record<ActionName, number>>>;
  readonly people: number | undefined;
  /** Nothing is looked up, so a percentage of the people can't be checked. */
  readonly isOffline?: boolean;
}

/** How many of the counted records change something. */
export function changesIn(byAction: Changes['byAction']): number {
  return Object.entries(byAction).reduce((sum, [name, count]) => sum + (isChange(name as ActionName) ? count : 0), 0);
}

/** False for actions that only read; no guard applies to them. */
export function isChange(action: ActionName): boolean {
  return actions[action].risk !== 'reads';
}

/** All refusals of a plan; none means that it may run. */
export function planRefusals(changes: Changes, guards: GuardSettings): PlanRefusal[] {
  return [...refuseUnpermitted(changes, guards), ...refuseTooMany(changes, guards)];
}

function refuseUnpermitted({ byAction }: Changes, guards: GuardSettings): PlanRefusal[] {
  const names = Object.keys(byAction) as ActionName[];
  return names
    .filter((name) => byAction[name] && needsAllow(actions[name]) && !guards.allow.includes(name))
    .map((name) => {
      const action: Action = actions[name];
      const why = action.needsPermission ?? "can't be undone";
      return {
        guard: 'allow',
        message: `refused: ${byAction[name]} × ${name} ${why}; add --allow ${name} to permit it`,
      };
    });
}

function refuseTooMany(changes: Changes, { maxChanges }: GuardSettings): PlanRefusal[] {
  const count = changesIn(changes.byAction);
  if ('count' in maxChanges) {
    if (count <= maxChanges.count) return [];
    const message = `refused: ${count} changes, but --max-changes is ${maxChanges.count}; split the manifest or raise the limit`;
    return [{ guard: 'max-changes', message }];
  }
  if (count === 0 || changes.isOffline === true) return [];
  if (changes.people === undefined) {
    const message = `refused: --max-changes is ${maxChanges.percent}%, but this API does not show how many people the organization has; give a number`;
    return [{ guard: 'max-changes', message }];
  }
  if (count * 100 <= maxChanges.percent * changes.people) return [];
  const message = `refused: ${count} changes are more than ${maxChanges.percent}% of ${changes.people} people (--max-changes); split the manifest or raise the limit`;
  return [{ guard: 'max-changes', message }];
}

/** The sentence that refuses manifests with too few rows, or undefined. `before` counts those of the report's last run, if any. */
export function refuseFewRows(
  { rows, before }: { readonly rows: number; readonly before: number | undefined },
  { minRows }: Pick<GuardSettings, 'minRows'>,
): string | undefined {
  if (minRows === undefined) return undefined;
  if ('count' in minRows) {
    if (rows >= minRows.count) return undefined;
    return `refused: the manifest has ${many(rows, 'row')}, but --min-rows is ${minRows.count}; check that the export is complete`;
  }
  if (before === undefined || rows * 100 >= minRows.percent * before) return undefined;
  return `refused: the manifest has ${many(rows, 'row')}, less than ${minRows.percent}% of the ${before} of the last run (--min-rows); check that the export is complete`;
}

/** The sentence that refuses manifests that were written too long ago, or whose age is unknown; or undefined. */
export function refuseOldInput(
  ageMs: number | undefined,
  { maxInputAgeMs: limit }: Pick<GuardSettings, 'maxInputAgeMs'>,
): string | undefined {
  if (limit === undefined) return undefined;
  if (ageMs === undefined)
    return 'refused: --max-input-age is given, but a pipe has no age; name the manifest as a file';
  if (ageMs <= limit) return undefined;
  return `refused: the manifest was written ${duration(ageMs)} ago, but --max-input-age is ${duration(limit)}; check that the export still runs`;
}

/** A percentage of failures applies only after this many finished rows. */
const enoughToJudge = 20;

/** The reason to stop when more rows failed than the limit allows, else undefined. */
export function tooManyFailures(failed: number, finished: number, limit: Limit): string | undefined {
  if ('count' in limit) {
    return failed > limit.count ? `${failed} rows failed, more than --max-failures ${limit.count}` : undefined;
  }
  if (finished < enoughToJudge || failed * 100 <= limit.percent * finished) return undefined;
  return `${failed} of ${finished} rows failed, more than --max-failures ${limit.percent}%`;
}

/** Why a person or group must not be changed. */
export interface Protection {
  readonly reason: 'protected' | 'admin';
  readonly message: string;
}

/** The people and groups of a change, by every known id, e-mail and name. */
export interface GuardedSubject {
  readonly people: readonly (string | undefined)[];
  readonly groups: readonly (string | undefined)[];
  readonly admin: boolean | undefined;
  /** The API shows whether people are admins, so a person without that information may be one. */
  readonly tellsAdmins?: boolean;
}

/** The protection of the people and groups that a change is about; undefined when it may proceed. */
export function protection(subject: GuardedSubject, guards: GuardSettings): Protection | undefined {
  const { people, groups, admin, tellsAdmins = false } = subject;
  for (const name of people.filter((each) => each !== undefined).map(foldName)) {
    if (isOperator(name, guards)) return { reason: 'protected', message: 'this is the account that runs leavers' };
    const entry = entryFor(name, guards) ?? patternFor(name, guards);
    if (entry !== undefined) return listed(name, entry);
  }
  for (const name of groups.filter((each) => each !== undefined).map(foldName)) {
    const entry = entryFor(name, guards);
    if (entry !== undefined) return listed(name, entry);
  }
  if (admin === true && !guards.includeAdmins) {
    return { reason: 'admin', message: 'an organization admin; use --include-admins to include' };
  }
  if (admin === undefined && tellsAdmins && !guards.includeAdmins) {
    const message = 'the API does not show whether this is an organization admin; use --include-admins to include';
    return { reason: 'admin', message };
  }
  return undefined;
}

function isOperator(name: string, { operator, operatorIds, isLogin }: GuardSettings): boolean {
  return isLogin !== true && (name === foldName(operator) || operatorIds?.includes(name) === true);
}

/** The entry of the protect list that names this id, e-mail or group, or that stands for it in the directory. */
function entryFor(name: string, { protect, remarks, resolved }: GuardSettings): string | undefined {
  return protect.has(name) || remarks?.has(name) ? name : resolved?.get(name);
}

function patternFor(name: string, { patterns = [] }: GuardSettings): string | undefined {
  return name.includes('@') ? patterns.find((pattern) => fitsPattern(name, pattern)) : undefined;
}

/** Whether an e-mail matches a pattern; a star matches any characters before the at sign. */
export function fitsPattern(email: string, pattern: string): boolean {
  const parts = pattern.split('*');
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  if (email.length < first.length + last.length || !email.startsWith(first) || !email.endsWith(last)) return false;
  const middle = email.slice(first.length, email.length - last.length);
  let from = 0;
  return parts.slice(1, -1).every((part) => {
    const at = middle.indexOf(part, from);
    from = at + part.length;
    return at >= 0;
  });
}

function listed(name: string, entry: string): Protection {
  const message =
    name === entry
      ? `${name} is on the list of protected people and groups`
      : `${name} is protected by ${entry} on the list of protected people and groups`;
  return { reason: 'protected', message };
}

/** Notes about guards: entries that match nobody, or that nobody was looked up (`unmatched` is undefined). */
export function guardNotes(unmatched: readonly string[] | undefined): string[] {
  if (unmatched === undefined)
    return [
      'guards were not checked: --offline looks nobody up, so admins, mismatches and the people behind ids, groups and patterns are not known',
    ];
  if (unmatched.length === 0) return [];
  const [count, verb] =
    unmatched.length === 1 ? ['1 guard entry', 'matches'] : [`${unmatched.length} guard entries`, 'match'];
  return [`${count} ${verb} nobody in the directory: ${unmatched.join(', ')}; correct or remove what is misspelt`];
}
