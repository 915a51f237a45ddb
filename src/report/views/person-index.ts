// PersonIndex: a number for each person in a report, in a few bytes per person. Rows with only an e-mail belong to its last account.
import { emailBefore } from '../../actions/state-before.ts';
import { KeyTable } from '../../storage/key-table.ts';
import type { RowLine } from '../events.ts';

/** Lines must come in the same order each time: an address may pass from one account to the next. */
export class PersonIndex {
  readonly #numbers = new KeyTable('wide');
  #last = 0;

  /** From 1. People of two scopes (organizations) are two. */
  numberOf(scope: string, { accountId, email, reason, result }: RowLine): number {
    // A mismatched row counts for neither person.
    if (reason === 'mismatch') return this.#find(`${scope} ${accountId} ${email}`);
    if (accountId === null) return this.#find(`${scope} @${email?.toLowerCase()}`);
    const number = this.#find(`${scope} ${accountId}`);
    for (const each of [email, emailBefore(result)])
      if (typeof each === 'string') this.#numbers.set(`${scope} @${each.toLowerCase()}`, number);
    return number;
  }

  #find(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== 0) return known;
    this.#last += 1;
    this.#numbers.set(name, this.#last);
    return this.#last;
  }
}
