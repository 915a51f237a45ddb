// RemovedPeople: e-mails of the people whom a report removed, for the other undo rows about them.
import type { ManifestRow } from '../../actions/action.ts';
import { emailBefore } from '../../actions/state-before.ts';
import type { EndedRow } from '../../actions/undo-row.ts';

/** An invitation names an e-mail. A row with the account id alone would not wait for the invitation, and would find nobody. */
export class RemovedPeople {
  readonly #emails = new Map<string, string>();

  /** Records a row of a report. */
  add({ action, outcome, accountId, email, result }: EndedRow): void {
    if (action !== 'remove-user' || outcome !== 'done' || accountId === null) return;
    const address = email ?? emailBefore(result);
    if (address !== undefined) this.#emails.set(accountId, address);
  }

  /** The row, with the e-mail of a removed person added. */
  withEmail(row: ManifestRow): ManifestRow {
    if (row.accountId === undefined || row.email !== undefined) return row;
    const email = this.#emails.get(row.accountId);
    return email === undefined ? row : { ...row, email };
  }
}
