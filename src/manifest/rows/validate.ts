// validate: the values of one row → an action with its fields, or everything that is wrong with them.
import type { Need } from '../../actions/action.ts';
import { actions } from '../../actions/action-table.ts';
import { groupRoles, userRoles } from '../../actions/roles.ts';
import {
  type ActionName,
  actionNames,
  type FieldName,
  type Fields,
  fieldNames,
  suggestedActions,
} from '../../model.ts';
import { placeOf } from './columns.ts';
import type { ReadDate } from './iso-dates.ts';
import { didYouMean } from '../../text/suggest.ts';
import { type Problem, FieldError } from './row.ts';
import { quote } from '../../text/quote.ts';
import { anyName, fieldParsers } from './field-parsers.ts';

/** A valid row, not yet numbered. */
export interface Valid {
  readonly action: ActionName;
  readonly fields: Fields;
}

export interface Rules {
  readonly readDate: ReadDate;
  /** Values that the action does not take are dropped, because a job file maps columns for several actions. */
  readonly lenient: boolean;
}

/** Columns that satisfy a requirement. */
export const columnsOf: Readonly<Record<Need, readonly FieldName[]>> = {
  user: ['accountId', 'email'],
  group: ['groupId', 'groupName'],
  email: ['email'],
  groupName: ['groupName'],
  role: ['role'],
  roles: ['roles'],
};

/** Columns of an action, those it needs first. */
export function columnsFor(action: ActionName): FieldName[] {
  const { needs, takes } = actions[action];
  const used = new Set<FieldName>([...needs.flatMap((need) => columnsOf[need]), ...takes, 'reference']);
  return fieldNames.filter((name) => used.has(name));
}

const used: ReadonlyMap<ActionName, readonly boolean[]> = new Map(
  actionNames.map((action) => {
    const columns = new Set(columnsFor(action));
    return [action, fieldNames.map((name) => columns.has(name))];
  }),
);

const byName: ReadonlyMap<string, ActionName> = new Map(actionNames.map((name) => [name, name]));

/** Reads a row's values (in the order of `columnNames`; undefined is empty). */
export function validate(values: readonly unknown[], rules: Rules): Valid | Problem[] {
  const action = readAction(values[placeOf.action]);
  if (typeof action !== 'string') return [action];
  const uses = used.get(action) ?? [];
  const problems: Problem[] = [];
  const fields: { -readonly [K in FieldName]?: unknown } = {};
  for (let at = 0; at < fieldNames.length; at += 1) {
    const [name, value] = [fieldNames[at] as FieldName, values[at + 1]];
    if (value === undefined) continue;
    if (!uses[at]) {
      if (!rules.lenient) problems.push(unused(action, name, value));
      continue;
    }
    // With an id, the name only needs to be readable, so that a group with an unusual name can be named.
    const isNamedTwice = name === 'groupName' && values[placeOf.groupId] !== undefined;
    const read = (isNamedTwice ? anyName : fieldParsers[name])(value, rules.readDate);
    if (read instanceof FieldError) problems.push({ column: name, message: read.message, cause: read.cause });
    else fields[name] = read;
  }
  missing(action, values, problems);
  if (problems.length === 0) together(action, fields as Fields, problems);
  return problems.length > 0 ? problems : { action, fields: fields as Fields };
}

function readAction(value: unknown): ActionName | Problem {
  if (value === undefined)
    return { column: 'action', message: `is empty; give one of ${actionNames.join(', ')}`, cause: 'no action' };
  const name = typeof value === 'string' ? value.toLowerCase() : '';
  const found = byName.get(value as string) ?? byName.get(name);
  if (found !== undefined) return found;
  const hint = didYouMean(name, suggestedActions) || `; give one of ${actionNames.join(', ')}`;
  return { column: 'action', message: `${quote(value)} is not an action${hint}`, cause: 'not an action' };
}

function unused(action: ActionName, column: FieldName, value: unknown): Problem {
  const message = `${quote(value)} is not used by ${action}, which takes ${columnsFor(action).join(', ')}; empty the cell`;
  return { column, message, cause: `${column} on ${action}` };
}

function missing(action: ActionName, values: readonly unknown[], problems: Problem[]): void {
  for (const need of actions[action].needs) {
    const columns = columnsOf[need];
    if (columns.some((name) => values[placeOf[name]] !== undefined)) continue;
    problems.push({
      column: columns.join(' or '),
      message: `is empty, and ${action} needs it`,
      cause: `no ${columns.join(' or ')}`,
    });
  }
}

/** Checks combinations of values. */
function together(action: ActionName, fields: Fields, problems: Problem[]): void {
  const { needs } = actions[action];
  const allowed = needs.includes('roles') ? groupRoles : userRoles;
  const roles = fields.roles?.map(({ role }) => role) ?? (fields.role === undefined ? [] : [fields.role]);
  for (const role of roles) {
    if (allowed.includes(role)) continue;
    const message = `${quote(role)} is not a role; give one of ${allowed.join(', ')}`;
    problems.push({ column: fields.roles === undefined ? 'role' : 'roles', message, cause: 'not a role' });
  }
  if (needs.includes('email') && (fields.role === undefined) !== (fields.resource === undefined)) {
    const column = fields.role === undefined ? 'role' : 'resource';
    problems.push({
      column,
      message: 'is empty; an invitation needs role and resource together',
      cause: `no ${column}`,
    });
  }
  if (fields.products !== undefined && fields.onlyIfInactiveDays === undefined) {
    const message = 'has no effect without onlyIfInactiveDays; give both or neither';
    problems.push({ column: 'products', message, cause: 'products alone' });
  }
}
