// openLastAdmin(): keeps a plan from removing the last organization admin, even with --include-admins.
import { type Action, endsAccess } from '../../actions/action.ts';
import { actions } from '../../actions/action-table.ts';
import type { GuardSettings } from '../../config/settings.ts';
import type { Directory } from '../../directory/directory.ts';
import type { RowsOverview } from '../../manifest/checks/check-counts.ts';
import type { PlannedRecord } from '../verdict.ts';

/** Returns a planned record, or skips it when no organization admin would remain. Pass the records in order. */
export type LastAdmin = (planned: PlannedRecord) => PlannedRecord;

/** Reads the organization admins if some row may change one: on v2 with --include-admins; otherwise admins are skipped anyway. */
export async function openLastAdmin(
  { actions: names }: Pick<RowsOverview, 'actions'>,
  { includeAdmins }: Pick<GuardSettings, 'includeAdmins'>,
  directory: Directory | undefined,
): Promise<LastAdmin> {
  const mayChange = includeAdmins || directory?.address.generation === 'v1';
  if (directory === undefined || !mayChange || !names.some((name) => mayEndAdmin(actions[name])))
    return (planned) => planned;
  const admins = await directory.admins();
  const leavesGroups = names.some((name) => leavesGroup(actions[name]));
  const adminGroups = leavesGroups ? await directory.adminGroups() : new Set();
  const remaining = new Set(admins);
  return (planned) => {
    const { record, target, verdict } = planned;
    const action: Action = actions[record.action];
    const { accountId = '', groupId = '' } = target;
    const endsRole = action.endsAdmin?.(target) === true;
    const endsByGroup = leavesGroup(action) && adminGroups.has(groupId);
    if (verdict.verdict !== 'run' || !(endsRole || endsByGroup || endsAccess(action))) return planned;
    // v1 does not show who is an admin. There the API refuses to change an admin, but allows to revoke the role.
    if (admins === undefined) return endsRole ? skip(planned, unknown) : planned;
    if (remaining.size === 1 && remaining.has(accountId)) return skip(planned, last);
    remaining.delete(accountId);
    return planned;
  };
}

const last = 'the last active organization admin; make somebody else an admin first';
const unknown = 'it is unclear whether another organization admin remains; use --api v2, or revoke the role by hand';

function mayEndAdmin(action: Action): boolean {
  return action.endsAdmin !== undefined || leavesGroup(action) || endsAccess(action);
}

function leavesGroup({ endsMembership }: Action): boolean {
  return endsMembership !== undefined;
}

function skip(planned: PlannedRecord, message: string): PlannedRecord {
  return { ...planned, verdict: { verdict: 'skip', reason: 'admin', message } };
}
