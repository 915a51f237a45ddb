// Verdicts of records whose person or group is not there: removed by a row of the same report, or not found.
import { actions } from '../../actions/action-table.ts';
import type { Action } from '../../actions/action.ts';
import { foldName, type Group, type JobRecord, type Person } from '../../model.ts';

/** The desired state, found without a call. */
interface Already {
  readonly verdict: 'already';
  readonly message: string;
}

/** What was looked up; null is not there, undefined was not looked up. */
interface Looked {
  readonly person: Person | null | undefined;
  readonly group: Group | null | undefined;
  readonly gone?: Gone | undefined;
}

/** Whether rows of a report have removed the person or deleted the group, and no later row has brought them back. */
export interface Gone {
  readonly person: boolean;
  readonly group: boolean;
}

/**
 * A later row may have removed the person or deleted the group of a row that failed. Access that the failed row was to end has ended with
 * them, so a resumed run does not try it again. API tokens and the Atlassian account outlive a removal.
 */
export function goneByReport(
  { action, fields }: Pick<JobRecord, 'action' | 'fields'>,
  { person, group, gone }: Looked,
): Already | undefined {
  const { closes }: Action = actions[action];
  if (gone === undefined || closes === undefined || closes === 'tokens' || closes === 'deactivated') return undefined;
  if (gone.person && (!person || person.status === 'not-invited'))
    return { verdict: 'already', message: `${fields.email ?? fields.accountId} was removed by a row of this report` };
  if (closes !== 'groups' || !gone.group || group) return undefined;
  return {
    verdict: 'already',
    message: `group ${fields.groupName ?? fields.groupId} was deleted by a row of this report`,
  };
}

/** The verdict of a record that names nobody, or several. */
export function notFoundVerdict(
  name: string,
  { action, fields }: JobRecord,
  { several }: { readonly several?: ReadonlyMap<string, readonly string[]> },
): Already | { readonly verdict: 'skip'; readonly reason: 'not-found'; readonly message: string } {
  // The API was searched for this account id and does not know it, so it is already removed.
  if (name === fields.accountId && actions[action].didArrive?.({ person: null }, {}) === true)
    return { verdict: 'already', message: `${name} is not in the directory` };
  const ids = several?.get(name) ?? several?.get(foldName(name));
  const message =
    ids === undefined
      ? `${name} is not in the directory`
      : `${name} matches ${ids.length} entries of the directory: ${ids.slice(0, 5).join(', ')}; give the id of the right one`;
  return { verdict: 'skip', reason: 'not-found', message };
}
