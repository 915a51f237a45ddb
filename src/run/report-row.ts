// Builds the `row` line of the report from a record and its outcome.
import type { PlannedRecord } from '../plan/verdict.ts';
import type { ErrorDetail, JobRecord, Outcome } from '../model.ts';
import type { RowEnd } from '../report/events.ts';
import type { InvalidRow } from '../plan/plan-entry.ts';

/** Columns with their own field in the line. */
const own = new Set(['accountId', 'email', 'groupId', 'groupName', 'reference']);

/** The `row` line of a planned record. */
export function rowLine({ record, target }: Pick<PlannedRecord, 'record' | 'target'>, outcome: Outcome): RowEnd {
  const { key, row, file, line, action, fields } = record;
  const createdIds = (outcome.result as { groupId?: string; accountId?: string } | undefined) ?? {};
  return {
    event: 'row',
    key,
    row,
    file,
    line,
    action,
    accountId: target.accountId ?? createdIds.accountId ?? null,
    email: fields.email ?? null,
    groupId: target.groupId ?? createdIds.groupId ?? null,
    groupName: fields.groupName ?? null,
    reference: fields.reference ?? null,
    ...endOf(outcome),
    fields: parametersOf(record),
  };
}

/** The `row` line of a malformed row. */
export function invalidLine({ key, row, file, line, issues }: InvalidRow): RowEnd {
  const message = issues
    .map((issue) => (issue.column === undefined ? issue.message : `${issue.column} ${issue.message}`))
    .join('; ');
  const nobody = { action: null, accountId: null, email: null, groupId: null, groupName: null, reference: null };
  const end = endOf({ outcome: 'invalid', attempts: 0, ambiguous: false, ms: 0, message });
  return { event: 'row', key, row, file, line, ...nobody, ...end, fields: {} };
}

function endOf(outcome: Outcome) {
  return {
    outcome: outcome.outcome,
    reason: outcome.reason ?? null,
    status: outcome.status ?? null,
    attempts: outcome.attempts,
    ambiguous: outcome.ambiguous,
    ms: Math.round(outcome.ms),
    ...(outcome.apiMs === undefined ? {} : { apiMs: Math.round(outcome.apiMs) }),
    message: outcome.message ?? null,
    error: outcome.error === undefined ? null : errorOf(outcome.error),
    requestId: outcome.requestId ?? null,
    result: outcome.result ?? null,
  };
}

function errorOf({ code, title, detail, traceId }: ErrorDetail) {
  return { code: code ?? null, title: title ?? null, detail: detail ?? null, traceId: traceId ?? null };
}

function parametersOf({ fields }: JobRecord): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([name, value]) => !own.has(name) && value !== undefined));
}
