// GoneNames: the people that a report's rows removed and the groups that they deleted, in a few bytes each.
import { actions } from '../../actions/action-table.ts';
import type { Action } from '../../actions/action.ts';
import { emailBefore } from '../../actions/state-before.ts';
import { type Fields, foldName } from '../../model.ts';
import { KeyTable } from '../../storage/key-table.ts';
import type { RowEnd } from '../events.ts';

/** Values in the table. */
const [isGone, isBack] = [1, 2];

export class GoneNames {
  readonly #states = new KeyTable();

  /** Rows come in the order of their time. */
  add({ action, outcome, accountId, email, groupId, groupName, result }: RowEnd): void {
    if (action === null || !(action in actions) || (outcome !== 'done' && outcome !== 'already')) return;
    const { closes, givesBack, createsGroup, needs, retry }: Action = actions[action];
    const people = [accountId, email, emailBefore(result)?.toLowerCase() ?? null];
    if (closes === 'removed') this.#set('person', people, isGone);
    else if (givesBack?.includes('removed') === true) this.#set('person', people, isBack);
    const isDeletion = needs.join() === 'group' && retry === 'removal';
    if (isDeletion) this.#set('group', [groupId, groupName], isGone);
    else if (createsGroup !== undefined) this.#set('group', [groupName], isBack);
  }

  /** Whether the person and the group that these fields name are gone. A name that came back counts more than an id that did not. */
  of({ accountId, email, groupId, groupName }: Fields): { readonly person: boolean; readonly group: boolean } {
    return { person: this.#has('person', [accountId, email]), group: this.#has('group', [groupId, groupName]) };
  }

  #set(kind: string, names: readonly (string | null)[], state: number): void {
    for (const name of names) if (name !== null) this.#states.set(`${kind} ${foldName(name)}`, state);
  }

  #has(kind: string, names: readonly (string | undefined)[]): boolean {
    const states = names.flatMap((name) => (name === undefined ? [] : [this.#states.get(`${kind} ${foldName(name)}`)]));
    return states.includes(isGone) && !states.includes(isBack);
  }
}
