// NamedPeople: the distinct people whom the rows of a run name.
import { KeyTable } from '../../storage/key-table.ts';
import type { JobRecord } from '../../model.ts';

/** Limit of names, to bound memory (9 bytes per name). */
const maxNames = 100_000;

/** Distinct people, by account id or e-mail: the two names by which a person can be looked up. */
export class NamedPeople {
  readonly #seen = new KeyTable();
  #ids = 0;
  #emails = 0;

  add({ action, fields: { accountId, email } }: Pick<JobRecord, 'action' | 'fields'>): void {
    if (!this.isComplete) return;
    // `get-last-active` with an account id asks for the dates directly and needs no look-up.
    if (action === 'get-last-active' && accountId !== undefined && email === undefined) return;
    if (accountId !== undefined && this.#isNew(accountId) && email === undefined) this.#ids += 1;
    if (email !== undefined && this.#isNew(email)) this.#emails += 1;
  }

  /** Account ids without an e-mail. */
  get ids(): number {
    return this.#ids;
  }

  get emails(): number {
    return this.#emails;
  }

  /** False when there were too many names to remember. */
  get isComplete(): boolean {
    return this.#seen.size < maxNames;
  }

  /** Whether some row names this account id or lower-case e-mail. */
  has(name: string): boolean {
    return this.#seen.get(name) > 0;
  }

  #isNew(name: string): boolean {
    if (this.#seen.get(name) > 0) return false;
    this.#seen.set(name, 1);
    return true;
  }
}
