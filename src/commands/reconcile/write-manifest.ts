// The manifest of people who have left: the actions it may have, and its rows.
import type { ManifestRow } from '../../actions/action.ts';
import { actions } from '../../actions/action-table.ts';
import { LeaversError } from '../../errors.ts';
import type { ActionName } from '../../model.ts';
import type { Drift } from './compare-people.ts';

/** The action, if it ends access and needs no column but the person. Throws LeaversError `usage`. */
export function refuseUnfit(name: string): ActionName {
  const fitting = Object.values(actions).filter(
    ({ needs, risk, givesBack }) => needs.join() === 'user' && risk !== 'reads' && givesBack === undefined,
  );
  const found = fitting.find((action) => action.name === name);
  if (found !== undefined) return found.name;
  const names = fitting.map((action) => action.name).join(' or ');
  throw new LeaversError('usage', `--action ${name} does not apply to people who have left; give ${names}`);
}

/** A row for each person who has left, protected people apart. */
export function manifestRows({ left }: Drift, action: ActionName): ManifestRow[] {
  return left
    .filter(({ kept }) => kept === undefined)
    .map(({ person: { accountId, email }, listed: { reference } = {} }) => ({
      action,
      accountId,
      ...(email === undefined ? {} : { email }),
      ...(reference === undefined ? {} : { reference }),
    }));
}
